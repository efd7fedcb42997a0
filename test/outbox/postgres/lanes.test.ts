import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClaimLost } from '../../../src/errors.ts';
import type { Claim, Outbox } from '../../../src/outbox/outbox.ts';
import {
  addPush,
  collect,
  dueNumbers,
  happened,
  MINUTE,
  NOON,
  statesOf,
  stream,
  testMail,
  testPush,
} from '../spool-fixture.ts';
import { skipped, type TestFleet, testFleet } from './fleet-fixture.ts';

/* One worker has a lane at a time, whatever becomes of the one before; here with connections as of several processes. */

const NONE: ReadonlySet<number> = new Set();

async function claimFirst(outbox: Outbox): Promise<Claim> {
  const [first] = await collect(outbox.due(NOON, NONE));
  const claim = first && (await outbox.claim(first.ref));
  assert.ok(claim);
  return claim;
}

async function offered(outbox: Outbox, but = NONE): Promise<number[]> {
  return (await collect(outbox.due(NOON, but))).map(({ ref }) => ref.number);
}

/** The process of a worker's own connection is ended by the server. */
async function cut({ connect }: TestFleet, key: string): Promise<void> {
  await connect().query(
    `select pg_terminate_backend(l.pid, 5000) from pg_locks l
      where locktype = 'advisory' and (l.classid::bigint << 32 | l.objid::bigint) = $1`,
    [key],
  );
}

async function holderOf({ connect }: TestFleet): Promise<string> {
  const [row] = await connect().query<{ holder: string }>('select holder from refpost.lane where held');
  return row?.holder as string;
}

test('what is in a lane that another sender has is not offered, nor can it be claimed', skipped, async t => {
  const fleet = await testFleet(t);
  const [one, other] = await Promise.all([fleet.worker(), fleet.worker({ mode: 'sender', server: 'other' })]);
  await addPush(one, 'p1', ['one', 'two']);
  await addPush(one, 'p2', ['one']);
  assert.deepEqual(await offered(other), [1, 2]);
  const claim = await claimFirst(one);
  assert.equal(await other.claim({ place: 'queue', number: 2, id: 'p2' }), undefined);
  assert.deepEqual(await offered(other), []);
  assert.equal(await other.stirred(NONE, NOON), false);
  await one.record(claim, [happened('sent', 1), happened('deferred', 2, { until: NOON + MINUTE })]);
  await one.release(claim);
  assert.deepEqual(await offered(one), [2]);
  // It waits for its turn, and so the lane is kept, until there is nothing more to do in it here.
  assert.deepEqual(await offered(other), []);
  const second = await one.claim({ place: 'queue', number: 2, id: 'p2' });
  assert.ok(second);
  await one.release(second);
  const its = await claimFirst(other);
  assert.equal(its.entry.number, 2);
  assert.ok(its.epoch > claim.epoch);
});

test('the lane of a worker that has died is free at once', skipped, async t => {
  const fleet = await testFleet(t);
  const [one, next] = await Promise.all([fleet.worker(), fleet.worker()]);
  await addPush(one, 'p', ['one', 'two']);
  const claim = await claimFirst(one);
  await one.record(claim, [happened('sent', 1)]);
  await cut(fleet, await holderOf(fleet));
  const its = await claimFirst(next);
  assert.deepEqual(statesOf(its.state), ['sent', 'waiting']);
  await assert.rejects(one.record(claim, [happened('sent', 2)]), ClaimLost);
  await assert.rejects(one.finish(claim), ClaimLost);
  assert.deepEqual(statesOf(await next.record(its, [])), ['sent', 'waiting']);
});

test(
  'the lane of a worker that says nothing is free when its lease is over, and what it says then does not count',
  skipped,
  async t => {
    const fleet = await testFleet(t);
    const [one, next] = await Promise.all([fleet.worker(), fleet.worker()]);
    await addPush(one, 'p', ['one', 'two']);
    const claim = await claimFirst(one);
    assert.deepEqual(await offered(next), []);
    // As if it were stopped, behind a pooler which keeps its connection.
    await fleet
      .connect()
      .query(`update refpost.worker set until = clock_timestamp() where key = $1`, [await holderOf(fleet)]);
    const its = await claimFirst(next);
    const appended = await one.append(claim, [happened('sending', 1)]);
    await assert.rejects(appended.durable, ClaimLost);
    await assert.rejects(one.record(claim, [happened('sent', 1)]), ClaimLost);
    assert.deepEqual(statesOf(await next.record(its, [happened('sent', 1)])), ['sent', 'waiting']);
  },
);

