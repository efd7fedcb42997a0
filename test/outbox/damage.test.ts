import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  addPush,
  claimOf,
  claims,
  collect,
  dueNumbers,
  entryOf,
  happened,
  NOON,
  reopen,
  statesOf,
  testSpool,
} from './spool-fixture.ts';

test('a damaged mail is told in a sentence and leaves the others whole', async t => {
  const { root, outbox } = await testSpool(t);
  const entry = await addPush(outbox, 'p', ['one', 'two', 'three']);
  const path = join(root, 'queue', '00000001-p', 'mails');
  writeFileSync(path, readFileSync(path, 'latin1').replace('body of two', 'body of tvo'));
  truncateSync(path, readFileSync(path).length - 5);
  assert.equal((await outbox.readMail(entry, 1)).damaged, undefined);
  assert.match((await outbox.readMail(entry, 2)).damaged ?? '', /damaged in the spool \(its checksum/);
  assert.match((await outbox.readMail(entry, 3)).damaged ?? '', /ends 4 bytes too early/);
  rmSync(path);
  assert.match((await outbox.readMail(entry, 1)).damaged ?? '', /the file of mails is missing/);
});

test('a damaged entry is put aside with a note, told, and stops nobody', async t => {
  const damages: readonly ((path: string) => void)[] = [
    path => truncateSync(path, 40),
    path => writeFileSync(path, readFileSync(path, 'utf8').replace('ada@', 'bda@')),
    path => writeFileSync(path, ''),
    path => writeFileSync(path, '{"number":1}'),
    path => rmSync(path),
  ];
  for (const damage of damages) {
    const { root, outbox } = await testSpool(t);
    await addPush(outbox, 'p1', ['one']);
    await addPush(outbox, 'p2', ['one']);
    damage(join(root, 'queue', '00000001-p1', 'entry.json'));
    const [first, second] = await collect(claims(await reopen({ root }), NOON));
    assert.ok(first?.damaged !== undefined);
    assert.deepEqual(first.ref, { place: 'failed', number: 1, id: 'p1' });
    assert.match(first.damaged, /^entry\.json is /);
    assert.equal(entryOf(second).number, 2);
    assert.match(readFileSync(join(root, 'failed', '00000001-p1', 'note'), 'utf8'), /put this push aside/);
    assert.ok(existsSync(join(root, 'failed', '00000001-p1', 'mails')));
  }
});

test('a torn line does not swallow the next event', async t => {
  const { root, outbox } = await testSpool(t);
  const entry = await addPush(outbox, 'p', ['one', 'two']);
  appendFileSync(join(root, 'queue', '00000001-p', 'journal'), '{"at":17,"event":"se');
  for await (const queued of claims(outbox, NOON)) {
    assert.ok(queued.damaged === undefined && queued.state.unreadable === 1);
    await outbox.record(claimOf(entry), [happened('sent', 1)]);
  }
  const [queued] = await collect(claims(await reopen({ root }), NOON));
  assert.ok(queued?.damaged === undefined);
  assert.deepEqual(queued && statesOf(queued.state), ['sent', 'waiting']);
});

test('a journal that is gone is begun again', async t => {
  const { root, outbox } = await testSpool(t);
  const entry = await addPush(outbox, 'p', ['one']);
  rmSync(join(root, 'queue', '00000001-p', 'journal'));
  assert.deepEqual(statesOf(await outbox.record(claimOf(entry), [happened('sent', 1)])), ['sent']);
  assert.equal(await outbox.finish(claimOf(entry)), 'done');
});

test('an entry whose folder a person removed is an operator fault', async t => {
  const { root, outbox } = await testSpool(t);
  const entry = await addPush(outbox, 'p', ['one']);
  rmSync(join(root, 'queue', '00000001-p'), { recursive: true });
  await assert.rejects(outbox.record(claimOf(entry), [happened('sent', 1)]), /no longer in the outbox/);
  assert.deepEqual(await dueNumbers(outbox, NOON), []);
});
