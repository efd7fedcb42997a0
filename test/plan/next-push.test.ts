import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ledger } from '../../src/model/ledger.ts';
import type { Push } from '../../src/model/push.ts';
import { nextPush, oldestFirst, PATIENCE } from '../../src/plan/next-push.ts';
import { pushOf, ZERO } from '../fixtures/nouns.ts';

const ledger: Ledger = { refs: new Map([['refs/heads/main', 'a']]) };

const SCOPE = { refs: ['refs/heads', 'refs/tags'], excludeRefs: [] };

function chosen(pushes: readonly Push[], now: number): string | undefined {
  const next = nextPush(oldestFirst(pushes), ledger, SCOPE, now);
  return next && 'push' in next ? next.push.id : next && `wait ${next.waitUntil}`;
}

test('the push that follows from the ledger goes first, whatever the order of the hooks', () => {
  const first = pushOf('first', 2000, 'a b refs/heads/main');
  const second = pushOf('second', 1000, 'b c refs/heads/main');
  assert.equal(chosen([second, first], 2000), 'first');
});

test('a push that does not follow waits a moment for its predecessor, then it is taken', () => {
  const second = pushOf('second', 1000, 'b c refs/heads/main');
  assert.equal(chosen([second], 1500), `wait ${1000 + PATIENCE}`);
  assert.equal(chosen([second], 1000 + PATIENCE), 'second');
});

test('a push from the future, as a clock that was set back makes it, is not waited for', () => {
  assert.equal(chosen([pushOf('future', 9_000_000, 'b c refs/heads/main')], 1000), 'future');
});

test('a new ref follows from nothing; of several that follow, the oldest goes first', () => {
  const young = pushOf('young', 2000, `${ZERO} c refs/heads/young`);
  const old = pushOf('old', 1000, `${ZERO} c refs/heads/old`);
  assert.equal(chosen([young, old], 2000), 'old');
});

test('of several that follow and were recorded in one second, the first recorded goes first', () => {
  const first = pushOf('20240601T120000-ffffffff', 1000, 'a b refs/heads/main');
  const second = pushOf('20240601T120000-00000000', 1000, `${ZERO} b refs/heads/copy`);
  assert.equal(chosen([first, second], 2000), first.id);
  assert.equal(chosen([second, first], 2000), second.id);
});

test('a push of several refs follows when all of them do', () => {
  const mixed = pushOf('mixed', 1000, 'a b refs/heads/main', 'x y refs/heads/other');
  assert.equal(chosen([mixed], 1000), `wait ${1000 + PATIENCE}`);
});

test('without pushes there is nothing to take', () => {
  assert.equal(nextPush([], ledger, SCOPE, 0), undefined);
});

test('refs that are not announced keep no push waiting', () => {
  assert.equal(chosen([pushOf('notes', 1000, 'x y refs/notes/commits')], 1000), 'notes');
});
