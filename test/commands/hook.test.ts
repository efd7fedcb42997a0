import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { record } from '../../src/commands/hook.ts';
import type { World } from '../../src/model/world.ts';
import { ZERO } from '../fixtures/nouns.ts';
import { gitEnvironment, TestRepository } from '../fixtures/repository.ts';
import { testWorld } from '../fixtures/world.ts';
import { Hooked } from '../hook/hooked.ts';

const LINE = `${ZERO} ${'a'.repeat(40)} refs/heads/main\n`;
const NOW = Date.UTC(2026, 10, 22, 11, 30);
const ID = '20261122T113000-9f86d081';

interface Odd extends Partial<World> {
  readonly input?: Buffer;
}

/** What `refpost hook` says, if anything. */
async function call(hooked: Hooked, { input = Buffer.from(LINE), ...odd }: Odd = {}): Promise<string> {
  const env = gitEnvironment({ GIT_DIR: '.' });
  const world = testWorld({ stdin: Readable.from([input]), env, cwd: hooked.bare, now: () => NOW, ...odd });
  await record(world, '9f86d081');
  return world.err();
}

test('`refpost hook` stores the record that the script stores', async t => {
  const hooked = new Hooked(t, "a 'b\nc");
  const value = `x\nrepository /etc\n\n\n`;
  const env = {
    USER: 'git',
    GL_USER: value,
    GIT_PUSH_OPTION_COUNT: '2',
    GIT_PUSH_OPTION_0: value,
    GIT_PUSH_OPTION_1: '',
  };
  const lines = `${LINE}rubbish\xe9\n${LINE.replace('main', 'caf\xe9')}`;
  const input = Buffer.from(lines, 'latin1');
  assert.equal(await call(hooked, { input, env: gitEnvironment({ GIT_DIR: '.', ...env }) }), '');
  hooked.run(['sh'], input, env);
  const [byScript, byNode] = readdirSync(hooked.layout.dropNew).toSorted((one, _) => (one === ID ? 1 : -1));
  assert.equal(byNode, ID);
  const read = (id = ''): string => readFileSync(join(hooked.layout.dropNew, id), 'latin1');
  assert.equal(read(byNode), read(byScript).replaceAll(/^time .*$/gm, `time ${NOW / 1000}`));
  assert.deepEqual(hooked.unfinished(), []);
});

test('it starts a worker that knows nothing of the push', async t => {
  const hooked = new Hooked(t);
  hooked.worker('{ printf "%s\\n" "$*"; pwd; env; } >"$out"');
  const env = gitEnvironment({ GIT_DIR: '.', GIT_QUARANTINE_PATH: 'x' });
  assert.equal(await call(hooked, { env }), '');
  const told = await hooked.fromWorker();
  assert.ok(told.startsWith(`work --drain --repo ${hooked.bare}\n/\n`), told);
  assert.doesNotMatch(told, /^GIT_(DIR|QUARANTINE)/m);
});

test('without refpost.command it starts the program that it is', async t => {
  const hooked = new Hooked(t);
  hooked.config('refpost.worker', 'hook');
  const out = JSON.stringify(join(hooked.folder, 'out'));
  mkdirSync(join(hooked.folder, 'bin'));
  writeFileSync(
    join(hooked.folder, 'bin', 'refpost.js'),
    `const fs = require('fs');
fs.writeFileSync(${out} + '.new', process.argv.slice(2).join(' '));
fs.renameSync(${out} + '.new', ${out});`,
  );
  assert.equal(await call(hooked, { home: hooked.folder }), '');
  assert.equal(await hooked.fromWorker(), `work --drain --repo ${hooked.bare}`);
});

test('a push is never spoiled: what fails is one line', async t => {
  const recorded: readonly (readonly [RegExp, (hooked: Hooked) => void])[] = [
    [
      /not recorded.*File exists|not recorded.*not a directory|not recorded/i,
      hooked => writeFileSync(hooked.layout.root, ''),
    ],
    [/not recorded.*not an absolute path/, hooked => hooked.config('refpost.spool', 'x')],
    [/not recorded.*bad config/, hooked => writeFileSync(join(hooked.bare, 'config'), '[broken')],
  ];
  for (const [sentence, prepare] of recorded) {
    const hooked = new Hooked(t);
    prepare(hooked);
    const line = await call(hooked);
    assert.match(line, /^refpost: this push [^\n]*; the push itself is fine\n$/);
    assert.match(line, sentence);
  }
  // Of what a hook does not need the worker says what is wrong.
  const broken = new Hooked(t);
  mkdirSync(broken.layout.root);
  for (const path of [broken.layout.done, broken.layout.queue]) writeFileSync(path, '');
  assert.equal(await call(broken), '');
  broken.run(['sh'], LINE);
  assert.equal(readdirSync(broken.layout.dropNew).length, 2);
  const unstarted = new Hooked(t);
  unstarted.config('refpost.worker', 'hook');
  assert.match(await call(unstarted, { home: '\0' }), /waits in the outbox.*; the push itself is fine\n$/);
  const nowhere = await call(new Hooked(t), { cwd: '/', env: gitEnvironment() });
  assert.match(nowhere, /not recorded/);
});

test('without any input nothing is recorded', async t => {
  const hooked = new Hooked(t);
  assert.equal(await call(hooked, { input: Buffer.alloc(0) }), '');
  assert.deepEqual(await hooked.recorded(), []);
});

test('the repository is named without links and work trees', async t => {
  const hooked = new Hooked(t);
  symlinkSync(hooked.bare, join(hooked.folder, 'link'));
  await call(hooked, { env: gitEnvironment({ GIT_DIR: '../link' }), cwd: hooked.work.folder });
  assert.equal((await hooked.recorded())[0]?.repository, hooked.bare);

  const main = new TestRepository(join(hooked.folder, 'main'));
  main.commit();
  main.git('config', 'refpost.worker', 'service');
  main.git('config', 'refpost.spool', join(hooked.folder, 'spool'));
  main.git('worktree', 'add', '-q', '../linked');
  mkdirSync(join(hooked.folder, 'spool'));
  assert.equal(await call(hooked, { cwd: join(main.folder, '.git', 'worktrees', 'linked') }), '');
  const record = readFileSync(join(hooked.folder, 'spool', 'drop', 'new', ID), 'utf8');
  assert.match(record, new RegExp(`^repository ${join(main.folder, '.git')}$`, 'm'));
});
