import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openOutbox } from '../../src/outbox/directory/open-outbox.ts';
import type { EntryRef, ListedEntry } from '../../src/outbox/outbox.ts';
import {
  ADA,
  addPush,
  BOB,
  claimOf,
  collect,
  dueNumbers,
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

function states(listed: ListedEntry | undefined, recipient: string = ADA): readonly unknown[] {
  assert.ok(listed && listed.damaged === undefined);
  return [listed.ref.place, ...statesOf(listed.state, recipient)];
}

const queued = (number: number, id: string): EntryRef => ({ place: 'queue', number, id });

test('each place lists its pushes in order, with their state', async t => {
  const { root, outbox } = await testSpool(t);
  for (const id of ['b', 'a', 'c']) await addPush(outbox, id, ['one', 'two']);
  const [first] = await collect(outbox.entries('queue'));
  assert.ok(first && first.damaged === undefined);
  await outbox.record(claimOf(first.entry), [happened('sent', 1)]);
  const people = openOutbox(root, 'umask');
  const listed = await collect(people.entries('queue'));
  assert.deepEqual(
    listed.map(({ ref }) => ref.id),
    ['b', 'a', 'c'],
  );
  assert.deepEqual(states(listed[0]), ['queue', 'sent', 'waiting']);
  assert.deepEqual(await collect(people.entries('failed')), []);
});

test('a push is found by its number, its id or the beginning of it', async t => {
  const { outbox } = await testSpool(t);
  for (const id of ['20261122T1130-aa', '20261122T1131-bb', '3-cc']) await addPush(outbox, id, []);
  const found = async (name: string) => (await outbox.find(name)).map(({ number }) => number);
  assert.deepEqual(await found('2'), [2]);
  assert.deepEqual(await found('3'), [3]);
  assert.deepEqual(await found('00000002'), [2]);
  assert.deepEqual(await found('00000002-20261122T1131-bb'), [2]);
  assert.deepEqual(await found('20261122T1131-bb'), [2]);
  assert.deepEqual(await found('20261122T113'), [1, 2]);
  assert.deepEqual(await found('20261122'), [1, 2]);
  for (const name of ['', 'bb', '99', '../queue']) assert.deepEqual(await found(name), []);
});

test('a failed push that is tried again is back in the queue, without the mails that were sent', async t => {
  const { root, outbox } = await testSpool(t);
  const entry = await addPush(outbox, 'p', ['one', 'two']);
  await outbox.record(claimOf(entry), [happened('sent', 1), happened('rejected', 2)]);
  await outbox.finish(claimOf(entry));
  const people = openOutbox(root, 'umask');
  const [ref] = await people.find('1');
  assert.equal(ref?.place, 'failed');
  assert.deepEqual(states(await people.retry(ref as EntryRef, NOON + MINUTE)), ['queue', 'sent', 'waiting']);
  assert.deepEqual(await dueNumbers(outbox, NOON + MINUTE), [1]);
});

test('a push that waits for its next try is tried at once when a person says so', async t => {
  const { root, outbox } = await testSpool(t);
  const entry = await addPush(outbox, 'p', ['one']);
  await outbox.record(claimOf(entry), [happened('deferred', 1, { until: NOON + 60 * MINUTE })]);
  assert.deepEqual(await dueNumbers(outbox, NOON + MINUTE), []);
  await openOutbox(root, 'umask').retry(queued(1, 'p'), NOON + MINUTE);
  assert.deepEqual(await dueNumbers(outbox, NOON + MINUTE), [1], 'the running worker sees it');
  assert.deepEqual(await dueNumbers(await reopen({ root }), NOON + MINUTE), [1], 'and so does the next');
});

test('a push without anything to try again stays where it is', async t => {
  const { outbox } = await testSpool(t);
  const entry = await addPush(outbox, 'p', ['one']);
  await outbox.record(claimOf(entry), [happened('sent', 1)]);
  await outbox.finish(claimOf(entry));
  assert.deepEqual(states(await outbox.retry({ place: 'done', number: 1, id: 'p' }, NOON)), ['done', 'sent']);
});

test('a push that is dropped gives up what was not sent and counts as finished', async t => {
  const { outbox } = await testSpool(t);
  const mails = [testMail('one', ADA, BOB), testMail('two', ADA, BOB)];
  const entry = await outbox.add(testPush('p'), stream(...mails), { now: NOON });
  await outbox.record(claimOf(entry), [
    happened('sent', 1, { recipient: ADA }),
    happened('rejected', 1, { recipient: BOB }),
  ]);
  const dropped = await outbox.drop(queued(1, 'p'), NOON);
  assert.deepEqual(states(dropped), ['done', 'sent', 'dropped']);
  assert.deepEqual(states(dropped, BOB), ['done', 'dropped', 'dropped']);
  const undone = await outbox.retry({ place: 'done', number: 1, id: 'p' }, NOON);
  assert.deepEqual(states(undone, BOB), ['queue', 'waiting', 'waiting'], 'a person may think better of it');
});

test('a worker that is at a push while a person drops it sees that with its next word, and loses none', async t => {
  const { root, outbox } = await testSpool(t);
  const entry = await addPush(outbox, 'p', ['one', 'two']);
  for await (const _ of outbox.claim(NOON)) {
    await outbox.record(claimOf(entry), [happened('sending', 1)]);
    await openOutbox(root, 'umask').drop(queued(1, 'p'), NOON);
    assert.equal((await outbox.readMail(entry, 2)).damaged, undefined);
    const state = await outbox.record(claimOf(entry), [happened('sent', 1, { recipient: ADA })]);
    assert.deepEqual(statesOf(state), ['sent', 'dropped']);
    assert.equal(await outbox.finish(claimOf(entry)), 'done');
  }
  assert.deepEqual(states(await outbox.show(queued(1, 'p'))), ['done', 'sent', 'dropped']);
});

test('a retry that comes while the worker puts the push away is not lost', async t => {
  const { root, outbox } = await testSpool(t);
  const entry = await addPush(outbox, 'p', ['one']);
  for await (const _ of outbox.claim(NOON)) {
    await outbox.record(claimOf(entry), [happened('rejected', 1)]);
    await openOutbox(root, 'umask').retry(queued(1, 'p'), NOON + 1);
    assert.equal(await outbox.finish(claimOf(entry)), 'queue');
  }
  assert.deepEqual(await dueNumbers(outbox, NOON + 1), [1]);
});

test('many people and a worker at the same push leave it in one place', async t => {
  const { root, outbox } = await testSpool(t);
  const entry = await addPush(outbox, 'p', ['one', 'two']);
  const ref = queued(1, 'p');
  const people = openOutbox(root, 'umask');
  for (let round = 0; round < 10; round++) {
    const at = NOON + round;
    await Promise.all([
      people.retry(ref, at),
      people.drop(ref, at),
      outbox
        .record(claimOf(entry), [happened('rejected', 1, { at })])
        .then(() => outbox.finish(claimOf(entry))),
    ]);
    assert.equal((await people.find('1')).length, 1);
  }
  await people.retry(ref, NOON + 99);
  assert.deepEqual(states(await people.show(ref)), ['queue', 'waiting', 'waiting']);
});

test('a damaged push is shown as one, can be mended and tried again, or dropped', async t => {
  const { root, outbox } = await testSpool(t);
  await addPush(outbox, 'p', ['one']);
  const path = join(root, 'queue', '00000001-p', 'entry.json');
  const whole = readFileSync(path, 'utf8');
  writeFileSync(path, whole.slice(0, 50));
  await collect(outbox.claim(NOON));
  const [listed] = await collect(outbox.entries('failed'));
  assert.equal(listed?.damaged, 'entry.json is damaged');
  const ref = { place: 'failed', number: 1, id: 'p' } as const;
  assert.equal((await outbox.retry(ref, NOON))?.ref.place, 'failed');
  const mended = JSON.parse(whole);
  delete mended.crc32;
  writeFileSync(join(root, 'failed', '00000001-p', 'entry.json'), JSON.stringify(mended));
  assert.deepEqual(states(await outbox.retry(ref, NOON)), ['queue', 'waiting']);
  assert.equal((await outbox.drop(ref, NOON))?.ref.place, 'done');
});

test('a push that is gone is nothing to show, retry or drop', async t => {
  const { outbox } = await testSpool(t);
  const ref = queued(7, 'p');
  assert.deepEqual(
    [await outbox.show(ref), await outbox.retry(ref, NOON), await outbox.drop(ref, NOON)],
    [undefined, undefined, undefined],
  );
});
