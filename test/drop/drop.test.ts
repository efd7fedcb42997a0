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
import { type TestContext, test } from 'node:test';
import {
  condemnRecord,
  listRecords,
  readRecord,
  retireRecord,
  storeRecord,
  sweepDrop,
} from '../../src/drop/drop.ts';
import { pushId } from '../../src/drop/push-id.ts';
import { type SpoolLayout, spoolLayout } from '../../src/model/spool-layout.ts';
import { pushOf, ZERO } from '../fixtures/nouns.ts';
import { temporaryFolder } from '../fixtures/repository.ts';

const LINE = `${ZERO} ${'a'.repeat(40)} refs/heads/main`;
const ID = '20261122T113000-9f86d081';

function drop(t: TestContext): SpoolLayout {
  const layout = spoolLayout(join(temporaryFolder(t), 'spool'));
  for (const folder of [layout.dropTmp, layout.dropNew]) mkdirSync(folder, { recursive: true });
  return layout;
}

test('a push is named by its second and by chance', () => {
  assert.equal(pushId(Date.UTC(2026, 10, 22, 11, 30, 0, 999), '9f86d081'), ID);
});

test('a stored push can be read, and is gone when retired', async t => {
  const layout = drop(t);
  const push = pushOf(ID, 1000, LINE);
  await storeRecord(layout, push);
  assert.deepEqual(readdirSync(layout.dropTmp), []);
  assert.equal(statSync(join(layout.dropNew, ID)).mode & 0o777, 0o660);
  assert.deepEqual(await listRecords(layout), [ID]);
  assert.deepEqual(await readRecord(layout, ID), { push, complaints: [] });
  await retireRecord(layout, ID);
  await retireRecord(layout, ID);
  assert.deepEqual(await listRecords(layout), []);
});

test('what cannot be stored leaves nothing behind and says why', async t => {
  const layout = drop(t);
  const nowhere = { ...layout, dropNew: join(layout.root, 'missing') };
  await assert.rejects(storeRecord(nowhere, pushOf(ID, 1000, LINE)), { code: 'ENOENT' });
  assert.deepEqual(readdirSync(layout.dropTmp), []);
});

test('records are listed by age, also within one second', async t => {
  const layout = drop(t);
  const ids = [
    '20261122T113001-00000000',
    '20261122T113000-ffffffff',
    '20261122T113000-00000000',
    '20251122T113000-88888888',
  ];
  for (const [at, id] of ids.entries()) {
    writeFileSync(join(layout.dropNew, id), '');
    utimesSync(join(layout.dropNew, id), 1000 + at, 1000 + at);
  }
  assert.deepEqual(await listRecords(layout), [ids[3], ids[1], ids[2], ids[0]]);
});

test('a drop directory that is not there yet holds no records', async t => {
  assert.deepEqual(await listRecords(spoolLayout(join(temporaryFolder(t), 'none'))), []);
});

test('a file with another name is listed and faulty, so that it does not lie there for ever', async t => {
  const layout = drop(t);
  writeFileSync(join(layout.dropNew, 'note'), 'to myself');
  writeFileSync(join(layout.dropNew, '.nfs0001'), '');
  assert.deepEqual(await listRecords(layout), ['note']);
  assert.deepEqual(await readRecord(layout, 'note'), { fault: 'its name is not that of a push' });
});

test('a condemned record is kept for a person, with the reason, and never overwritten', async t => {
  const layout = drop(t);
  for (const content of ['first', 'second']) {
    writeFileSync(join(layout.dropNew, ID), content);
    await condemnRecord(layout, ID, `it says ${content}`);
  }
  assert.deepEqual(readdirSync(layout.dropNew), []);
  const kept = readdirSync(layout.dropBad).map(name => readFileSync(join(layout.dropBad, name), 'utf8'));
  assert.deepEqual(kept, ['first', 'second', 'it says second\n', 'it says first\n']);
});

test('half-written records are swept after a day', async t => {
  const layout = drop(t);
  const now = Date.UTC(2026, 10, 22);
  for (const [name, hours] of [
    ['old', 25],
    ['young', 23],
  ] as const) {
    writeFileSync(join(layout.dropTmp, name), '');
    const seconds = now / 1000 - hours * 3600;
    utimesSync(join(layout.dropTmp, name), seconds, seconds);
  }
  await sweepDrop(layout, now);
  assert.deepEqual(readdirSync(layout.dropTmp), ['young']);
  await sweepDrop(spoolLayout('/nonexistent'), now);
  assert.ok(!existsSync('/nonexistent'));
});
