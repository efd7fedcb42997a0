import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { manyCommits } from '../fixtures/many-commits.ts';
import { ZERO } from '../fixtures/nouns.ts';
import { type Ended, run } from '../fixtures/processes.ts';
import { announced } from '../fixtures/read-mails.ts';
import { gitEnvironment, temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';
import { type ServerRepository, serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

const UNHEARD_OF = 'beef'.repeat(10);

test('notify says in one sentence what is wrong with what it was asked', async t => {
  const server = await serverRepository(t, { port: 1 });
  manyCommits({ clone: server.clone, count: 2, title: 'One' });
  await pushUnheard(server, 'main');
  const nowhere = join(server.folder, 'nowhere');
  mkdirSync(nowhere);
  const cases: readonly (readonly [words: readonly string[], code: number, sentence: string])[] = [
    [['nonsense', 'main', 'main'], 66, `nonsense is not a revision of ${server.bare}`],
    [['main~9', 'main', 'main'], 66, `main~9 is not a revision of ${server.bare}`],
    [['--', '--all', 'main', 'main'], 66, `--all is not a revision of ${server.bare}`],
    [['main~1', 'main', 'elsewhere'], 66, `there is no ref elsewhere in ${server.bare}`],
    [['main~1', UNHEARD_OF, 'main'], 66, `the object ${UNHEARD_OF} is not in ${server.bare}`],
    [[ZERO, ZERO, 'main'], 64, 'both revisions are all zeros: there is nothing between them'],
    [['main~1', 'main', 'main', '--repo', nowhere], 66, `${nowhere} is not a git repository`],
    [['main~1', 'main', 'main', '--repo', '/none'], 66, '/none is not a git repository'],
    [['main~1', 'main', 'main', '-c', 'refpost.maxMails'], 64, 'an argument of -c has no `=` in it'],
    [['main~1', 'main', 'main', '-c', 'refpost.maxMails=many'], 78, 'a setting is wrong:'],
    [
      ['main~1', 'main', 'main', '-c', 'refpost.to='],
      78,
      `nobody gets mail about ${server.bare}: refpost.to is not set`,
    ],
  ];
  for (const [words, code, sentence] of cases) {
    const ended = await runHere(['notify', ...words], server.bare, server.env);
    assert.deepEqual([ended.stderr.split('\n')[0], ended.code], [`refpost: ${sentence}`, code]);
    assert.equal(ended.stdout, '');
  }
  assert.deepEqual(readdirSync(server.layout.queue), []);
});

test('every command says in one sentence that it was not given a repository', async t => {
  const folder = temporaryFolder(t);
  const commands = [
    'install --to commits@example.org',
    'work',
    'notify a b c',
    'outbox',
    'outbox show 1',
    'outbox retry --all',
    'outbox drop 1',
    'doctor',
    'config',
  ];
  for (const command of commands) {
    const { code, stdout, stderr } = await runHere(command.split(' '), folder);
    const sentence = stderr.split('\n')[0];
    const wanted = { code: 66, stdout: '', sentence: `refpost: ${folder} is not a git repository` };
    assert.deepEqual({ code, stdout, sentence }, wanted, command);
  }
});

test('lines that git would not write cost themselves, and the others are announced', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  const commits = manyCommits({ clone: server.clone, count: 2, title: 'One' });
  await pushUnheard(server, 'main');
  const bad = [
    'hello',
    `${ZERO} ${commits[1]}`,
    `${ZERO} xyz refs/heads/x`,
    `${ZERO}  ${commits[1]} refs/heads/x`,
  ];
  const ended = await hook(server, [...bad, `${ZERO} ${commits[1]} refs/heads/main`, ''].join('\n'));
  assert.deepEqual([ended.code, ended.stdout, ended.stderr], [0, '', '']);
  assert.deepEqual(announced(await server.arrived(2, inbox)), commits);
  assert.equal(server.log().match(/ complaint .*not a line of/g)?.length, bad.length);
});

test('input without any readable line is kept for a person and does not hold up other pushes', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  const ended = await hook(server, 'hello\n');
  assert.deepEqual([ended.code, ended.stdout, ended.stderr], [0, '', '']);
  const commits = manyCommits({ clone: server.clone, count: 1, title: 'One' });
  await server.push();
  assert.deepEqual(announced(await server.arrived(1, inbox)), commits);
  assert.match(server.log(), / unreadable .*not a line of/);
  assert.equal(readdirSync(server.layout.dropBad).filter(name => name.endsWith('.why')).length, 1);
});

test('a push of an object that is not there does not hold up other pushes', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  const ended = await hook(server, `${ZERO} ${UNHEARD_OF} refs/heads/gone\n`);
  assert.deepEqual([ended.code, ended.stdout, ended.stderr], [0, '', '']);
  const commits = manyCommits({ clone: server.clone, count: 1, title: 'One' });
  await server.push();
  assert.deepEqual(announced(await server.arrived(2, inbox)), commits);
});

/** Pushes while there is no hook. */
async function pushUnheard(server: ServerRepository, ...words: readonly string[]): Promise<void> {
  const path = join(server.bare, 'hooks', 'post-receive');
  renameSync(path, `${path}.away`);
  assert.equal((await server.push(words)).code, 0);
  renameSync(`${path}.away`, path);
}

/** Runs the hook as git does. */
function hook({ bare }: ServerRepository, input: string): Promise<Ended> {
  return run(['hooks/post-receive'], { cwd: bare, env: gitEnvironment({ GIT_DIR: '.' }), input });
}
