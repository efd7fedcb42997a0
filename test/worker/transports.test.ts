import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { test } from 'node:test';
import { openWorkplaces } from '../../src/repository/workplaces.ts';
import { backOff, backoffOf, openTransports, reached } from '../../src/worker/transports.ts';
import { serverRepository } from '../fixtures/server-repository.ts';
import { testWorld } from '../fixtures/world.ts';
import { testPush } from '../outbox/spool-fixture.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOON = Date.UTC(2024, 5, 1, 12);
const POLICY = { firstWait: 10 * MINUTE, maxWait: 10 * MINUTE, giveUpAfter: DAY };
const ANN = 'ann@example.org';
const BEN = 'ben@example.org';

function transport() {
  const sender = {
    send: () => assert.fail('nothing is sent'),
    largest: async () => 0,
    isAnswerDue: () => false,
    close: async () => {},
  };
  return { sender, backoffs: new Map() };
}

test('a transport is left alone for its wait, and no longer when the clock is set back before it', () => {
  const down = transport();
  backOff(down, POLICY, { reason: 'connection refused', now: NOON });
  const { until } = backoffOf(down, ANN, NOON) ?? assert.fail('it is left alone');
  assert.ok(until > NOON && until < NOON + 11 * MINUTE);
  for (const [now, isLeftAlone] of [
    [NOON, true],
    [until - 1, true],
    [until, false],
    [NOON + DAY, false],
    [NOON - 1, false],
    [NOON - DAY, false],
  ] as const)
    assert.equal(backoffOf(down, BEN, now) !== undefined, isLeftAlone, `${now - NOON} ms later`);
});

test('each failure in a row makes the wait longer, and an answer ends it', () => {
  const down = transport();
  const policy = { ...POLICY, firstWait: 1000 };
  const waits = [1, 2, 3].map(() => {
    backOff(down, policy, { reason: 'away', now: NOON });
    return (backoffOf(down, ANN, NOON)?.until ?? 0) - NOON;
  });
  assert.deepEqual(
    waits,
    waits.toSorted((a, b) => a - b),
  );
  reached(down, ANN);
  assert.equal(backoffOf(down, ANN, NOON), undefined);
});

test('a sender that a server refuses keeps back no mail of another sender', () => {
  const picky = transport();
  backOff(picky, POLICY, { reason: '550 not you', sender: ANN, now: NOON });
  assert.equal(backoffOf(picky, ANN, NOON)?.reason, '550 not you');
  assert.equal(backoffOf(picky, BEN, NOON), undefined);
  reached(picky, BEN);
  assert.equal(backoffOf(picky, ANN, NOON)?.reason, '550 not you');
});

test('settings are read once a round, a change is seen, and a repository that is gone keeps its last transport', async t => {
  const { bare, env } = await serverRepository(t, { port: 9 });
  const workplaces = openWorkplaces(testWorld({ env }));
  const transports = openTransports(testWorld({ env }), workplaces);
  t.after(() => transports.close());
  const push = { ...testPush('p1'), repository: bare };
  const { transport: first } = await transports.route(push);
  assert.equal(workplaces.changed(), false);
  execFileSync('git', ['-C', bare, 'config', 'refpost.transport', 'smtp://127.0.0.1:10'], { env });
  assert.equal(workplaces.changed(), true);
  assert.equal((await transports.route(push)).transport, first, 'within the round nothing changes');
  workplaces.begin();
  const { transport: second } = await transports.route(push);
  assert.notEqual(second, first);
  assert.equal(workplaces.changed(), false);
  renameSync(bare, `${bare}.gone`);
  workplaces.begin();
  assert.equal((await transports.route(push)).transport, second);
});

test('a change of settings is said once, also where nobody reads them then: a worker that rests must not look again and again', async t => {
  const { bare, env, config } = await serverRepository(t, { port: 9 });
  const workplaces = openWorkplaces(testWorld({ env }));
  await workplaces.of(bare, []);
  assert.equal(workplaces.begin(), false);
  for (const most of ['7', '8']) {
    config('refpost.maxMails', most);
    assert.equal(workplaces.changed(), true);
    assert.equal(workplaces.begin(), true);
    assert.equal(workplaces.changed(), false);
    assert.equal(workplaces.begin(), false);
  }
});
