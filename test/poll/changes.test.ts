import assert from 'node:assert/strict';
import { test } from 'node:test';
import { after, byPusher, changesBetween, isSame } from '../../src/poll/changes.ts';

const [A, B, C, NONE] = ['a', 'b', 'c', '0'].map(digit => digit.repeat(40)) as [
  string,
  string,
  string,
  string,
];
const MAIN = 'refs/heads/main';

test('what differs between two sets of refs is a list of updates, branches first', () => {
  const before = new Map([
    [MAIN, A],
    ['refs/heads/old', A],
    ['refs/tags/v1', A],
  ]);
  const now = new Map([
    ['refs/tags/v1', B],
    ['refs/heads/new', C],
    [MAIN, B],
  ]);
  const updates = changesBetween(before, now);
  assert.deepEqual(updates, [
    { ref: 'refs/heads/new', old: NONE, new: C },
    { ref: MAIN, old: A, new: B },
    { ref: 'refs/heads/old', old: A, new: NONE },
    { ref: 'refs/tags/v1', old: A, new: B },
  ]);
  assert.ok(isSame(after(before, updates), now));
  assert.deepEqual(changesBetween(now, now), []);
  assert.equal(changesBetween(new Map([[MAIN, 'd'.repeat(64)]]), new Map())[0]?.new, '0'.repeat(64));
});

test('a name counts where webhooks tell of all of an update, and of one person', () => {
  const update = { ref: MAIN, old: A, new: C };
  const step = (old: string, fresh: string, pusher?: string) => ({
    ref: MAIN,
    old,
    new: fresh,
    ...(pusher && { pusher }),
  });
  const cases = [
    [[], undefined],
    [[step(A, C, 'ada')], 'ada'],
    [[step(A, B, 'ada'), step(B, C, 'ada')], 'ada'],
    [[step(A, B, 'ada'), step(B, C, 'bob')], undefined],
    [[step(B, C, 'bob')], undefined],
    [[step(A, C)], undefined],
    [[step(A, B, 'ada')], undefined],
    // There and back, and there again.
    [[step(A, C, 'ada'), step(C, A, 'bob'), step(A, C, 'cai')], 'cai'],
    [[{ ...step(A, C, 'ada'), ref: 'refs/heads/other' }], undefined],
  ] as const;
  for (const [told, pusher] of cases) assert.deepEqual([...byPusher([update], told)], [[pusher, [update]]]);
});
