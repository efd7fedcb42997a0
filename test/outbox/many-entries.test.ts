import assert from 'node:assert/strict';
import fsSync, { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { createSpool } from '../../src/disk/create-spool.ts';
import type { OutboxEntry } from '../../src/model/outbox-entry.ts';
import { openOutbox } from '../../src/outbox/directory/open-outbox.ts';
import { folderName } from '../../src/outbox/directory/spool.ts';
import { entryText } from '../../src/outbox/entry-text.ts';
import { journalLines } from '../../src/outbox/journal-lines.ts';
import {
  addPush,
  collect,
  dueNumbers,
  happened,
  MINUTE,
  NOON,
  REPOSITORY,
  reopen,
  testPush,
} from './spool-fixture.ts';

const COUNT = 2_000;
const move = { refs: { 'refs/heads/main': 'aaa' } };

/** Counts how often files are opened and folders listed, while the calls go through. */
function counting(t: TestContext): { take(): { readonly files: number; readonly folders: number } } {
  const calls = ['open', 'readFile', 'stat', 'access', 'rename'] as const;
  const mocks = [...calls.map(name => t.mock.method(fs, name)), t.mock.method(fsSync, 'openSync')];
  const lists = t.mock.method(fs, 'readdir');
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  return {
    take: () => {
      const files = mocks.reduce((sum, { mock }) => sum + mock.callCount(), 0);
      const folders = lists.mock.callCount();
      for (const { mock } of [...mocks, lists]) mock.resetCalls();
      return { files, folders };
    },
  };
}

/** A queue of thousands of pushes that were put off, written without all the syncing; in memory where the machine has such a place. */
async function fullSpool(): Promise<string> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'refpost-test-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const root = join(folder, 'spool');
  await createSpool(root, 'umask');
  const outbox = await reopen({ root });
  await outbox.baseline(REPOSITORY, { refs: new Map() });
  const first = await addPush(outbox, 'push-1', ['one'], { now: NOON, ledger: move });
  const mails = readFileSync(join(root, 'queue', '00000001-push-1', 'mails'));
  const journal = journalLines([happened('deferred', 1, { until: NOON + 5 * MINUTE })]);
  writeFileSync(join(root, 'queue', '00000001-push-1', 'journal'), journal);
  for (let number = 2; number < COUNT; number++) {
    const id = `push-${number}`;
    const entry: OutboxEntry = { ...first, number, push: testPush(id) };
    const folder = join(root, 'queue', folderName({ number, id }));
    mkdirSync(folder);
    writeFileSync(join(folder, 'mails'), mails);
    writeFileSync(join(folder, 'journal'), journal);
    writeFileSync(join(folder, 'entry.json'), [...entryText(entry)].join(''));
  }
  await addPush(await reopen({ root }), `push-${COUNT}`, ['one'], { now: NOON, ledger: move });
  return root;
}

const spool = fullSpool();

test('with thousands of pushes in the queue, each step costs what it must', async t => {
  const root = await spool;
  const count = counting(t);
  const outbox = openOutbox(root, 'umask');

  await outbox.recover();
  let cost = count.take();
  assert.ok(cost.files < 10, `a start opens a few files, not ${cost.files}`);
  assert.ok(cost.folders < 10);

  assert.deepEqual(await dueNumbers(outbox, NOON), [COUNT]);
  cost = count.take();
  assert.ok(cost.files <= 2 * COUNT + 10, `the first pass reads each entry once, not ${cost.files}`);

  for (let number = COUNT + 1; number <= COUNT + 5; number++) {
    await addPush(outbox, `push-${number}`, ['one'], { now: NOON, ledger: move });
    const added = count.take();
    assert.ok(added.files < 30, `a new push opens a few files, not ${added.files}`);
    assert.equal(added.folders, 0, 'and looks through no folder');
    const offered = await dueNumbers(outbox, NOON);
    assert.equal(offered.at(-1), number);
    const passed = count.take();
    assert.ok(passed.files <= 5 * offered.length, `a pass opens what is due, not ${passed.files}`);
    assert.equal(passed.folders, 1);
  }

  assert.equal(await outbox.nextDue(), 0);
  assert.equal(count.take().files, 0);

  assert.equal((await outbox.find(`push-${COUNT - 1}`)).length, 1);
  cost = count.take();
  assert.deepEqual(cost, { files: 0, folders: 3 }, 'names are enough to find a push');

  const listed = await collect(outbox.entries('queue'));
  assert.equal(listed.length, COUNT + 5);
  assert.equal(count.take().files, 2 * listed.length);
});

test('a listing that is broken off has read no more than it showed', async t => {
  const count = counting(t);
  const root = await spool;
  for await (const listed of openOutbox(root, 'umask').entries('queue')) if (listed.ref.number === 3) break;
  assert.equal(count.take().files, 6);
});
