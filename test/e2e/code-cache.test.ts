import assert from 'node:assert/strict';
import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { run } from '../fixtures/processes.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { HOME } from '../fixtures/world.ts';

const asRoot = process.geteuid?.() === 0;

/** refpost as it is installed, without anything compiled beside it. */
function installed(t: TestContext) {
  const home = temporaryFolder(t);
  chmodSync(home, 0o755);
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(HOME, part), join(home, part), { recursive: true });
  const dist = join(home, 'dist');
  const caches = () => readdirSync(dist).filter(file => file.includes('.cache'));
  for (const file of caches()) rmSync(join(dist, file));
  return {
    ...{ home, dist, caches },
    cacheOf: () => join(dist, caches()[0] ?? ''),
    /** Runs it, with options of node, as another user where a program for that is named. */
    async works(options: readonly string[] = [], by: readonly string[] = []) {
      const words = [...by, process.execPath, ...options, join(home, 'bin', 'refpost.js'), '--version'];
      const { code, stdout, stderr } = await run(words, { env: gitEnvironment() });
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
    },
  };
}

test('the first run of the owner keeps what node has compiled, whole and once, for all who may read the program', async t => {
  const { works, caches, cacheOf } = installed(t);
  await works();
  assert.equal(caches().length, 1);
  assert.equal(statSync(cacheOf()).mode & 0o777, 0o644);
  const kept = statSync(cacheOf(), { bigint: true });
  await works();
  const { ino, mtimeNs } = statSync(cacheOf(), { bigint: true });
  assert.deepEqual([ino, mtimeNs], [kept.ino, kept.mtimeNs], 'it is not written again');
});

test('a run that has compiled much more than what was kept adds it', async t => {
  const { works, cacheOf, home } = installed(t);
  await works();
  const { size } = statSync(cacheOf());
  const { folder } = new TestRepository(join(home, 'project'));
  await run([process.execPath, join(home, 'bin', 'refpost.js'), 'status'], {
    cwd: folder,
    env: gitEnvironment(),
  });
  assert.ok(statSync(cacheOf()).size > 1.2 * size);
});

test('what each start reads is small: packages for archives alone are in a file of their own', () => {
  assert.ok(statSync(join(HOME, 'dist', 'main.cjs')).size < 2_000_000);
});

const DAMAGE: readonly [what: string, damaged: (bytes: Buffer) => Buffer][] = [
  ['cut off', bytes => bytes.subarray(0, bytes.length >> 1)],
  ['empty', () => Buffer.alloc(0)],
  ['full of zeros', bytes => Buffer.alloc(bytes.length)],
  [
    'changed in one byte',
    bytes => {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
      return changed;
    },
  ],
];

for (const [what, damaged] of DAMAGE) {
  test(`what was compiled is made anew where it is ${what}`, async t => {
    const { works, cacheOf } = installed(t);
    await works();
    writeFileSync(cacheOf(), damaged(readFileSync(cacheOf())));
    const { ino } = statSync(cacheOf());
    await works();
    assert.notEqual(statSync(cacheOf()).ino, ino);
  });
}

test('another program, and node with other flags, do not use what was compiled for this one', async t => {
  const { works, caches, dist } = installed(t);
  await works();
  const [first] = caches();
  await works(['--no-opt']);
  assert.equal(caches().length, 2);
  // One letter of a text: V8 compares no more than the length.
  const main = join(dist, 'main.cjs');
  writeFileSync(main, readFileSync(main, 'latin1').replace('nothing is lost', 'nothing is last'));
  await works();
  assert.equal(caches().length, 3);
  assert.ok(caches().includes(first as string));
});

test('who does not own the program writes nothing, and neither does the owner where nothing may be written', {
  skip: !asRoot && 'needs root',
}, async t => {
  const { works, caches, dist, home } = installed(t);
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  chmodSync(dist, 0o777);
  await works([], nobody);
  assert.deepEqual(caches(), []);
  chmodSync(dist, 0o755);
  await works();
  const { ino } = statSync(join(dist, caches()[0] as string));
  await works([], nobody);
  assert.equal(statSync(join(dist, caches()[0] as string)).ino, ino);

  // A folder that its owner may not write to, as on a disk that is read-only.
  for (const file of caches()) rmSync(join(dist, file));
  await run(['chown', '-R', '65534', home]);
  chmodSync(dist, 0o555);
  await works([], nobody);
  assert.deepEqual(caches(), []);
});
