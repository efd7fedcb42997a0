import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openOutbox } from '../../src/outbox/directory/open-outbox.ts';
import type { ListedEntry } from '../../src/outbox/outbox.ts';
import {
  ADA,
  addMails,
  addPush,
  claimOf,
  claims,
  collect,
  DAY,
  entryOf,
  happened,
  NOON,
  reopen,
  statesOf,
  testMail,
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
  const entry = await addMails(outbox, 'p', [testMail('one')]);
  await outbox.record(claimOf(entry), [happened('sending', 1)]);
  const folder = join(root, 'queue', '00000001-p');
  assert.equal(statSync(folder).mode & 0o7777, 0o700);
  for (const name of readdirSync(folder))
    assert.equal(statSync(join(folder, name)).mode & 0o7777, 0o600, name);
});

test('a pass that is broken off leaves no file open', async t => {
  const { outbox } = await testSpool(t);
  for (const id of ['p1', 'p2', 'p3']) await addPush(outbox, id, ['one']);
  const open = () => readdirSync('/proc/self/fd').length;
  if (!existsSync('/proc/self/fd')) return t.skip('there is no /proc here');
  const before = open();
  for await (const queued of claims(outbox, NOON)) {
    assert.equal(open(), before + 2);
    if (entryOf(queued).number === 2) break;
  }
  assert.equal(open(), before);
  await outbox.close();
});

test('a damaged push is shown as one, can be mended and tried again, or dropped', async t => {
  const { root, outbox: storing } = await testSpool(t);
  await addPush(storing, 'p', ['one']);
  const outbox = await reopen({ root });
  const path = join(root, 'queue', '00000001-p', 'entry.json');
  const whole = readFileSync(path, 'utf8');
  writeFileSync(path, whole.slice(0, 50));
  await collect(claims(outbox, NOON));
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

function states(listed: ListedEntry | undefined, recipient: string = ADA): readonly unknown[] {
  assert.ok(listed && listed.damaged === undefined);
  return [listed.ref.place, ...statesOf(listed.state, recipient)];
}
