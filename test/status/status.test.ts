import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { takeLock } from '../../src/outbox/directory/lock.ts';
import { addPush, claimOf, happened, MINUTE, NOON } from '../outbox/spool-fixture.ts';
import { type StatusSite, statusSite } from './status-site.ts';

const RECORDED = '20261122T112500-9f86d081';

/** One push half sent and put off, one whose server is away, one that was given up, a record that waits and one that is bad. */
async function trouble({ root, outbox }: StatusSite): Promise<void> {
  const put = await addPush(outbox, 'push-1', ['one', 'two'], { now: NOON - 60 * MINUTE });
  await outbox.record(claimOf(put), [
    happened('sent', 1, { at: NOON - 59 * MINUTE, reply: '250 ok' }),
    happened('deferred', 2, { at: NOON - 30 * MINUTE, until: NOON + 8 * MINUTE, reply: '450 not now' }),
  ]);
  const away = await addPush(outbox, 'push-2', ['three', 'four'], { now: NOON - 20 * MINUTE });
  const words = 'smtp://mail.example.org:25: connect ECONNREFUSED';
  await outbox.record(claimOf(away), [
    happened('unreached', 1, { at: NOON - 10 * MINUTE, reply: words }),
    happened('unreached', 1, { at: NOON - 5 * MINUTE, reply: words }),
  ]);
  const lost = await addPush(outbox, 'push-3', ['five', 'six'], { now: NOON - 40 * MINUTE });
  await outbox.record(claimOf(lost), [
    happened('sent', 1, { at: NOON - 39 * MINUTE }),
    happened('rejected', 2, { at: NOON - 38 * MINUTE, reply: '550 no such user\u001b[2J' }),
  ]);
  await outbox.finish(claimOf(lost));
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
deferred:   0 mails
held:       0 pushes
oldest:     -
next try:   -
given up:   0 pushes, 0 mails
unreadable: 0 records
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
deferred:   2 mails
held:       0 pushes
oldest:     waits for 1h
next try:   due, as soon as the server can be reached
given up:   1 push, 1 mail
unreadable: 1 record
transport:  2026-11-22T11:25:00.000Z smtp://mail.example.org:25: connect ECONNREFUSED
last error: 2026-11-22T11:25:00.000Z smtp://mail.example.org:25: connect ECONNREFUSED
trouble:    mails of 1 push were given up
            "refpost outbox list" shows them; then "refpost outbox retry" or "drop"
trouble:    1 record could not be read
            look into drop/bad of the outbox: the reasons are beside them; then remove both
trouble:    a push waits for longer than 30m (refpost.warnAfter): for smtp://mail.example.org:25: connect ECONNREFUSED
            "refpost outbox list" shows what waits, "refpost doctor" what is in its way
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
  const { troubles, ...rest } = JSON.parse(world.out().toString());
  assert.deepEqual(troubles[0], {
    kind: 'given-up',
    what: 'mails of 1 push were given up',
    remedy: '"refpost outbox list" shows them; then "refpost outbox retry" or "drop"',
  });
  assert.deepEqual(rest, {
    spool: site.root,
    at: '2026-11-22T11:30:00.000Z',
    state: 'trouble',
    waitingFor: error.words,
    host: null,
    worker: { state: 'none', startedBy: 'hook' },
    recorded: 1,
    queued: { pushes: 2, mails: 3 },
    deferred: 2,
    givenUp: { pushes: 1, mails: 1 },
    sent: 2,
    unreadable: 1,
    oldest: '2026-11-22T10:30:00.000Z',
    oldestSeconds: 3600,
    warnAfterSeconds: 14400,
    nextTry: '2026-11-22T11:30:00.000Z',
    held: [],
    transports: [{ ...error, lasting: false }],
    mirrors: [],
    lastError: error,
  });
});

