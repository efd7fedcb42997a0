import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../fixtures/processes.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';
import { refpostProgram } from '../fixtures/server-repository.ts';

const commands = [
  '',
  'install',
  'hook',
  'work',
  'notify',
  'outbox',
  'outbox list',
  'outbox show',
  'outbox retry',
  'outbox drop',
  'doctor',
  'config',
];

test('every command explains itself with an example', async () => {
  const helps = await Promise.all(
    commands.map(words => runHere([...words.split(' ').filter(word => word !== ''), '--help'], '/')),
  );
  for (const [at, { code, stdout, stderr }] of helps.entries()) {
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(
      stdout,
      /^Examples?(, in hooks\/post-receive)?:\n {2}refpost /m,
      `refpost ${commands[at]} --help`,
    );
  }
});

test('wrong usage is told in one line, and what was probably meant', async () => {
  const cases: readonly (readonly [words: readonly string[], sentence: RegExp])[] = [
    [['notifi'], /^error: unknown command 'notifi'\n\(Did you mean notify\?\)\n$/],
    [['work', '--onse'], /^error: unknown option '--onse'\n\(Did you mean --once\?\)\n$/],
    [['notify', 'HEAD'], /^error: missing required argument 'new'\n$/],
    [['outbox', 'retry'], /^error: name a push, or --all\n$/],
  ];
  for (const [words, sentence] of cases) {
    const ended = await runHere(words, '/');
    assert.match(ended.stderr, sentence);
    assert.deepEqual([ended.code, ended.stdout], [64, '']);
  }
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
