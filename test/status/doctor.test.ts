import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { main } from '../../src/cli/main.ts';
import { firstWords } from '../../src/status/check-repository.ts';
import { openScene } from '../corpus/scene.ts';
import { processesNaming } from '../fixtures/processes.ts';
import { gitEnvironment, temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';
import type { Fault } from '../fixtures/smtp-script.ts';
import { HOME, testWorld } from '../fixtures/world.ts';
import { site } from './doctor-site.ts';

test('doctor finds nothing wrong where nothing is, has asked the server, and has sent no mail', async t => {
  const { doctor, inbox, gitDir } = await site(t, 'installed');
  const { code, said } = await doctor();
  assert.equal(code, 0);
  assert.deepEqual(
    [...said.matchAll(/^(\S+) +(\S+):/gm)].map(([, mark, name]) => `${mark} ${name}`),
    [
      'ok repository',
      'ok settings',
      'ok git',
      'ok node',
      'ok submodules',
      'ok hook',
      'ok worker',
      'ok outbox',
      'ok queue',
      'ok recipients',
      'ok sender',
      'ok templates',
      'ok transport',
    ],
  );
  assert.match(said, /recipients, and mails of \d+ bytes \(refpost\.maxSize is 90000\); no mail was sent/);
  assert.deepEqual(
    inbox.commands.filter(line => !/^EHLO/.test(line)),
    ['MAIL FROM:<commits@example.org>', 'RCPT TO:<list@example.org>', 'RSET', 'QUIT'],
  );
  assert.deepEqual(inbox.received, []);
  assert.deepEqual(
    execFileSync('find', [join(gitDir, 'refpost', 'drop'), '-type', 'f'], { encoding: 'utf8' }),
    '',
  );
});

const REFUSED: readonly (readonly [string, Fault, code: number, words: RegExp])[] = [
  [
    'a sender that is refused',
    { at: 'MAIL', reply: '550 5.7.1 not you' },
    78,
    /^FAIL {2}transport: smtp:\S+: MAIL FROM:<commits@example.org>: 550 5\.7\.1 not you\n {6}correct refpost\.envelopeFrom or/,
  ],
  [
    'a recipient who is refused',
    { at: 'RCPT', reply: '550 5.1.1 no such user' },
    78,
    /^FAIL {2}transport: smtp:\S+: RCPT TO:<list@example.org>: 550 .*\n {6}correct refpost\.to/,
  ],
  [
    'a recipient who is put off',
    { at: 'RCPT', reply: '450 4.7.1 greylisted' },
    0,
    /^warn {2}transport: .* 450 4\.7\.1/,
  ],
  ['a server that hangs up', { at: 'MAIL', next: 'drop' }, 0, /^warn {2}transport: .*MAIL FROM.*closed/],
];
for (const [title, fault, code, words] of REFUSED) {
  test(`doctor shows ${title}`, async t => {
    const { doctor, inbox } = await site(t);
    inbox.play(fault);
    const found = await doctor('transport');
    assert.match(found.said, words);
    assert.equal(found.code, code);
    assert.deepEqual(inbox.received, []);
  });
}

/** What is changed, what is found, and which check finds it. */
const FOUND: Readonly<
  Record<
    string,
    readonly [
      change: (at: Awaited<ReturnType<typeof site>>) => void,
      check: string,
      code: number,
      words: RegExp,
    ]
  >
> = {
  'a setting that is wrong, and leaves out what depends on it': [
    ({ repository }) => repository.git('config', 'refpost.maxMails', 'many'),
    '',
    78,
    /^FAIL {2}settings: a setting is wrong:\n {8}refpost\.maxMails = "many"(?!.* transport:)/ms,
  ],
  'a template with a variable that there is not': [
    ({ folder, repository }) => {
      writeFileSync(join(folder, 'subject.hbs'), '{{repo}}');
      repository.git('config', 'refpost.templates', folder);
    },
    'templates',
    78,
    /^FAIL {2}templates: .*subject\.hbs cannot be used: .*"repo"/,
  ],
  'a folder of templates that is not there': [
    ({ folder, repository }) => repository.git('config', 'refpost.templates', join(folder, 'missing')),
    '',
    78,
    /^\w+ +sender: (?!there is no).*\n(?: .*\n)?FAIL {2}templates: there is no folder .*missing for templates\n {6}create it, or correct.*\n\w+ +transport: (?!there is no)/m,
  ],
  'a worker command whose program is gone': [
    ({ repository }) =>
      repository.git('config', 'refpost.command', '/nonexistent/node /nonexistent/refpost.js'),
    'worker',
    78,
    /^FAIL {2}worker: refpost\.command cannot be started: .*\/nonexistent\/node.*\n {6}refpost install/,
  ],
  'a worker command that starts another version': [
    ({ repository }) => repository.git('config', 'refpost.command', 'echo 0.0.1 #'),
    'worker',
    0,
    /^warn {2}worker: the hook starts version 0\.0\.1/,
  ],
  'a hook that leads nowhere': [
    ({ gitDir }) => {
      rmSync(join(gitDir, 'hooks', 'post-receive'));
      symlinkSync(join(HOME, 'gone', 'bin', 'post-receive'), join(gitDir, 'hooks', 'post-receive'));
    },
    'hook',
    78,
    /^FAIL {2}hook: .*post-receive.*\n {6}refpost install/,
  ],
  "half a hook in git's settings": [
    ({ repository }) => repository.git('config', 'hook.lint.event', 'pre-receive'),
    'hook',
    78,
    /^FAIL {2}hook: hook\.lint\.event is set without hook\.lint\.command/,
  ],
  'a hooks folder that serves all repositories': [
    ({ repository }) => repository.git('config', '--global', 'core.hooksPath', '/srv/hooks'),
    'hook',
    78,
    /^FAIL {2}hook: there is no \/srv\/hooks\/post-receive; core\.hooksPath = \/srv\/hooks is a global setting/,
  ],
  'a hook of somebody who calls refpost from it': [
    ({ gitDir }) => {
      rmSync(join(gitDir, 'hooks', 'post-receive'));
      writeFileSync(join(gitDir, 'hooks', 'post-receive'), '#!/bin/sh\nrefpost hook\n');
    },
    'hook',
    0,
    /^ok {4}hook: .* calls "refpost hook"$/m,
  ],
  'settings of git-multimail': [
    ({ repository }) => repository.git('config', 'multimailhook.mailingList', 'list@example.org'),
    'git-multimail',
    0,
    /^warn {2}git-multimail: .*multimailhook\.mailinglist/,
  ],
  'a sender without a domain': [
    ({ repository }) => repository.git('config', 'refpost.from', 'root@host'),
    'sender',
    0,
    /^warn {2}sender: mails are from root@host: .*\n {6}git -C .* config refpost\.from/,
  ],
  'what there is to do at the receiver, and that its list would not know our sender': [
    ({ repository }) => {
      repository.git('config', 'refpost.receiver', 'mlmmj');
      repository.git('config', '--unset', 'refpost.from');
    },
    'receiver',
    0,
    /^ok {4}receiver: at mlmmj:\n {8}subscribe .*\n(?: {8}.*\n)+warn {2}receiver: refpost\.from is not set/m,
  ],
  'mails larger than the server takes': [
    ({ repository }) => repository.git('config', 'refpost.maxSize', '1g'),
    'transport',
    0,
    /^warn {2}transport: the server takes mails of \d+ bytes at the most/m,
  ],
  'a folder of the outbox that is not there': [
    ({ gitDir }) => rmSync(join(gitDir, 'refpost', 'drop', 'tmp'), { recursive: true }),
    'outbox',
    78,
    /^FAIL {2}outbox: \S+\/drop\/tmp is not there\n {6}create it with refpost install/,
  ],
  'an outbox that a group cannot use which may push': [
    ({ gitDir }) => execFileSync('chmod', ['g+w', join(gitDir, 'objects')]),
    'outbox',
    0,
    /^warn {2}outbox: the group may push .*\n.*core\.sharedRepository group/m,
  ],
  'a record that could not be read': [
    ({ gitDir }) => writeFileSync(join(gitDir, 'refpost', 'drop', 'bad', 'x'), ''),
    'queue',
    78,
    /^FAIL {2}queue: 1 record could not be read/,
  ],
};
for (const [title, [change, check, code, words]] of Object.entries(FOUND)) {
  test(`doctor shows ${title}`, async t => {
    const at = await site(t);
    const global = gitEnvironment({ GIT_CONFIG_GLOBAL: join(at.folder, 'gitconfig') });
    const git = at.repository.git.bind(at.repository);
    at.repository.git = (...args) =>
      args.includes('--global')
        ? execFileSync('git', args, { cwd: at.gitDir, env: global, encoding: 'utf8' })
        : git(...args);
    change(at);
    const found = await at.doctor(check, global);
    assert.match(found.said, words);
    assert.equal(found.code, code);
  });
}

test('doctor asks the server of each audience, and says whose it is', async t => {
  const { doctor, repository, inbox } = await site(t);
  const other = await startInbox(t);
  for (const [key, value] of [
    ['docs.to', 'docs@example.org'],
    ['docs.transport', `smtp://127.0.0.1:${other.port}`],
    ['tags.to', 'tags@example.org'],
    ['tags.from', 'root@host'],
    ['team.to', 'team@example.org'],
  ] as const)
    repository.git('config', `refpost.${key}`, value);
  other.play({ at: 'RCPT', reply: '550 5.1.1 no such user' });
  const transports = await doctor('transport');
  assert.equal(transports.code, 78);
  const words = `smtp://127.0.0.1:${inbox.port} accepts the sender and the recipients`;
  assert.ok(
    transports.said.includes(`ok    transport: audiences default, tags, team: ${words}`),
    transports.said,
  );
  assert.match(
    transports.said,
    /^FAIL {2}transport: audience docs: .* 550 .*\n {6}correct refpost\.docs\.to,/m,
  );
  assert.match(
    (await doctor('sender')).said,
    /^ok.*audiences default, docs, team: commits@.*\nwarn.*audience tags: .*root@host/,
  );
  assert.match((await doctor('templates')).said, /^ok {4}templates: those that come/);
});

test('doctor says where a commit is shown, and what is missing where nothing says it', async t => {
  const { doctor, repository } = await site(t);
  const set = (key: string, value: string) => repository.git('config', `refpost.${key}`, value);
  const said = async () => (await doctor('links')).said;
  set('web', 'cgit');
  assert.match(await said(), /^warn {2}links: there are no links: refpost\.web .* set refpost\.webUrl\n/m);
  set('webUrl', 'https://git.example.org/{repository}');
  assert.match(
    await said(),
    /^ok {4}links: the commit at HEAD is at https:\/\/git\.example\.org\/\w+\/commit\/\?id=[0-9a-f]{40} \(refpost\.web\)/m,
  );
  set('web', 'soft-serve');
  assert.match(await said(), /^warn {2}links: there are no links: soft-serve shows no commits/m);
});

test('a command that hangs is ended with all that it has started', async t => {
  const folder = temporaryFolder(t);
  const words = await firstWords(['/bin/sh', '-c', `sleep 60; : '${folder}'`], process.env, 300);
  assert.equal(words, 'it had not ended after 0.3 s');
  assert.deepEqual(processesNaming(folder), []);
});

test('the marks have colours at a terminal, unless NO_COLOR says otherwise, and none in a pipe', async t => {
  const { gitDir } = await site(t);
  const said = async (isTTY: boolean, env: NodeJS.ProcessEnv) => {
    const world = testWorld({ argv: ['doctor'], cwd: gitDir, env: gitEnvironment(env) });
    Object.assign(world.stdout, { isTTY });
    await main(world, new AbortController().signal);
    return world.out().toString();
  };
  assert.ok((await said(true, {})).startsWith('\u001b[32mok  \u001b[0m  repository'));
  assert.match(await said(true, { NO_COLOR: '1' }), /^ok {4}repository/);
  assert.match(await said(false, {}), /^ok {4}repository/);
});

test('a user who may not look into the outbox is told which rights are missing', {
  skip: process.getuid?.() === 0 ? false : 'only root can be several users',
}, async t => {
  const { folder, gitDir, refpost } = await site(t);
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'home'));
  const env = gitEnvironment({
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
  });
  for (const words of [
    ['status'],
    ['doctor'],
    ['outbox', 'list'],
    ['outbox', 'show', '1'],
    ['outbox', 'retry', '1'],
    ['outbox', 'drop', '1'],
  ]) {
    process.seteuid?.(40_003);
    const ended = await refpost(words, env).finally(() => process.seteuid?.(0));
    assert.equal(ended.code, 77, words.join(' '));
    assert.match(ended.stdout + ended.stderr, new RegExp(`${gitDir}/refpost`));
    assert.doesNotMatch(ended.stderr, /bug/);
  }
  chmodSync(join(gitDir, 'HEAD'), 0o600);
  process.seteuid?.(40_003);
  const { code, stderr } = await refpost(['status'], env).finally(() => process.seteuid?.(0));
  assert.equal(code, 77);
  assert.match(stderr, /r\.git\/HEAD/);
});

