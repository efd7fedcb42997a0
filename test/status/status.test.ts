import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { takeLock } from '../../src/outbox/directory/lock.ts';
import { addPush, happened, MINUTE, NOON } from '../outbox/spool-fixture.ts';
import { type StatusSite, statusSite } from './status-site.ts';

const RECORDED = '20261122T112500-9f86d081';

/** One push half sent and put off, one whose server is away, one that was given up, a record that waits and one that is bad. */
async function trouble({ root, outbox }: StatusSite): Promise<void> {
  const put = await addPush(outbox, 'push-1', ['one', 'two'], { now: NOON - 60 * MINUTE });
  await outbox.record(put, [
    happened('sent', 1, { at: NOON - 59 * MINUTE, reply: '250 ok' }),
    happened('deferred', 2, { at: NOON - 30 * MINUTE, until: NOON + 8 * MINUTE, reply: '450 not now' }),
  ]);
  const away = await addPush(outbox, 'push-2', ['three', 'four'], { now: NOON - 20 * MINUTE });
  const words = 'smtp://mail.example.org:25: connect ECONNREFUSED';
  await outbox.record(away, [
    happened('unreached', 1, { at: NOON - 10 * MINUTE, reply: words }),
    happened('unreached', 1, { at: NOON - 5 * MINUTE, reply: words }),
  ]);
  const lost = await addPush(outbox, 'push-3', ['five', 'six'], { now: NOON - 40 * MINUTE });
  await outbox.record(lost, [
    happened('sent', 1, { at: NOON - 39 * MINUTE }),
    happened('rejected', 2, { at: NOON - 38 * MINUTE, reply: '550 no such user\u001b[2J' }),
  ]);
  await outbox.finish(lost);
  writeFileSync(join(root, 'drop', 'new', RECORDED), 'whatever');
  writeFileSync(join(root, 'drop', 'bad', 'x'), 'rubbish');
  writeFileSync(join(root, 'drop', 'bad', 'x.why'), 'it is rubbish\n');
}

test('an outbox in which nothing waits is well', async t => {
  const site = await statusSite(t);
  const { code, world } = await site.refpost(['status']);
  assert.equal(code, 0);
  assert.equal(
    world.out().toString(),
    `outbox:     ${site.root}
worker:     none; the next push starts one
recorded:   0 pushes
queued:     0 pushes, 0 mails
oldest:     -
next try:   -
given up:   0 pushes, 0 mails
unreadable: 0 records
held:       -
last error: -
state:      all is well
`,
  );
});

test('a line each tells what waits, since when, and what stands in the way', async t => {
  const site = await statusSite(t);
  await trouble(site);
  const { code, world } = await site.refpost(['status', '-c', 'refpost.warnAfter=30m']);
  assert.equal(code, 69);
  assert.equal(
    world.out().toString(),
    `outbox:     ${site.root}
worker:     none; the next push starts one
recorded:   1 push
queued:     2 pushes, 3 mails
oldest:     waits for 1h
next try:   due, once the way out is open again
given up:   1 push, 1 mail
unreadable: 1 record
held:       2026-11-22T11:25:00.000Z smtp://mail.example.org:25: connect ECONNREFUSED
last error: 2026-11-22T11:25:00.000Z smtp://mail.example.org:25: connect ECONNREFUSED
trouble:    mails were given up: refpost outbox list; then retry or drop
trouble:    records could not be read: look into drop/bad of the outbox, the reasons lie beside them
trouble:    a push waits for longer than 30m (refpost.warnAfter)
`,
  );
});

test('as JSON, the same is there for programs', async t => {
  const site = await statusSite(t);
  await trouble(site);
  const { world } = await site.refpost(['status', '--json']);
  const error = {
    at: '2026-11-22T11:25:00.000Z',
    words: 'smtp://mail.example.org:25: connect ECONNREFUSED',
  };
  assert.deepEqual(JSON.parse(world.out().toString()), {
    spool: site.root,
    at: '2026-11-22T11:30:00.000Z',
    troubles: ['given-up', 'unreadable'],
    worker: { state: 'none', startedBy: 'hook' },
    recorded: 1,
    queued: { pushes: 2, mails: 3 },
    givenUp: { pushes: 1, mails: 1 },
    unreadable: 1,
    oldest: '2026-11-22T10:30:00.000Z',
    oldestSeconds: 3600,
    warnAfterSeconds: 14400,
    nextTry: '2026-11-22T11:30:00.000Z',
    held: [error],
    lastError: error,
  });
});