test('a worker that was silent for longer than its lease has lost its lanes', skipped, async t => {
  const fleet = await testFleet(t);
  const one = await fleet.worker({ lease: 2000 });
  await addPush(one, 'p', ['one']);
  await claimFirst(one);
  const before = await holderOf(fleet);
  const database = fleet.connect();
  // As if it were stopped: it may extend its lease again before anybody has looked for it.
  await database.query(`update refpost.worker set until = clock_timestamp() where key = $1`, [before]);
  const others = () => database.query('select from refpost.worker where key <> $1', [before]);
  for (let looks = 0; (await others()).length === 0; looks++) {
    assert.ok(looks < 400, 'it is the worker that it was');
    await sleep(50);
  }
});

test(
  'what is said without waiting for what was said before it is written once and in order, also where all connections are cut meanwhile',
  skipped,
  async t => {
    const fleet = await testFleet(t);
    const one = await fleet.worker();
    const mails = Array.from({ length: 12 }, (_, at) => at + 1);
    await addPush(one, 'p', mails.map(String));
    const claim = await claimFirst(one);
    const say = (mail: number) => one.append(claim, [happened('sending', mail)]);
    const said = await Promise.all(mails.slice(0, 6).map(say));
    await fleet
      .connect()
      .query('select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()');
    said.push(...(await Promise.all(mails.slice(6).map(say))));
    await Promise.all(said.map(({ durable }) => durable));
    const rows = await fleet
      .connect()
      .query<{ seq: number; mail: number }>(
        `select seq, substring(lines from '"mail":(\\d+)')::integer as mail from refpost.journal order by seq`,
      );
    assert.deepEqual(
      rows,
      mails.map(mail => ({ seq: mail, mail })),
    );
  },
);

test('nothing of a lane is offered past what is to be offered anew', skipped, async t => {
  const fleet = await testFleet(t);
  const [one, other] = await Promise.all([fleet.worker(), fleet.worker()]);
  await addPush(one, 'p1', ['one']);
  await addPush(one, 'p2', ['two']);
  assert.deepEqual(await offered(one), [1, 2]);
  await claimFirst(other);
  assert.equal(await one.claim({ place: 'queue', number: 1, id: 'p1' }), undefined);
  await other.close();
  await addPush(one, 'p3', ['three']);
  // The second one still waits for its turn.
  assert.deepEqual(await offered(one, new Set([2])), []);
  assert.equal(await one.claim({ place: 'queue', number: 2, id: 'p2' }), undefined);
  assert.deepEqual(await offered(one), [1, 2, 3]);
});

test(
  'an answer that comes after the database has gone back to a copy counts for no other entry which has the number then',
  skipped,
  async t => {
    const fleet = await testFleet(t);
    const one = await fleet.worker();
    await addPush(one, 'p1', ['one']);
    const claim = await claimFirst(one);
    await fleet.connect().query(`
      do $$ begin
        delete from refpost.entry; delete from refpost.document;
        perform setval('refpost.entry_number', 1, false);
      end $$`);
    await addPush(one, 'p2', ['one']);
    await assert.rejects(one.record(claim, [happened('sent', 1)]), ClaimLost);
    await assert.rejects(one.finish(claim), ClaimLost);
    await one.release(claim);
    assert.equal(await one.claim({ place: 'queue', number: 1, id: 'p1' }), undefined);
    const its = await claimFirst(one);
    assert.deepEqual([its.entry.push.id, statesOf(its.state)], ['p2', ['waiting']]);
  },
);

