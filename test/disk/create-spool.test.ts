import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { createSpool, spoolRights } from '../../src/disk/create-spool.ts';
import { OperatorError } from '../../src/errors.ts';
import { spoolLayout } from '../../src/model/spool-layout.ts';
import { temporaryFolder } from '../fixtures/repository.ts';

const mode = (path: string) => (statSync(path).mode & 0o7777).toString(8);

test('the rights follow core.sharedRepository as git reads it', () => {
  const table: readonly (readonly [shared: string, folder: number, file: number])[] = [
    ['umask', 0o700, 0o600],
    ['false', 0o700, 0o600],
    ['0', 0o700, 0o600],
    ['group', 0o2770, 0o660],
    ['true', 0o2770, 0o660],
    ['1', 0o2770, 0o660],
    ['all', 0o2775, 0o664],
    ['world', 0o2775, 0o664],
    ['everybody', 0o2775, 0o664],
    ['2', 0o2775, 0o664],
    ['0660', 0o2770, 0o660],
    ['0640', 0o2750, 0o640],
    ['0600', 0o700, 0o600],
    ['0666', 0o2777, 0o666],
    ['0777', 0o2777, 0o666],
    ['Group', 0o2770, 0o660],
    ['nonsense', 0o700, 0o600],
  ];
  for (const [shared, folder, file] of table) assert.deepEqual(spoolRights(shared), { folder, file }, shared);
});

for (const [shared, expected] of [
  ['umask', '700'],
  ['group', '2770'],
] as const) {
  test(`all folders are made, with the rights of ${shared}, whatever the umask`, async t => {
    const umask = process.umask(shared === 'umask' ? 0 : 0o077);
    t.after(() => process.umask(umask));
    const root = join(temporaryFolder(t), 'deep', 'spool');
    await createSpool(root, shared);
    const { dropTmp, dropNew, dropBad, queue, done, failed, ledger } = spoolLayout(root);
    for (const folder of [root, dirname(dropTmp), dropTmp, dropNew, dropBad, queue, done, failed, ledger])
      assert.equal(mode(folder), expected, folder);
  });
}

test('what is there stays, what is missing is made', async t => {
  const root = join(temporaryFolder(t), 'spool');
  await createSpool(root, 'umask');
  writeFileSync(join(root, 'drop', 'new', 'p1'), '');
  chmodSync(join(root, 'queue'), 0o711);
  await createSpool(root, 'umask');
  assert.deepEqual(readdirSync(join(root, 'drop', 'new')), ['p1']);
  assert.equal(mode(join(root, 'queue')), '711', 'an administrator had his reasons');
});

test('a repository that becomes a shared one gives its spool the rights that it lacks', async t => {
  const root = join(temporaryFolder(t), 'spool');
  await createSpool(root, 'umask');
  await createSpool(root, 'group');
  assert.equal(mode(join(root, 'drop', 'new')), '2770');
});

test('a file where a folder belongs is told by its name', async t => {
  const root = temporaryFolder(t);
  writeFileSync(join(root, 'queue'), '');
  await assert.rejects(createSpool(root, 'umask'), (error: unknown) => {
    assert.ok(error instanceof OperatorError);
    assert.ok(error.message.includes(join(root, 'queue')));
    return true;
  });
  mkdirSync(join(root, 'x'));
  writeFileSync(join(root, 'x', 'file'), '');
  await assert.rejects(createSpool(join(root, 'x', 'file', 'spool'), 'umask'), OperatorError);
});
