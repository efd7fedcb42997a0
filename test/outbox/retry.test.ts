import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RetryPolicy } from '../../src/model/config.ts';
import { isTooOld, nextTry, waitingSince } from '../../src/outbox/entry-state.ts';
import { DAY, MINUTE, NOON } from './spool-fixture.ts';

const policy: RetryPolicy = { firstWait: MINUTE, maxWait: 60 * MINUTE, giveUpAfter: 5 * DAY };

test('the wait doubles with each try, up to the longest', () => {
  const waits = [1, 2, 3, 6, 7, 8, 100_000].map(attempts => nextTry(attempts, policy, 0.5) / MINUTE);
  assert.deepEqual(waits, [1, 2, 4, 32, 60, 60, 60]);
});

test('the wait is a fifth more or less by chance', () => {
  const lucky = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), lucky, (attempts, random) => {
      const middle = nextTry(attempts, policy, 0.5);
      const wait = nextTry(attempts, policy, random);
      assert.ok(wait >= middle * 0.8 - 1 && wait <= middle * 1.2 + 1);
    }),
  );
  assert.equal(nextTry(1, policy, 0), 48_000);
});

test('a policy without waits gives none', () => {
  assert.equal(nextTry(3_000, { ...policy, firstWait: 0 }, 0.9), 0);
});

test('a mail is given up when it is put off after the days that it may wait', () => {
  const waiting = waitingSince(NOON);
  assert.equal(isTooOld(waiting, policy, NOON + 5 * DAY), false);
  assert.equal(isTooOld(waiting, policy, NOON + 5 * DAY + 1), true);
  assert.equal(isTooOld(waitingSince(NOON + DAY), policy, NOON + 5 * DAY + 1), false);
});