test(
  'a plain worker sends what its own server has queued, a sender what all have, an intake nothing',
  skipped,
  async t => {
    const fleet = await testFleet(t);
    const one = await fleet.worker({ server: 'one' });
    const two = await fleet.worker({ server: 'two', mode: 'intake' });
    const sender = await fleet.worker({ server: 'sender', mode: 'sender' });
    // The same id: each server makes its own.
    const entries = [await addPush(one, 'p', ['one']), await addPush(two, 'p', ['two'])];
    assert.deepEqual(
      entries.map(({ number, server }) => [number, server]),
      [
        [1, 'one'],
        [2, 'two'],
      ],
    );
    assert.deepEqual([await one.knows('p'), await two.knows('p')], [true, true]);
    assert.equal(await fleet.open({ server: 'three' }).knows('p'), false);
    assert.deepEqual(await dueNumbers(one, NOON), [1]);
    assert.deepEqual(await dueNumbers(two, NOON), []);
    assert.deepEqual(await dueNumbers(sender, NOON), [1, 2]);
    assert.deepEqual(
      (await sender.find('p')).map(({ number }) => number),
      [1, 2],
    );
    const shown = fleet.open({ mode: 'person', shows: 'two' });
    assert.deepEqual(
      (await collect(shown.entries('queue'))).map(({ ref }) => ref.number),
      [2],
    );
    assert.equal(`${(await shown.readMail(entries[1] as never, 1)).damaged}`, 'undefined');
  },
);

test('an intake wakes a sender, and a sender itself for what is deferred', skipped, async t => {
  const fleet = await testFleet(t);
  const sender = await fleet.worker({ server: 'sender', mode: 'sender' });
  const intake = await fleet.worker({ mode: 'intake' });
  await collect(sender.due(Date.now(), NONE));
  const rung = new Promise<void>(resolve => sender.watch(resolve));
  await addPush(intake, 'p', ['one']);
  await rung;
  assert.equal(await sender.stirred(NONE, Date.now()), true);
  assert.deepEqual(await dueNumbers(sender, Date.now()), [1]);
});

test('bytes of a mail that are not what was stored are said, and the others are whole', skipped, async t => {
  const fleet = await testFleet(t);
  const outbox = await fleet.worker();
  const [entry] = await outbox.add(
    testPush('p'),
    stream(...['one', 'two', 'three'].map(text => testMail(text))),
    {
      now: NOON,
    },
  );
  assert.ok(entry);
  const database = fleet.connect();
  await database.query(`update refpost.mail set bytes = set_byte(bytes, 3, 64) where number = 2`);
  await database.query('delete from refpost.mail where number = 3');
  const claim = await claimFirst(outbox);
  for (const read of [outbox, fleet.open({ mode: 'person' })]) {
    assert.equal((await read.readMail(entry, 1)).damaged, undefined);
    assert.match((await read.readMail(entry, 2)).damaged ?? '', /damaged in the database \(its checksum/);
    assert.match((await read.readMail(entry, 3)).damaged ?? '', /it is missing/);
  }
  await outbox.release(claim);
});

test('a damaged entry is put aside, told, and stops nobody', skipped, async t => {
  const fleet = await testFleet(t);
  const outbox = await fleet.worker();
  await addPush(outbox, 'p1', ['one']);
  await addPush(outbox, 'p2', ['one']);
  await addPush(outbox, 'p3', ['one']);
  const database = fleet.connect();
  await database.query(
    `update refpost.document set document = replace(document, 'ada@', 'bda@') where entry = 1`,
  );
  await database.query('delete from refpost.document where entry = 2');
  const found = await collect(outbox.due(NOON, NONE));
  assert.deepEqual(
    found.map(({ ref, damaged }) => [ref.place, ref.number, damaged]),
    [
      ['failed', 1, 'its document is damaged'],
      ['failed', 2, 'its document is missing'],
      ['queue', 3, undefined],
    ],
  );
  assert.equal((await outbox.drop({ place: 'failed', number: 1, id: 'p1' }, NOON))?.ref.place, 'done');
});

test(
  'of two servers of a repository that send for themselves, none passes what the other is about to send',
  skipped,
  async t => {
    const fleet = await testFleet(t);
    const nameOf = async () => 'project';
    const now = () => NOON;
    const one = await fleet.worker({ server: 'one', nameOf, now });
    const two = await fleet.worker({ server: 'two', nameOf, now });
    await addPush(one, 'p1', ['one']);
    await addPush(two, 'p2', ['two']);
    const later = async (wait: number) =>
      (await collect(two.due(NOON + wait, NONE))).map(({ ref }) => ref.number);
    assert.deepEqual(await later(0), []);
    assert.equal(await two.nextDue(), Number.POSITIVE_INFINITY);
    assert.deepEqual(await later(2 * MINUTE), []);
    // Its worker has died: another one is given a moment to come.
    await one.close();
    assert.deepEqual(await later(0), []);
    assert.deepEqual(await later(2 * MINUTE), [2]);
  },
);
