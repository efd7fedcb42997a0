import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { OperatorError } from '../../src/errors.ts';
import type { Ledger, LedgerMove } from '../../src/model/ledger.ts';
import { openOutbox } from '../../src/outbox/directory/open-outbox.ts';
import { addPush, NOON, REPOSITORY, reopen, testSpool } from './spool-fixture.ts';

const main = 'refs/heads/main';
const ledgerAt = (value: string): Ledger => ({ refs: new Map([[main, value]]) });
const moveTo = (value: string | null): LedgerMove => ({ refs: { [main]: value } });

function ledgerFile(root: string): string {
  const [name] = readdirSync(join(root, 'ledger'));
  return join(root, 'ledger', name as string);
}

test('repositories have ledgers of their own, and one inside its repository moves along', async t => {
  const { root, outbox } = await testSpool(t);
  await outbox.baseline(join(root, '..'), ledgerAt('inside'));
  await outbox.baseline(REPOSITORY, ledgerAt('elsewhere'));
  const moved = join(root, '..', '..', `${Date.now()}-renamed`);
  t.after(() => rmSync(moved, { recursive: true, force: true }));
  renameSync(join(root, '..'), moved);
  const next = await reopen({ root: join(moved, 'spool') });
  assert.deepEqual(await next.ledger(moved), ledgerAt('inside'));
});

test('a ledger that was not moved before the worker died is moved by the next', async t => {
  const { root, outbox } = await testSpool(t);
  await outbox.baseline(REPOSITORY, ledgerAt('aaa'));
  await addPush(outbox, 'p1', ['one'], { now: NOON, ledger: moveTo('bbb') });
  const before = readFileSync(ledgerFile(root));
  await addPush(outbox, 'p2', ['one'], { now: NOON, ledger: moveTo('ccc') });
  writeFileSync(ledgerFile(root), before);
  const next = openOutbox(root, 'umask');
  assert.deepEqual(
    (await next.recover()).applied.map(entry => entry.push.id),
    ['p2'],
  );
  assert.deepEqual(await next.ledger(REPOSITORY), ledgerAt('ccc'));
  assert.deepEqual((await next.recover()).applied, [], 'once is enough');
});

test('a new ledger in the place of one that was taken away is not moved by older pushes', async t => {
  const { root, outbox } = await testSpool(t);
  await outbox.baseline(REPOSITORY, ledgerAt('aaa'));
  await addPush(outbox, 'p1', ['one'], { now: NOON, ledger: moveTo('bbb') });
  rmSync(ledgerFile(root));
  const next = await reopen({ root });
  assert.equal(await next.ledger(REPOSITORY), undefined);
  await next.baseline(REPOSITORY, ledgerAt('ccc'));
  assert.deepEqual((await (await reopen({ root })).ledger(REPOSITORY)) ?? {}, ledgerAt('ccc'));
});

test('numbers stay above the ledger even if people removed all entries', async t => {
  const { root, outbox } = await testSpool(t);
  await outbox.baseline(REPOSITORY, ledgerAt('aaa'));
  for (const id of ['p1', 'p2']) await addPush(outbox, id, ['one'], { now: NOON, ledger: moveTo(id) });
  rmSync(join(root, 'queue'), { recursive: true });
  mkdirSync(join(root, 'queue'));
  const next = await reopen({ root });
  assert.equal((await addPush(next, 'p3', ['one'], { now: NOON, ledger: moveTo('p3') })).number, 3);
  assert.deepEqual(await next.ledger(REPOSITORY), ledgerAt('p3'));
});

test('a damaged ledger is told with its file and holds nobody else', async t => {
  const { root, outbox } = await testSpool(t);
  await outbox.baseline(REPOSITORY, ledgerAt('aaaa'));
  await addPush(outbox, 'p1', ['one'], { now: NOON, ledger: moveTo('bbbb') });
  const path = ledgerFile(root);
  writeFileSync(path, readFileSync(path, 'utf8').replace('bbbb', 'bbbc'));
  const next = await reopen({ root });
  await assert.rejects(next.ledger(REPOSITORY), (error: unknown) => {
    assert.ok(error instanceof OperatorError);
    assert.ok(error.message.includes(path));
    return true;
  });
  assert.equal(await next.ledger('/srv/git/other.git'), undefined);
  assert.equal((await addPush(next, 'other', ['one'])).number, 2);
});
