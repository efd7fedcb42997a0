import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { manyCommits } from '../fixtures/many-commits.ts';
import { run } from '../fixtures/processes.ts';
import { announced } from '../fixtures/read-mails.ts';
import { gitEnvironment } from '../fixtures/repository.ts';
import { refpostProgram, serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

test('a spool that cannot be written costs a push one line, and the next push brings its mails', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  const file = join(server.folder, 'file');
  writeFileSync(file, '');
  const commits = manyCommits({ clone: server.clone, count: 2, title: 'One' });
  server.config('refpost.spool', join(file, 'spool'));
  const push = await server.push();
  assert.equal(push.code, 0);
  assert.match(
    push.stderr,
    /^remote: refpost: this push is not recorded, [^\n]*Not a directory[^\n]*the push itself is fine *\n$/,
  );
  const ended = await server.refpost('work', '--once');
  assert.equal(ended.code, 74);
  assert.match(ended.stderr, /^refpost: .*cannot be used/);

  server.config('refpost.spool', undefined);
  commits.push(...manyCommits({ clone: server.clone, count: 1, title: 'Two' }));
  assert.equal((await server.push()).stderr, '');
  assert.deepEqual(announced(await server.arrived(3, inbox)), commits);
});

test('a full disk loses nothing: pushes are told, and their mails go out when there is room', async t => {
  const spool = smallDisk(t);
  if (spool === undefined) return t.skip('only root can mount a small disk');
  const inbox = await startInbox(t);
  const settings = { 'refpost.worker': 'service' };
  const server = await serverRepository(t, { port: inbox.port, settings, spool });
  const commits = manyCommits({ clone: server.clone, count: 2, title: 'One' });
  fill(spool, 0);
  const push = await server.push();
  assert.equal(push.code, 0);
  assert.match(push.stderr, /^remote: refpost: this push is not recorded, [^\n]*\n$/);
  // Named are the reason and the place.
  assert.ok(push.stderr.includes(`No space left on device in ${spool}`), push.stderr);

  const asked = await server.refpost('notify', 'main~1', 'main', 'main');
  assert.match(asked.stderr, /^refpost: no space left to write /);
  assert.equal(asked.code, 74);

  // Room for a record, but not for its mails.
  fill(spool, 32);
  commits.push(...manyCommits({ clone: server.clone, count: 30, title: 'Two' }));
  assert.deepEqual(await server.push(), { code: 0, signal: null, stdout: '', stderr: '' });
  const ended = await server.refpost('work', '--once');
  assert.equal(ended.code, 74);
  assert.match(ended.stderr, /no space left to write/);
  assert.deepEqual(inbox.received, []);

  rmSync(join(spool, 'filler'));
  assert.equal((await server.refpost('work', '--once')).code, 0);
  assert.deepEqual(announced(await server.arrived(32, inbox)), commits);
});

test('a spool on a read-only disk is told to the push and to the worker, and nothing is lost', async t => {
  const spool = smallDisk(t);
  if (spool === undefined) return t.skip('only root can mount a small disk');
  const inbox = await startInbox(t);
  const settings = { 'refpost.worker': 'service' };
  const server = await serverRepository(t, { port: inbox.port, settings, spool });
  const commits = manyCommits({ clone: server.clone, count: 2, title: 'One' });
  await server.push();
  remount(spool, 'ro');
  commits.push(...manyCommits({ clone: server.clone, count: 1, title: 'Two' }));
  const push = await server.push();
  assert.equal(push.code, 0);
  assert.match(
    push.stderr,
    /^remote: refpost: this push is not recorded, [^\n]*Read-only file system[^\n]*\n$/,
  );
  const ended = await server.refpost('work', '--once');
  assert.match(ended.stderr, /^refpost: \S+ is on a read-only file system$/m);
  assert.equal(ended.code, 74);

  remount(spool, 'rw');
  commits.push(...manyCommits({ clone: server.clone, count: 1, title: 'Three' }));
  await server.push();
  assert.equal((await server.refpost('work', '--once')).code, 0);
  assert.deepEqual(announced(await server.arrived(4, inbox)), commits);
});

test('a worker that may not write large files keeps the push recorded and says why', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port, settings: { 'refpost.worker': 'service' } });
  const commits = manyCommits({ clone: server.clone, count: 30, title: 'One' });
  await server.push();
  const limited = [
    'sh',
    '-c',
    `trap '' XFSZ; ulimit -f 16; exec "$0" "$@"`,
    ...refpostProgram,
    'work',
    '--once',
  ];
  const ended = await run(limited, { cwd: server.bare, env: gitEnvironment() });
  assert.match(ended.stderr, /would be larger than the limit for files of this process/);
  assert.equal(ended.code, 74);
  assert.deepEqual(inbox.received, []);
  assert.equal((await server.refpost('work', '--once')).code, 0);
  assert.deepEqual(announced(await server.arrived(30, inbox)), commits);
});

/** A folder on a file system of its own, of 512 KiB; undefined where that is not allowed. */
function smallDisk(t: TestContext): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'refpost-test-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'refpost-test', folder]);
  t.after(() => {
    if (status === 0) spawnSync('umount', [folder]);
    rmdirSync(folder);
  });
  return status === 0 ? folder : undefined;
}

function remount(folder: string, access: 'ro' | 'rw'): void {
  assert.equal(spawnSync('mount', ['-o', `remount,${access}`, folder]).status, 0);
}

/** Leaves so many KiB free, and no more. */
function fill(folder: string, free: number): void {
  const filler = join(folder, 'filler');
  rmSync(filler, { force: true });
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(filler, Buffer.alloc(bavail * bsize - free * 1024));
}
