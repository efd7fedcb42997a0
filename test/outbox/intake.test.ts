import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openOutbox } from '../../src/outbox/directory/open-outbox.ts';
import {
  addPush,
  claimOf,
  collect,
  DAY,
  happened,
  NOON,
  reopen,
  stream,
  testMail,
  testPush,
  testSpool,
} from './spool-fixture.ts';

test('a push is stored with all its mails, readable with plain tools', async t => {
  const { root, outbox } = await testSpool(t);
  const entry = await addPush(outbox, 'p1', ['one', 'two']);
  assert.equal(entry.number, 1);
  const folder = join(root, 'queue', '00000001-p1');
  assert.deepEqual(readdirSync(folder).sort(), ['entry.json', 'journal', 'mails']);
  assert.equal(
    readFileSync(join(folder, 'mails'), 'utf8'),
    'From git@example.org Sun Nov 22 11:30:00 2026\nSubject: one\n\nbody of one\n\n' +
      'From git@example.org Sun Nov 22 11:30:00 2026\nSubject: two\n\nbody of two\n\n',
  );
  assert.equal(JSON.parse(readFileSync(join(folder, 'entry.json'), 'utf8')).push.id, 'p1');
});

test('numbers grow over all places and all workers', async t => {
  const { root, outbox } = await testSpool(t);
  const done = await addPush(outbox, 'nothing-to-say', []);
  const queued = await addPush(outbox, 'p2', ['one']);
  const next = await addPush(await reopen({ root }), 'p3', ['one']);
  assert.deepEqual([done.number, queued.number, next.number], [1, 2, 3]);
  assert.deepEqual(readdirSync(join(root, 'done')), ['00000001-nothing-to-say']);
  assert.deepEqual(readdirSync(join(root, 'queue')), ['00000002-p2', '00000003-p3']);
});

test('mails are taken one at a time', async t => {
  const { outbox } = await testSpool(t);
  let asked = 0;
  let taken = 0;
  async function* counted() {
    for (asked = 1; asked <= 3; asked++) {
      assert.equal(asked, taken + 1);
      yield { ...testMail(`mail-${asked}`), bytes: Buffer.alloc(1 << 20, 'x') };
      taken++;
    }
  }
  const entry = await outbox.add(testPush('p'), counted(), { now: NOON });
  assert.equal(entry.mails.length, 3);
  assert.deepEqual(
    entry.mails.map(mail => mail.length),
    [1 << 20, 1 << 20, 1 << 20],
  );
});

test('a push whose mails cannot be made leaves nothing behind, and can come again', async t => {
  const { root, outbox } = await testSpool(t);
  async function* failing() {
    yield testMail('one');
    throw new Error('git broke off');
  }
  await assert.rejects(outbox.add(testPush('p'), failing(), { now: NOON }), /git broke off/);
  assert.deepEqual(readdirSync(join(root, 'queue')), []);
  assert.equal(await outbox.knows('p'), false);
  assert.equal((await addPush(outbox, 'p', ['one'])).number, 1);
});

test('a push that is known is not stored again, not even by the next worker', async t => {
  const { root, outbox } = await testSpool(t);
  const entry = await addPush(outbox, 'p', ['one']);
  const next = await reopen({ root });
  assert.equal(await next.knows('p'), true);
  assert.deepEqual(await addPush(next, 'p', ['other']), entry);
  assert.equal((await collect(next.entries('queue'))).length, 1);
});

test('a push id that is no file name is refused', async t => {
  const { outbox } = await testSpool(t);
  for (const id of ['../x', '', '.hidden', 'a/b', 'a b', '-x', 'a\n'])
    await assert.rejects(addPush(outbox, id, ['one']), /not a push id/);
});

test('what a killed worker was building is swept, and only that', async t => {
  const { root, outbox } = await testSpool(t);
  await addPush(outbox, 'p1', ['one']);
  mkdirSync(join(root, 'queue', '.tmp-2'));
  writeFileSync(join(root, 'queue', '.tmp-2', 'mails'), 'From ');
  mkdirSync(join(root, 'done', '.tmp-9'));
  writeFileSync(join(root, 'ledger', '.tmp-0123'), '{');
  writeFileSync(join(root, 'queue', 'README'), 'left by a person');
  const { swept } = await openOutbox(root, 'umask').recover();
  assert.equal(swept, 3);
  assert.deepEqual(readdirSync(join(root, 'queue')).sort(), ['00000001-p1', 'README']);
});

test('finished pushes go after the days that they are kept, but never the newest', async t => {
  const { root, outbox } = await testSpool(t);
  for (const id of ['p1', 'p2', 'p3', 'p4']) await addPush(outbox, id, []);
  const finished = (name: string, at: number) => {
    const journal = join(root, 'done', name, 'journal');
    utimesSync(journal, at / 1000, at / 1000);
  };
  finished('00000001-p1', NOON);
  finished('00000002-p2', NOON + DAY);
  finished('00000003-p3', NOON + 9 * DAY);
  finished('00000004-p4', NOON);
  assert.equal(await outbox.prune(NOON + 3 * DAY - 1, 3), 0);
  assert.equal(await outbox.prune(NOON + 5 * DAY, 3), 2);
  assert.equal(await outbox.prune(NOON + 99 * DAY, 3), 1);
  assert.deepEqual(readdirSync(join(root, 'done')), ['00000004-p4']);
  assert.equal((await addPush(await reopen({ root }), 'p5', [])).number, 5);
});

test('files are for their owner alone, whatever the umask', async t => {
  const umask = process.umask(0);
  t.after(() => process.umask(umask));
  const { root, outbox } = await testSpool(t);
  const entry = await outbox.add(testPush('p'), stream(testMail('one')), { now: NOON });
  await outbox.record(claimOf(entry), [happened('sending', 1)]);
  const folder = join(root, 'queue', '00000001-p');
  assert.equal(statSync(folder).mode & 0o7777, 0o700);
  for (const name of readdirSync(folder))
    assert.equal(statSync(join(folder, name)).mode & 0o7777, 0o600, name);
});
