import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { dueMail } from '../../src/outbox/due-mail.ts';
import { mailState } from '../../src/outbox/entry-state.ts';
import {
  ADA,
  addPush,
  BOB,
  claimOf,
  collect,
  dueNumbers,
  entryOf,
  happened,
  MINUTE,
  NOON,
  reopen,
  statesOf,
  stream,
  testMail,
  testPush,
  testSpool,
} from './spool-fixture.ts';

test('mails come back byte for byte, whatever is in them', async t => {
  const { outbox } = await testSpool(t);
  const bodies = [
    Buffer.from([...Array(256).keys()]),
    Buffer.from('From here on\n\nFrom refpost@x Sat Nov 22 11:30:00 2026\n'),
    Buffer.alloc(0),
    Buffer.from('no line end'),
  ];
  const mails = bodies.map((bytes, index) => ({ ...testMail(`m${index}`), bytes }));
  const entry = await outbox.add(testPush('p'), stream(...mails), { now: NOON });
  for (const [index, bytes] of bodies.entries())
    assert.deepEqual(await outbox.readMail(entry, index + 1), { bytes });
});

test('a worker sends a push to its end and finds it in done', async t => {
  const { root, outbox } = await testSpool(t);
  await addPush(outbox, 'p', ['one', 'two']);
  const sent: string[] = [];
  for await (const queued of outbox.claim(NOON)) {
    const entry = entryOf(queued);
    let state = await outbox.record(claimOf(entry), [happened('sending', 1)]);
    for (let due = dueMail(state, NOON); due.due === 'now'; due = dueMail(state, NOON)) {
      const stored = await outbox.readMail(entry, due.mail);
      sent.push(stored.damaged ?? stored.bytes.toString());
      state = await outbox.record(claimOf(entry), [
        happened('sent', due.mail),
        happened('sending', due.mail + 1),
      ]);
    }
    assert.equal(await outbox.finish(claimOf(entry)), 'done');
  }
  assert.deepEqual(sent, ['Subject: one\n\nbody of one\n', 'Subject: two\n\nbody of two\n']);
  assert.deepEqual(readdirSync(join(root, 'queue')), []);
  assert.deepEqual(readdirSync(join(root, 'done')), ['00000001-p']);
  assert.equal(await outbox.nextDue(), undefined);
});

test('a push with a mail that was given up ends in failed, an unfinished one stays', async t => {
  const { root, outbox } = await testSpool(t);
  const entry = await addPush(outbox, 'p', ['one', 'two']);
  await outbox.record(claimOf(entry), [happened('rejected', 1, { reply: '550 no' })]);
  assert.equal(await outbox.finish(claimOf(entry)), 'queue');
  await outbox.record(claimOf(entry), [happened('sent', 2)]);
  assert.equal(await outbox.finish(claimOf(entry)), 'failed');
  assert.deepEqual(readdirSync(join(root, 'failed')), ['00000001-p']);
});

test('the next worker goes on where the journal ends, and sees what is uncertain', async t => {
  const { root, outbox } = await testSpool(t);
  const entry = await addPush(outbox, 'p', ['one', 'two']);
  await outbox.record(claimOf(entry), [happened('sent', 1), happened('sending', 2)]);
  const [queued] = await collect((await reopen({ root })).claim(NOON));
  assert.ok(queued && queued.damaged === undefined);
  const second = mailState(queued.state, 2)?.get(ADA);
  assert.deepEqual(statesOf(queued.state), ['sent', 'waiting']);
  assert.ok(second?.state === 'waiting' && second.uncertain);
});

test('a push whose worker died before it was settled is offered to be settled', async t => {
  const { root, outbox } = await testSpool(t);
  const entry = await addPush(outbox, 'p', ['one']);
  await outbox.record(claimOf(entry), [happened('sent', 1)]);
  const next = await reopen({ root });
  assert.deepEqual(await dueNumbers(next, NOON), [1]);
  assert.equal(await next.finish(claimOf(entry)), 'done');
});

test('what was put off is offered when its time has come, and not before', async t => {
  const { outbox } = await testSpool(t);
  const first = await addPush(outbox, 'p1', ['one']);
  await addPush(outbox, 'p2', ['one']);
  await outbox.record(claimOf(first), [happened('deferred', 1, { until: NOON + 5 * MINUTE })]);
  assert.deepEqual(await dueNumbers(outbox, NOON), [2]);
  assert.equal(await outbox.nextDue(), 0, 'push 2 was offered, and nothing was done about it');
  assert.deepEqual(await dueNumbers(outbox, NOON + 5 * MINUTE), [1, 2]);
});

test('the next moment is the earliest in the queue', async t => {
  const { root, outbox } = await testSpool(t);
  for (const minutes of [7, 3, 5]) {
    const entry = await addPush(outbox, `p${minutes}`, ['one']);
    await outbox.record(claimOf(entry), [happened('deferred', 1, { until: NOON + minutes * MINUTE })]);
  }
  assert.equal(await outbox.nextDue(), NOON + 3 * MINUTE);
  const next = await reopen({ root });
  assert.equal(await next.nextDue(), 0);
  assert.deepEqual(await dueNumbers(next, NOON), []);
  assert.equal(await next.nextDue(), NOON + 3 * MINUTE);
});

test('a clock that was set back does not hold what was put off by the wrong one', async t => {
  const { outbox } = await testSpool(t);
  const future = NOON + 1e6 * MINUTE;
  const entry = await addPush(outbox, 'p', ['one']);
  assert.deepEqual(await dueNumbers(outbox, future), [1]);
  await outbox.record(claimOf(entry), [happened('deferred', 1, { at: future, until: future + 60 * MINUTE })]);
  assert.deepEqual(await dueNumbers(outbox, future), []);
  assert.deepEqual(await dueNumbers(outbox, NOON), [1]);
});

test('each recipient has results of his own', async t => {
  const { outbox } = await testSpool(t);
  const entry = await outbox.add(testPush('p'), stream(testMail('one', ADA, BOB)), { now: NOON });
  const state = await outbox.record(claimOf(entry), [
    happened('sent', 1, { recipient: ADA }),
    happened('deferred', 1, { recipient: BOB, until: NOON + 1 }),
  ]);
  assert.deepEqual(dueMail(state, NOON), { due: 'later', at: NOON + 1 });
  assert.deepEqual(dueMail(state, NOON + 1), { due: 'now', mail: 1, recipients: [BOB] });
});

test('a pass that is broken off leaves no file open', async t => {
  const { outbox } = await testSpool(t);
  for (const id of ['p1', 'p2', 'p3']) await addPush(outbox, id, ['one']);
  const open = () => readdirSync('/proc/self/fd').length;
  if (!existsSync('/proc/self/fd')) return t.skip('there is no /proc here');
  const before = open();
  for await (const queued of outbox.claim(NOON)) {
    assert.equal(open(), before + 2);
    if (entryOf(queued).number === 2) break;
  }
  assert.equal(open(), before);
  await outbox.close();
});
