import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { commands } from '../../src/cli/commands.ts';
import { run } from '../fixtures/processes.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';
import { refpostProgram } from '../fixtures/server-repository.ts';

const names = ['', ...commands.map(({ name }) => name)];

test('every command explains itself with an example', async () => {
  const helps = await Promise.all(
    names.map(words => runHere([...words.split(' ').filter(word => word !== ''), '--help'], '/')),
  );
  for (const [at, { code, stdout, stderr }] of helps.entries()) {
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^Examples?:\n {2}refpost /m, `refpost ${names[at]} --help`);
  }
});

test('wrong usage is told in one line, and what was probably meant', async () => {
  const cases: readonly (readonly [words: readonly string[], sentence: RegExp])[] = [
    [['notifi'], /^error: unknown command 'notifi'\n\(Did you mean notify\?\)\n$/],
    [['work', '--onse'], /^error: unknown option '--onse'\n\(Did you mean --once\?\)\n$/],
    [['notify', 'HEAD'], /^error: missing required argument 'new'\n$/],
    [['outbox', 'retry'], /^error: name a push, or --all\n$/],
    [['status', '--json', '--prometheus'], /^error: --json and --prometheus cannot be combined\n$/],
  ];
  for (const [words, sentence] of cases) {
    const ended = await runHere(words, '/');
    assert.match(ended.stderr, sentence);
    assert.deepEqual([ended.code, ended.stdout], [64, '']);
  }
});

test('lines of help are filled, whatever the width of the terminal', async () => {
  for (const { name } of commands) {
    const { stdout } = await runHere([...name.split(' '), '--help'], '/');
    const lines = stdout.split('\n');
    const short = lines.filter((line, at) => {
      const next = /^[a-z]\S*/.exec(lines[at + 1] ?? '')?.[0];
      return next !== undefined && /^\S.*[^.:!?]$/.test(line) && line.length + 1 + next.length <= 80;
    });
    assert.deepEqual([name, short], [name, []]);
    assert.deepEqual(
      [name, lines.filter(line => line.length > 80 && !line.startsWith('  refpost '))],
      [name, []],
    );
  }
});

test('the version is known by all names that people try', async () => {
  const said = await Promise.all([['-v'], ['--version'], ['version']].map(words => runHere(words, '/')));
  assert.deepEqual(new Set(said.map(({ code, stdout }) => `${code} ${stdout}`)).size, 1);
  assert.match(said[0]?.stdout ?? '', /^\d+\.\d+\.\d+\n$/);
});

test('config shows one setting, and says what was probably meant', async t => {
  const { folder } = new TestRepository(temporaryFolder(t));
  const one = await runHere(['config', 'maxmails', '--repo', folder, '-c', 'refpost.maxMails=7'], '/');
  assert.deepEqual([one.code, one.stdout], [0, 'refpost.maxMails = 7\tcommand line\n']);
  assert.equal(
    (await runHere(['config', 'refpost.tls', '--repo', folder], '/')).stdout,
    'refpost.tls = verify\tdefault\n',
  );
  const wrong = await runHere(['config', 'maxMail', '--repo', folder], '/');
  assert.equal(wrong.code, 78);
  assert.match(wrong.stderr, /did you mean refpost\.maxMails\?/);
});

test('a reader who has seen enough ends a dry run quietly', async t => {
  const repository = new TestRepository(temporaryFolder(t));
  repository.commit();
  const lines = 'one more line\n'.repeat(5_000);
  for (const name of ['a', 'b', 'c', 'd', 'e']) repository.commit({ files: { [name]: lines } });
  const dryRun = [...refpostProgram, 'notify', 'HEAD~5', 'HEAD', 'main', '--dry-run'];
  const script = '{ "$@"; echo "code $?" >&2; } | head -1';
  const ended = await run(['sh', '-c', script, 'sh', ...dryRun], {
    cwd: repository.folder,
    env: gitEnvironment(),
  });
  assert.match(ended.stdout, /^From [^\n]*\n$/);
  assert.equal(ended.stderr, 'code 0\n');
});

test('commands work in the repository that GIT_DIR names, also where git is to find no bare one by itself', async t => {
  const { folder } = new TestRepository(`${temporaryFolder(t)}/project.git`, '--bare');
  writeFileSync(`${folder}/gitconfig`, '[safe]\n\tbareRepository = explicit\n');
  const strict = { GIT_CONFIG_GLOBAL: `${folder}/gitconfig` };
  for (const [words, cwd, env] of [
    [[], '/', { GIT_DIR: folder }],
    [['--repo', folder], '/', strict],
    [['--repo', folder], '/', { ...strict, GIT_DIR: '/nonexistent' }],
    [[], `${folder}/hooks`, strict],
  ] as const) {
    mkdirSync(`${folder}/hooks`, { recursive: true });
    const ended = await runHere(['config', ...words], cwd, gitEnvironment(env));
    assert.deepEqual([ended.code, ended.stderr], [0, '']);
  }
});
