import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backOff, isBackingOff, openTransports } from '../../src/worker/transports.ts';
import { serverRepository } from '../fixtures/server-repository.ts';
import { testWorld } from '../fixtures/world.ts';
import { testPush } from '../outbox/spool-fixture.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOON = Date.UTC(2024, 5, 1, 12);

test('a transport out that is held opens after its wait, and when the clock is set back before it', async t => {
  const { bare, env } = await serverRepository(t, { port: 9 });
  let now = NOON;
  const transports = openTransports(testWorld({ env, now: () => now }));
  t.after(() => transports.close());
  const { transport, retry } = await transports.route({ ...testPush('p1'), repository: bare });
  backOff(transport, { ...retry, firstWait: 10 * MINUTE, maxWait: 10 * MINUTE }, 'connection refused', now);
  const [first, last] = [transports.nextOpening() ?? 0, 11 * MINUTE];
  assert.ok(first > NOON && first < NOON + last, 'it is held for a while');
  for (const [moved, held] of [
    [0, true],
    [first - NOON - 1, true],
    [first - NOON, false],
    [DAY, false],
    [-1, false],
    [-DAY, false],
  ] as const) {
    now = NOON + moved;
    assert.deepEqual(
      [isBackingOff(transport, now), transports.allBackOffUntil() !== undefined],
      [held, held],
      `after ${moved} ms`,
    );
  }
});
