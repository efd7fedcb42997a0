import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasScope, isAnnounced, rescope } from '../../src/plan/announced-refs.ts';

const BRANCHES = { refs: ['refs/heads'], excludeRefs: [] };
const NOTES_TOO = { refs: ['refs/heads', 'refs/notes/*'], excludeRefs: ['refs/heads/wip'] };

/** ref, refs, excludeRefs, announced? */
const PATTERNS: readonly [ref: string, refs: string, excludeRefs: string, announced: boolean][] = [
  ['refs/heads/main', 'refs/heads', '', true],
  ['refs/heads/main', 'refs/heads/', '', true],
  ['refs/headstone', 'refs/heads', '', false],
  ['refs/heads/main', 'refs/heads/main', '', true],
  ['refs/heads/a/b', 'refs/heads/*', '', true],
  ['refs/heads/release-1', 'refs/heads/release-*', '', true],
  ['refs/heads/a/release-1', 'refs/heads/release-*', '', false],
  ['refs/heads/a/b/c', 'refs/heads/**/c', '', true],
  ['refs/heads/v1', 'refs/heads/v?', '', true],
  ['refs/heads/v12', 'refs/heads/v?', '', false],
  ['refs/heads/v1', 'refs/heads/v[0-9]', '', true],
  ['refs/heads/vx', 'refs/heads/v[!0-9]', '', true],
  ['refs/heads/a+b', 'refs/heads/a+b', '', true],
  ['refs/heads/a/b', 'refs/heads/**', '', true],
  ['refs/heads/c', 'refs/heads/**/c', '', true],
  ['refs/heads/a/b', 'refs/heads/a**b', '', false],
  ['refs/heads/x/y', '*', '', true],
  ['refs/heads/x/y', '**/x', '', true],
  ['refs/heads/main', 'main', '', false],
  ['refs/heads/wip', 'refs/heads/wip/', '', true],
  ['refs/heads/a', 'refs/heads/[z-a]', '', false],
  ['refs/heads/wip/x', 'refs/heads', 'refs/heads/wip', false],
  ['refs/heads/wipe', 'refs/heads', 'refs/heads/wip', true],
  ['refs/namespaces/a/refs/namespaces/b/refs/heads/main', 'refs/heads', '', true],
  ['refs/namespaces/a/refs/heads/main', 'refs/namespaces/a', '', true],
  ['refs/namespaces/a/refs/heads/main', 'refs/namespaces/b', '', false],
  ['refs/namespaces/a/refs/heads/wip/x', 'refs/heads', 'refs/heads/wip', false],
];

test('patterns for refs are those of git-for-each-ref, and an exclusion wins', () => {
  for (const [ref, refs, excludeRefs, announced] of PATTERNS) {
    const scope = { refs: [refs], excludeRefs: excludeRefs ? [excludeRefs] : [] };
    assert.equal(isAnnounced(ref, scope), announced, `${ref} by ${refs} without ${excludeRefs}`);
  }
});

test('with other refs to announce, those that were not come in as they are, and those that are not any more go', () => {
  const ledger = {
    refs: new Map([
      ['refs/heads/main', 'a'],
      ['refs/heads/wip', 'w'],
    ]),
    scope: BRANCHES,
    outside: [],
    skews: [],
  };
  assert.equal(hasScope(ledger, { ...BRANCHES }), true);
  assert.equal(hasScope(ledger, NOTES_TOO), false);
  const before = new Map([
    ['refs/heads/main', 'b'],
    ['refs/heads/new', 'n'],
    ['refs/notes/x', 'x'],
    ['refs/tags/t', 't'],
  ]);
  assert.deepEqual(rescope(ledger, NOTES_TOO, before), {
    refs: { 'refs/heads/wip': null, 'refs/notes/x': 'x' },
    scope: NOTES_TOO,
    outside: ['t'],
  });
});

test('a ledger that has not been moved yet takes the present scope and keeps its refs', () => {
  assert.deepEqual(
    rescope({ refs: new Map([['refs/heads/main', 'a']]) }, BRANCHES, new Map([['refs/heads/x', 'x']])),
    {
      refs: {},
      scope: BRANCHES,
      outside: [],
    },
  );
});
