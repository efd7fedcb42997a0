import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openDrop, pushId } from '../../src/drop/drop.ts';
import { formatRecord } from '../../src/drop/record.ts';
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
  await openDrop(layout.root).store(ID, formatRecord(push));
  assert.deepEqual(readdirSync(layout.dropTmp), []);
  assert.equal(statSync(join(layout.dropNew, ID)).mode & 0o777, 0o660);
  assert.deepEqual(await openDrop(layout.root).list(), [ID]);
  assert.deepEqual(await openDrop(layout.root).read(ID), { push, complaints: [] });
  await openDrop(layout.root).retire(ID);
  await openDrop(layout.root).retire(ID);
  assert.deepEqual(await openDrop(layout.root).list(), []);
});

test('what cannot be stored leaves nothing behind and says why', async t => {
  const layout = drop(t);
  rmSync(layout.dropNew, { recursive: true });
  await assert.rejects(openDrop(layout.root).store(ID, formatRecord(pushOf(ID, 1000, LINE))), {
    code: 'ENOENT',
  });
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
  assert.deepEqual(await openDrop(layout.root).list(), [ids[3], ids[1], ids[2], ids[0]]);
});

test('a drop directory that is not there yet holds no records', async t => {
  assert.deepEqual(await openDrop(join(temporaryFolder(t), 'none')).list(), []);
});

test('a file with another name is listed and faulty, so that it does not lie there for ever', async t => {
  const layout = drop(t);
  writeFileSync(join(layout.dropNew, 'note'), 'to myself');
  writeFileSync(join(layout.dropNew, '.nfs0001'), '');
  assert.deepEqual(await openDrop(layout.root).list(), ['note']);
  assert.deepEqual(await openDrop(layout.root).read('note'), { fault: 'its name is not that of a push' });
});

test('a condemned record is kept for a person, with the reason, and never overwritten', async t => {
  const layout = drop(t);
  for (const content of ['first', 'second']) {
    writeFileSync(join(layout.dropNew, ID), content);
    await openDrop(layout.root).condemn(ID, `it says ${content}`);
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
  await openDrop(layout.root).sweep(now);
  assert.deepEqual(readdirSync(layout.dropTmp), ['young']);
  const nowhere = join(layout.root, 'none');
  await openDrop(nowhere).sweep(now);
  assert.ok(!existsSync(nowhere));
});
