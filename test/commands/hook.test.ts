import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type HookCall, hook } from '../../src/commands/hook.ts';
import { openGit } from '../../src/git/git.ts';
import { ZERO } from '../fixtures/nouns.ts';
import { gitEnvironment, TestRepository } from '../fixtures/repository.ts';
import { Hooked } from '../hook/hooked.ts';

const LINE = `${ZERO} ${'a'.repeat(40)} refs/heads/main\n`;
const NOW = Date.UTC(2026, 10, 22, 11, 30);
const ID = '20261122T113000-9f86d081';

function call(hooked: Hooked, odd: Partial<HookCall> = {}): Promise<string | undefined> {
  return hook({
    stdin: Buffer.from(LINE),
    env: gitEnvironment({ GIT_DIR: '.' }),
    cwd: hooked.bare,
    now: NOW,
    random: '9f86d081',
    command: ['/nonexistent/refpost'],
    openGit: gitDir => openGit(gitDir, odd.env ?? gitEnvironment()),
    ...odd,
  });
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
  const stdin = Buffer.from(lines, 'latin1');
  assert.equal(await call(hooked, { stdin, env: gitEnvironment({ GIT_DIR: '.', ...env }) }), undefined);
  hooked.run(['sh'], stdin, env);
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
  assert.equal(await call(hooked, { env }), undefined);
  const told = await hooked.fromWorker();
  assert.ok(told.startsWith(`work --drain --repo ${hooked.bare}\n/\n`), told);
  assert.doesNotMatch(told, /^GIT_(DIR|QUARANTINE)/m);
});

test('without refpost.command it starts the program that it is', async t => {
  const hooked = new Hooked(t);
  hooked.worker('printf %s "$*" >"$out"');
  hooked.config('refpost.command', '');
  assert.equal(await call(hooked, { command: [join(hooked.folder, 'the worker'), '-x'] }), undefined);
  assert.equal(await hooked.fromWorker(), `-x work --drain --repo ${hooked.bare}`);
});

test('a push is never spoiled: what fails is one line', async t => {
  const recorded: readonly (readonly [RegExp, (hooked: Hooked) => void])[] = [
    [/waits in the outbox/, hooked => hooked.config('refpost.worker', 'hook')],
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
    const line = (await call(hooked)) ?? '';
    assert.match(line, /^refpost: this push [^\n]*; the push itself is fine$/);
    assert.match(line, sentence);
  }
  const nowhere = await call(new Hooked(t), { cwd: '/', env: gitEnvironment() });
  assert.match(nowhere ?? '', /not recorded/);
});

test('without any input nothing is recorded', async t => {
  const hooked = new Hooked(t);
  assert.equal(await call(hooked, { stdin: Buffer.alloc(0) }), undefined);
  assert.deepEqual(await hooked.recorded(), []);
});

test('the repository is named without links and work trees', async t => {
  const hooked = new Hooked(t);
  symlinkSync(hooked.bare, join(hooked.folder, 'link'));
  await call(hooked, { env: gitEnvironment({ GIT_DIR: '../link' }), cwd: join(hooked.folder, 'work') });
  assert.equal((await hooked.recorded())[0]?.repository, hooked.bare);

  const main = new TestRepository(join(hooked.folder, 'main'));
  main.commit();
  main.git('config', 'refpost.worker', 'service');
  main.git('config', 'refpost.spool', join(hooked.folder, 'spool'));
  main.git('worktree', 'add', '-q', '../linked');
  mkdirSync(join(hooked.folder, 'spool'));
  assert.equal(await call(hooked, { cwd: join(main.folder, '.git', 'worktrees', 'linked') }), undefined);
  const record = readFileSync(join(hooked.folder, 'spool', 'drop', 'new', ID), 'utf8');
  assert.match(record, new RegExp(`^repository ${join(main.folder, '.git')}$`, 'm'));
});
