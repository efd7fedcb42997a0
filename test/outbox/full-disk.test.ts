import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createSpool } from '../../src/disk/create-spool.ts';
import { EX, OperatorError } from '../../src/errors.ts';
import {
  addPush,
  claimOf,
  claims,
  collect,
  happened,
  NOON,
  REPOSITORY,
  reopen,
  statesOf,
  stream,
  testMail,
  testPush,
  testSpool,
} from './spool-fixture.ts';

/** A spool on a file system of 256 kB, or undefined where only root could make one. */
async function smallSpool(t: TestContext): Promise<string | undefined> {
  const disk = mkdtempSync(join(tmpdir(), 'refpost-test-'));
  try {
    execFileSync('sh', ['-c', 'mount -t tmpfs -o size=256k,mode=700 refpost-test "$0"', disk], {
      stdio: 'ignore',
    });
  } catch {
    rmdirSync(disk);
    t.skip('a small file system cannot be mounted here');
    return undefined;
  }
  t.after(() => {
    execFileSync('sh', ['-c', 'umount "$0"', disk]);
    rmdirSync(disk);
  });
  const root = join(disk, 'spool');
  await createSpool(root, 'umask');
  return root;
}

function fill(root: string): void {
  assert.throws(() => writeFileSync(join(root, '..', 'filler'), Buffer.alloc(1 << 20)), /ENOSPC/);
}

function isFull(error: unknown): boolean {
  assert.ok(error instanceof OperatorError);
  assert.match(error.message, /^no space left to write /);
  assert.match(error.remedy, /nothing is lost/);
  return error.exitCode === EX.IOERR;
}

test('a push that finds no room is not stored, gives back what it took, and comes in later', async t => {
  const root = await smallSpool(t);
  if (!root) return;
  const outbox = await reopen({ root });
  const large = () =>
    stream(...[1, 2, 3].map(n => ({ ...testMail(`m${n}`), bytes: Buffer.alloc(100_000, 'x') })));
  await assert.rejects(outbox.add(testPush('p'), large(), { now: NOON }), isFull);
  assert.deepEqual(readdirSync(join(root, 'queue')), []);
  assert.equal(await outbox.knows('p'), false);
  assert.equal((await addPush(outbox, 'p', ['one'])).number, 1);
});

test('an event that finds no room can be recorded again, and the journal stays readable', async t => {
  const root = await smallSpool(t);
  if (!root) return;
  const outbox = await reopen({ root });
  const entry = await addPush(outbox, 'p', ['one', 'two']);
  const events = [happened('sent', 1, { reply: 'x'.repeat(20_000) }), happened('sending', 2)];
  for await (const _ of claims(outbox, NOON)) {
    fill(root);
    await assert.rejects(outbox.record(claimOf(entry), events), isFull);
    await assert.rejects(outbox.record(claimOf(entry), events), isFull);
    rmSync(join(root, '..', 'filler'));
    assert.deepEqual(statesOf(await outbox.record(claimOf(entry), events)), ['sent', 'waiting']);
  }
  const [listed] = await collect((await reopen({ root })).entries('queue'));
  assert.ok(listed && listed.damaged === undefined);
  assert.deepEqual(statesOf(listed.state), ['sent', 'waiting']);
});

test('a ledger that finds no room after its push was stored moves before anybody reads it', async t => {
  const { outbox } = await testSpool(t);
  await outbox.baseline(REPOSITORY, { refs: new Map([['refs/heads/main', 'aaa']]) });
  const original = fs.rename;
  let renames = 0;
  t.mock.method(fs, 'rename', async (from: string, to: string) => {
    if (++renames > 1) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    return original(from, to);
  });
  syncBuiltinESMExports();
  const push = () =>
    addPush(outbox, 'p', ['one'], { now: NOON, ledger: { refs: { 'refs/heads/main': 'bbb' } } });
  await assert.rejects(push(), isFull);
  await assert.rejects(outbox.ledger(REPOSITORY), isFull);
  await assert.rejects(addPush(outbox, 'next', ['one']), isFull);
  t.mock.restoreAll();
  syncBuiltinESMExports();
  assert.equal(await outbox.knows('p'), true);
  assert.equal((await outbox.ledger(REPOSITORY))?.refs.get('refs/heads/main'), 'bbb');
  assert.equal((await push()).number, 1);
  assert.equal((await addPush(outbox, 'next', ['one'])).number, 2);
});
