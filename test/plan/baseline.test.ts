import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseline } from '../../src/plan/announced-refs.ts';
import { pushOf, ZERO } from '../fixtures/nouns.ts';

const now = new Map([
  ['refs/heads/main', 'c'],
  ['refs/heads/other', 'x'],
  ['refs/tags/v1', 't'],
]);

function refs(...pushes: Parameters<typeof baseline>[1]): Record<string, string> {
  return Object.fromEntries(baseline(now, pushes));
}

test('pushed refs are set back to where the recorded pushes start, others stay as they are', () => {
  assert.deepEqual(refs(pushOf('p', 1, 'b c refs/heads/main', `${ZERO} t refs/tags/v1`)), {
    'refs/heads/main': 'b',
    'refs/heads/other': 'x',
  });
});

test('several recorded pushes to one ref are set back to the first, in whatever order they lie', () => {
  const first = pushOf('first', 1, 'a b refs/heads/main');
  const second = pushOf('second', 2, 'b c refs/heads/main');
  assert.equal(refs(first, second)['refs/heads/main'], 'a');
  assert.equal(refs(second, first)['refs/heads/main'], 'a');
});

test('a ref that was deleted by the pushes is there again', () => {
  assert.equal(refs(pushOf('p', 1, `g ${ZERO} refs/heads/gone`))['refs/heads/gone'], 'g');
});

test('a ref that went round in a ring is set back to where the oldest push began', () => {
  const there = pushOf('there', 1, 'c b refs/heads/main');
  const back = pushOf('back', 2, 'b c refs/heads/main');
  assert.equal(refs(there, back)['refs/heads/main'], 'c');
});