test('for Prometheus, each number is a gauge with its help, and the spool is its label', async t => {
  const site = await statusSite(t);
  await trouble(site);
  const lines = (await site.refpost(['status', '--prometheus'])).world.out().toString().split('\n');
  const value = (name: string) =>
    lines
      .find(line => line.startsWith(`refpost_${name}{spool="${site.root}"} `))
      ?.split(' ')
      .at(-1);
  assert.equal(value('worker_up'), '0');
  assert.equal(value('queued_pushes'), '2');
  assert.equal(value('queued_mails'), '3');
  assert.equal(value('given_up_mails'), '1');
  assert.equal(value('oldest_wait_seconds'), '3600');
  assert.equal(value('last_error_timestamp_seconds'), String((NOON - 5 * MINUTE) / 1000));
  for (const line of lines.slice(0, -1)) {
    assert.match(
      line,
      /^(# HELP refpost_[a-z_]+ .+|# TYPE refpost_[a-z_]+ gauge|refpost_[a-z_]+\{.*\} [\d.]+)$/,
    );
  }
});

test('the exit code tells a wait that is too long from what wants a person', async t => {
  const site = await statusSite(t);
  const entry = await addPush(site.outbox, 'push-1', ['one'], { now: NOON });
  const codeAt = async (now: number) => (await site.refpost(['status'], now)).code;
  assert.equal(await codeAt(NOON + 240 * MINUTE), 0);
  assert.equal(await codeAt(NOON + 241 * MINUTE), 75);
  await site.outbox.record(entry, [happened('rejected', 1, { at: NOON })]);
  await site.outbox.finish(entry);
  assert.equal(await codeAt(NOON), 69);
  await site.refpost(['outbox', 'drop', '1']);
  assert.equal(await codeAt(NOON + 241 * MINUTE), 0);
});

test('that no worker comes for a record is trouble after five minutes, while a record alone is none', async t => {
  const site = await statusSite(t);
  writeFileSync(join(site.root, 'drop', 'new', RECORDED), '');
  assert.equal((await site.refpost(['status'], NOON)).code, 0);
  const late = await site.refpost(['status'], NOON + MINUTE);
  assert.equal(late.code, 69);
  assert.match(
    late.world.out().toString(),
    /^trouble: {4}a recorded push waits, and no worker comes for it/m,
  );
  const lock = await takeLock(site.root, 'umask', process.env);
  assert.equal((await site.refpost(['status'], NOON + MINUTE)).code, 0);
  await lock?.release();
});

test('a record that no worker takes in is a wait like any other', async t => {
  const site = await statusSite(t);
  writeFileSync(join(site.root, 'drop', 'new', RECORDED), '');
  const lock = await takeLock(site.root, 'umask', process.env);
  assert.equal((await site.refpost(['status'], NOON + 234 * MINUTE)).code, 0);
  assert.equal((await site.refpost(['status'], NOON + 236 * MINUTE)).code, 75);
  await lock?.release();
});

test('a worker is one that holds the lock, not one that a file speaks of', async t => {
  const site = await statusSite(t);
  const worker = async () =>
    JSON.parse((await site.refpost(['status', '--json'])).world.out().toString()).worker;
  const lock = await takeLock(site.root, 'umask', process.env);
  assert.equal((await worker()).state, 'running');
  assert.equal((await worker()).pid, process.pid);
  await lock?.release();
  writeFileSync(join(site.root, 'lock'), `${process.pid} ${hostname()}\n`);
  assert.equal((await worker()).state, 'none');
  writeFileSync(join(site.root, 'lock'), '1 another.example.org\n');
  assert.deepEqual(await worker(), {
    state: 'unknown',
    pid: 1,
    host: 'another.example.org',
    startedBy: 'hook',
  });
});

test('looking changes nothing', async t => {
  const site = await statusSite(t);
  await trouble(site);
  const tree = () => execFileSync('find', [site.root, '-printf', '%p %s %T@ %m\n'], { encoding: 'utf8' });
  const before = tree();
  for (const form of [[], ['--json'], ['--prometheus']]) await site.refpost(['status', ...form]);
  assert.equal(tree(), before);
});

test('an outbox that is not there is no outbox that is well', async t => {
  const site = await statusSite(t);
  rmSync(site.root, { recursive: true });
  const { code, world } = await site.refpost(['status']);
  assert.equal(code, 66);
  assert.match(world.err(), /there is no outbox at .*\n {2}refpost install/);
});