test('doctor names the repositories in which submodules are looked for, and one that is none', async t => {
  const folder = temporaryFolder(t);
  const [project, library] = ['project.git', 'library.git'].map(
    name => openScene(join(folder, name)).folder,
  ) as [string, string];
  const look = async (...named: readonly string[]) => {
    const settings = named.flatMap(path => ['-c', `refpost.submodules=${path}`]);
    const { stdout } = await runHere(['doctor', '--repo', project, ...settings], '/');
    return /^(ok|FAIL) +submodules: .*/m.exec(stdout)?.[0];
  };
  assert.equal(await look(), 'ok    submodules: none is listed');
  assert.equal(await look(library), `ok    submodules: ${library}`);
  assert.equal(
    await look(library, join(folder, 'gone.git')),
    `FAIL  submodules: refpost.submodules names ${join(folder, 'gone.git')}, which is not a repository, or cannot be read by this user`,
  );
});

test('doctor says who sends the mails, and what others have against that', async t => {
  const { repository, doctor } = await site(t);
  const says = async (key: string, value: string, words: RegExp) => {
    repository.git('config', key, value);
    assert.match((await doctor('sender')).said, words);
  };
  await says(
    'refpost.from',
    '{author.name} <git@build7>',
    /git@build7: nobody elsewhere can answer.*\n.*refpost\.from/,
  );
  await says(
    'refpost.from',
    'Root <root@example.org>',
    /mails are from root@example\.org: filters and lists/,
  );
  await says('refpost.from', '{author.name} <git@example.org>', /^ok .*: git@example\.org$/m);
  await says(
    'refpost.envelopeFrom',
    'bounces@localhost',
    /bounces go to bounces@localhost: nobody.*\n.*refpost\.envelopeFrom/,
  );
  await says(
    'refpost.envelopeFrom',
    'bounces@example.org',
    /^ok .*git@example\.org, with bounces to bounces@example\.org$/m,
  );
});

test('doctor says whether an archive can be written, and how many pushes are not in it yet', async t => {
  const { doctor, folder, gitDir, repository } = await site(t);
  repository.git('config', 'refpost.archive', join(folder, 'none', 'web'));
  assert.match(
    (await doctor('archive')).said,
    /^FAIL {2}archive: the archive \S+none\/web cannot be written/,
  );
  repository.git('config', 'refpost.archive', join(folder, 'web'));
  mkdirSync(join(gitDir, 'refpost', 'archive'));
  writeFileSync(join(gitDir, 'refpost', 'archive', 'push-1'), '');
  const { code, said } = await doctor('archive');
  assert.equal(code, 0);
  assert.match(
    said,
    /^ok {4}archive: \S+\/web\nwarn {2}archive: the mails of 1 push are not in the archive yet\n/,
  );
});
