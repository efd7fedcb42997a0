import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Outbox } from '../../../src/outbox/outbox.ts';
import { temporaryFolder } from '../../fixtures/repository.ts';
import { stream, testMail, testPush } from '../spool-fixture.ts';
import { skipped, type TestFleet, testFleet } from './fleet-fixture.ts';

const SENDER = fileURLToPath(new URL('./fleet-sender.js', import.meta.url));
const REPOSITORIES = ['a', 'b', 'c'];
const MAILS = 4;

interface Scene {
  readonly fleet: TestFleet;
  readonly intake: Outbox;
  start(): Promise<ChildProcess>;
  /** Stores a push to a repository; its mails are named by it. */
  push(repository: string): Promise<void>;
  /** Waits until all mails are out, and says of each repository how they came: each mail once unless it came twice in a row. */
  check(most: number): Promise<void>;
}

async function scene(t: TestContext): Promise<Scene> {
  const fleet = await testFleet(t);
  const intake = await fleet.worker({ mode: 'intake' });
  const sentFile = join(temporaryFolder(t), 'sent');
  const started: { readonly child: ChildProcess; readonly gone: Promise<unknown> }[] = [];
  t.after(() => started.map(({ child }) => child.kill('SIGKILL')));
  const pushes = new Map(REPOSITORIES.map(name => [name, 0]));

  async function start(): Promise<ChildProcess> {
    const args = [SENDER, fleet.postgres.folder, fleet.name, sentFile];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    started.push({ child, gone: once(child, 'exit') });
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    return child;
  }

  async function push(name: string): Promise<void> {
    const number = (pushes.get(name) ?? 0) + 1;
    pushes.set(name, number);
    const mails = Array.from({ length: MAILS }, (_, at) => testMail(`${name} ${number}.${at + 1}`));
    const to = { ...testPush(`${name}-${number}`), repository: `/srv/git/${name}.git` };
    await intake.add(to, stream(...mails), { now: Date.now() });
  }

  async function check(most: number): Promise<void> {
    for (const { child } of started) child.kill('SIGTERM');
    for (const { gone } of started) await gone;
    const sent = readFileSync(sentFile, 'utf8').trimEnd().split('\n');
    let doubles = 0;
    for (const [name, count] of pushes) {
      const its = sent.filter(mail => mail.startsWith(`${name} `));
      const first = its.filter((mail, at) => its.indexOf(mail) === at);
      const expected = Array.from({ length: count }, (_, push) =>
        Array.from({ length: MAILS }, (_, at) => `${name} ${push + 1}.${at + 1}`),
      ).flat();
      assert.deepEqual(first, expected, 'every mail, in order');
      doubles += its.length - first.length;
    }
    assert.ok(doubles <= most, `${doubles} mails came twice`);
    t.diagnostic(`${doubles} mails came twice, of ${sent.length}`);
  }

  return { fleet, intake, start, push, check };
}

test('of two senders one has a lane at a time, and the mails of a push come in order', skipped, async t => {
  const { start, push, check } = await scene(t);
  await Promise.all([start(), start()]);
  for (let round = 0; round < 10; round++) for (const name of REPOSITORIES) await push(name);
  await check(0);
});

test('senders that are killed lose nothing, and double what was on its way', skipped, async t => {
  const { start, push, check } = await scene(t);
  let kills = 0;
  const steady = await start();
  for (; kills < 5; kills++) {
    const victim = await start();
    for (const name of REPOSITORIES) await push(name);
    await sleep(Math.random() * 60);
    victim.kill('SIGKILL');
  }
  assert.equal(steady.exitCode, null);
  await check(kills);
});

test(
  'a sender that is stopped for longer than its lease is followed by another, and says nothing when it wakes',
  skipped,
  async t => {
    const { start, push, check } = await scene(t);
    const sleeper = await start();
    for (let round = 0; round < 10; round++) for (const name of REPOSITORIES) await push(name);
    await sleep(30);
    sleeper.kill('SIGSTOP');
    await start();
    for (const name of REPOSITORIES) await push(name);
    await sleep(4000);
    sleeper.kill('SIGCONT');
    await check(1);
  },
);

test(
  'senders whose connections are cut go on with the mail after the one that was on its way',
  skipped,
  async t => {
    const { fleet, start, push, check } = await scene(t);
    const database = fleet.connect();
    await Promise.all([start(), start()]);
    const cuts = 4;
    for (let cut = 0; cut < cuts; cut++) {
      for (const name of REPOSITORIES) await push(name);
      await sleep(Math.random() * 60);
      // Of the senders: what they ask for is fenced, or about their own lives.
      await database.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and query ~ 'fence|refpost.worker'`);
    }
    await check(cuts * 2);
  },
);