test('for Prometheus, each number is a gauge with its help, and each kind of trouble has a row', async t => {
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
  assert.equal(value('deferred_mails'), '2');
  assert.equal(value('given_up_mails'), '1');
  assert.equal(value('sent_mails'), '2');
  assert.equal(value('oldest_wait_seconds'), '3600');
  assert.equal(value('last_error_timestamp_seconds'), String((NOON - 5 * MINUTE) / 1000));
  for (const [kind, there] of [
    ['given-up', 1],
    ['settings', 0],
    ['waiting', 0],
  ]) {
    assert.ok(lines.includes(`refpost_trouble{spool="${site.root}",kind="${kind}"} ${there}`));
  }
  for (const line of lines.slice(0, -1)) {
    assert.match(
      line,
      /^(# HELP refpost_[a-z_]+ .+|# TYPE refpost_[a-z_]+ gauge|refpost_[a-z_]+\{.*\} [\d.]+)$/,
    );
  }
});

test('the exit code shows a wait that is too long apart from what needs a person', async t => {
  const site = await statusSite(t);
  const entry = await addPush(site.outbox, 'push-1', ['one'], { now: NOON });
  const codeAt = async (now: number) => (await site.refpost(['status'], now)).code;
  const lock = await takeLock(site.root, 'umask', process.env);
  assert.equal(await codeAt(NOON + 240 * MINUTE), 0);
  assert.equal(await codeAt(NOON + 241 * MINUTE), 75);
  await lock?.release();
  await site.outbox.record(claimOf(entry), [happened('rejected', 1, { at: NOON })]);
  await site.outbox.finish(claimOf(entry));
  assert.equal(await codeAt(NOON), 69);
  await site.refpost(['outbox', 'drop', '1']);
  assert.equal(await codeAt(NOON + 241 * MINUTE), 0);
});

test('without a worker a record, or a mail that is due, is trouble after five minutes', async t => {
  for (const wait of ['record', 'mail']) {
    const site = await statusSite(t);
    if (wait === 'record') writeFileSync(join(site.root, 'drop', 'new', RECORDED), '');
    else await addPush(site.outbox, 'push-1', ['one'], { now: NOON - 5 * MINUTE });
    const now = await site.refpost(['status'], NOON);
    assert.equal(now.code, 0);
    assert.match(now.world.out().toString(), /^state: {6}waiting for a worker$/m);
    const late = await site.refpost(['status'], NOON + MINUTE);
    assert.equal(late.code, 69);
    assert.match(
      late.world.out().toString(),
      /^trouble: .* waits, and no worker is running\n {12}start one with/m,
    );
    const lock = await takeLock(site.root, 'umask', process.env);
    assert.equal((await site.refpost(['status'], NOON + MINUTE)).code, 0);
    await lock?.release();
  }
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

test('an outbox that is not there is no outbox that is well, and programs read that too', async t => {
  const site = await statusSite(t);
  rmSync(site.root, { recursive: true });
  const { code, world } = await site.refpost(['status']);
  assert.equal(code, 66);
  assert.match(world.err(), /there is no outbox at .*\n {2}create it with refpost install/);
  const json = await site.refpost(['status', '--json']);
  assert.equal(json.code, 66);
  assert.equal(JSON.parse(json.world.out().toString()).troubles[0].kind, 'outbox');
});

test('with wrong settings there is a status all the same, which says so', async t => {
  const site = await statusSite(t);
  await trouble(site);
  site.repository.git('config', 'refpost.maxMails', 'many');
  const text = await site.refpost(['status']);
  assert.equal(text.code, 69);
  assert.match(text.world.out().toString(), /^queued: {5}2 pushes/m);
  assert.match(
    text.world.out().toString(),
    /^trouble: {4}a setting is wrong:\n {14}refpost.maxMails = "many"/m,
  );
  const metrics = (await site.refpost(['status', '--prometheus'])).world.out().toString();
  assert.match(metrics, /kind="settings"} 1\n/);
  assert.match(metrics, /^refpost_queued_mails\{.*} 3$/m);
});

test('where not even the outbox is known, programs read why', async t => {
  const site = await statusSite(t);
  const elsewhere = await site.refpost(['status', '--json', '--repo', '/nonexistent']);
  assert.equal(elsewhere.code, 66);
  assert.match(elsewhere.world.out().toString(), /"spool": null,.*"kind": "outbox"/s);
  site.repository.git('config', 'refpost.spool', 'relative');
  const { code, world } = await site.refpost(['status', '--prometheus']);
  assert.equal(code, 78);
  assert.match(world.out().toString(), /^refpost_trouble\{spool="",kind="settings"} 1$/m);
});
