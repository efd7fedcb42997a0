import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createSpool } from '../../src/disk/create-spool.ts';
import { OperatorError } from '../../src/errors.ts';
import { holder, takeLock } from '../../src/outbox/directory/lock.ts';
import { temporaryFolder } from '../fixtures/repository.ts';

const TAKER = fileURLToPath(new URL('./lock-taker.js', import.meta.url));

async function emptySpool(t: TestContext): Promise<string> {
  const root = join(temporaryFolder(t), 'spool');
  await createSpool(root, 'umask');
  return root;
}

/** Starts a process that tries to take the lock; ended with the test at the latest. */
function taker(t: TestContext, root: string): ChildProcess {
  const child = spawn(process.execPath, [TAKER, root], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

async function answer(child: ChildProcess): Promise<string> {
  const [chunk] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  return String(chunk).trim();
}

/** A PATH with nothing in it but the programs named. */
function pathOf(t: TestContext, ...programs: readonly string[]): NodeJS.ProcessEnv {
  const folder = temporaryFolder(t);
  for (const program of programs) {
    const found = execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
    symlinkSync(found, join(folder, program));
  }
  return { PATH: folder };
}

test('of twenty that start at once, one holds the lock', async t => {
  const root = await emptySpool(t);
  const answers = await Promise.all(Array.from({ length: 20 }, () => answer(taker(t, root))));
  assert.equal(answers.filter(word => word === 'held').length, 1);
  assert.equal(answers.filter(word => word === 'busy').length, 19);
});

test('the lock goes with its holder, however he ends, and can be taken again', async t => {
  const root = await emptySpool(t);
  const child = taker(t, root);
  assert.equal(await answer(child), 'held');
  assert.equal(await takeLock(root, 'umask', process.env), undefined);
  assert.deepEqual(await holder(root), { pid: child.pid, host: hostname(), alive: true });
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal((await holder(root))?.alive, false);
  const lock = await takeLock(root, 'umask', process.env);
  assert.equal((await holder(root))?.pid, process.pid);
  assert.equal(await takeLock(root, 'umask', process.env), undefined, 'not even twice by one process');
  await lock?.release();
  assert.equal(await holder(root), undefined);
});

test('a holder file that names a process which does not hold the lock is no living worker', async t => {
  const root = await emptySpool(t);
  const other = spawn('sleep', ['60'], { stdio: 'ignore' });
  t.after(() => other.kill('SIGKILL'));
  await once(other, 'spawn');
  for (const pid of [other.pid, process.pid]) {
    writeFileSync(join(root, 'lock'), `${pid} ${hostname()}\n`);
    assert.deepEqual(await holder(root), { pid, host: hostname(), alive: false });
  }
  writeFileSync(join(root, 'lock'), `${process.pid} elsewhere\n`);
  assert.equal((await holder(root))?.alive, undefined);
});

test('removing the file that looks like a stale lock lets nobody in', async t => {
  const root = await emptySpool(t);
  const lock = await takeLock(root, 'umask', process.env);
  rmSync(join(root, 'lock'));
  assert.equal(await takeLock(root, 'umask', process.env), undefined);
  await lock?.release();
});

test('a program that the holder has started does not keep the lock', async t => {
  const root = await emptySpool(t);
  const lock = await takeLock(root, 'umask', process.env);
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  await lock?.release();
  const again = await takeLock(root, 'umask', process.env);
  assert.ok(again);
  await again.release();
});

test('perl locks where there is no flock, and both keep each other out', async t => {
  const root = await emptySpool(t);
  const perl = pathOf(t, 'perl');
  const flock = pathOf(t, 'flock');
  for (const [first, second] of [
    [perl, flock],
    [flock, perl],
    [perl, perl],
  ]) {
    const lock = await takeLock(root, 'umask', first as NodeJS.ProcessEnv);
    assert.ok(lock);
    assert.equal(await takeLock(root, 'umask', second as NodeJS.ProcessEnv), undefined);
    await lock.release();
  }
});

test('without any program to lock with, it says what to install', async t => {
  const root = await emptySpool(t);
  await assert.rejects(takeLock(root, 'umask', pathOf(t)), (error: unknown) => {
    assert.ok(error instanceof OperatorError);
    assert.match(error.remedy, /util-linux/);
    return true;
  });
});

test('a spool that is not there is told by its name', async t => {
  const root = join(temporaryFolder(t), 'missing');
  await assert.rejects(takeLock(root, 'umask', process.env), new RegExp(root));
});

test('a holder file that makes no sense is nobody', async t => {
  const root = await emptySpool(t);
  assert.equal(await holder(root), undefined);
  mkdirSync(join(root, 'other'));
  const lock = await takeLock(root, 'umask', process.env);
  assert.equal(readFileSync(join(root, 'lock'), 'utf8'), `${process.pid} ${hostname()}\n`);
  await lock?.release();
});
