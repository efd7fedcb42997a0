import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { config } from '../../src/commands/config.ts';
import { withLines } from '../../src/config/line-of.ts';
import { parseListing, parseOverride } from '../../src/config/listing.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { formatEffective } from '../../src/config/resolve-setting.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { testWorld } from '../fixtures/world.ts';

interface Machine {
  readonly folder: string;
  readonly repository: TestRepository;
  readonly env: NodeJS.ProcessEnv;
  file(name: string, ...lines: string[]): void;
}

/** A repository with system and user settings of its own. */
function machine(t: TestContext, ...initOptions: string[]): Machine {
  const folder = temporaryFolder(t);
  const file = (name: string, ...lines: string[]) =>
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  file('system');
  file('global');
  const env = {
    GIT_CONFIG_NOSYSTEM: '0',
    GIT_CONFIG_SYSTEM: join(folder, 'system'),
    GIT_CONFIG_GLOBAL: join(folder, 'global'),
  };
  return { folder, repository: new TestRepository(join(folder, 'mesos.git'), ...initOptions), env, file };
}

function list({ repository, env }: Machine, extra: NodeJS.ProcessEnv = {}): Buffer {
  const command = ['config', '--list', '-z', '--show-origin', '--show-scope'];
  return repository.run(command, { env: { ...env, ...extra } });
}

/** What `refpost config` prints, paths in the repository from there. */
async function print(at: Machine, ...overrides: string[]): Promise<string> {
  const env = { ...gitEnvironment(), ...at.env, HOME: '/home/git' };
  const world = testWorld({ env, cwd: at.repository.folder });
  const call = { world, signal: new AbortController().signal, misused: assert.fail };
  await config(call, { repo: '.', c: overrides.map(parseOverride) });
  return world.out().toString().replaceAll(`${at.repository.folder}/`, '');
}

/** The same, the temporary folder written as `@`, runs of blanks and the TAB as one blank. */
async function say(at: Machine, ...overrides: string[]): Promise<string[]> {
  return (await print(at, ...overrides))
    .replaceAll(at.folder, '@')
    .trimEnd()
    .split('\n')
    .map(line => line.replaceAll(/\s+/g, ' '));
}

/** git writes some lines of its own above ours, not the same ones on every machine. */
function lineWith({ repository }: Machine, file: string, text: string): number {
  const lines = readFileSync(join(repository.folder, file), 'utf8').split('\n');
  return lines.findIndex(line => line.includes(text)) + 1;
}

test('settings of the system, the user, included files, the repository and its work tree work together', async t => {
  const at = machine(t);
  at.file('system', '[refpost]', '\tto = all@example.org', '\tmaxMails = 10', '\tkeepDays = 30');
  at.file(
    'global',
    '[include]',
    'path = included',
    `[includeIf "gitdir:${at.folder}/mesos.git/"]`,
    'path = conditional',
    '[includeIf "gitdir:/elsewhere/"]',
    'path = absent',
  );
  at.file('included', '[refpost]', 'from = "Example; Commits" <commits@example.org>', 'spool = ~/spool');
  at.file(
    'conditional',
    '',
    '[RefPost] MaxMails = 20',
    'to = mesos@example.org,',
    '[refpost] to = x@example.org',
  );
  at.file('absent', '[refpost] tls = off');
  at.repository.git('config', 'refpost.linkBase', 'https://git.example.org/mesos/');
  at.repository.git('config', '--add', 'refpost.to', 'own@example.org');
  at.repository.git('config', 'extensions.worktreeConfig', 'true');
  at.repository.git('config', '--worktree', 'refpost.giveUpAfter', '2d');

  const reading = readConfig(parseListing(list(at)), [], '/home/git');
  assert.deepEqual(reading.faults, []);
  const { to, from, spool, maxMails, keepDays, linkBase, tls, retry } = reading.config;
  assert.deepEqual(to, ['all@example.org', 'mesos@example.org', 'x@example.org', 'own@example.org']);
  assert.deepEqual(
    { from, spool, maxMails, keepDays, linkBase, tls, giveUpAfter: retry.giveUpAfter },
    {
      from: '"Example; Commits" <commits@example.org>',
      spool: '/home/git/spool',
      maxMails: 20,
      keepDays: 30,
      linkBase: 'https://git.example.org/mesos',
      tls: 'verify',
      giveUpAfter: 172_800_000,
    },
  );

  const said = await say(at, 'refpost.retryWait=1m');
  assert.ok(said.includes("refpost.replyTo = (the commit's author, the tagger, or the pusher) default"));
  assert.deepEqual(
    said.filter(line => !line.endsWith(' default')),
    [
      'refpost.to = all@example.org @/system:2',
      'refpost.to = mesos@example.org, @/conditional:3',
      'refpost.to = x@example.org @/conditional:4',
      `refpost.to = own@example.org .git/config:${lineWith(at, '.git/config', 'own@')}`,
      'refpost.from = Example; Commits <commits@example.org> @/included:2',
      `refpost.linkBase = https://git.example.org/mesos/ .git/config:${lineWith(at, '.git/config', 'linkBase')}`,
      'refpost.maxMails = 20 @/conditional:2',
      'refpost.spool = ~/spool @/included:3',
      'refpost.keepDays = 30 @/system:4',
      'refpost.retryWait = 1m command line',
      'refpost.giveUpAfter = 2d .git/config.worktree:2',
    ],
  );
});

test('the output is one line a setting: a padded column, a TAB, the place', async t => {
  const at = machine(t, '--bare');
  at.repository.git('config', 'refpost.to', 'a@example.org\nb@example.org');
  at.repository.git('config', 'refpost.smtpPasswordCommand', 'echo hunter2');
  const text = await print(at);
  const halves = text
    .trimEnd()
    .split('\n')
    .map(line => line.split('\t'));
  assert.ok(halves.every(half => half.length === 2));
  assert.equal(
    new Set(halves.filter(([left = '']) => left.length <= 60).map(([left]) => left?.length)).size,
    1,
  );
  assert.deepEqual(
    halves[0]?.map(half => half.trim()),
    ['refpost.to = a@example.org b@example.org', `config:${lineWith(at, 'config', 'a@')}`],
  );
  assert.match(text, /smtpPasswordCommand = \(not shown\)/);
  assert.doesNotMatch(text, /hunter2/);
});

test('a file that cannot be read any more is named without a line', async t => {
  const at = machine(t, '--bare');
  at.repository.git('config', 'refpost.maxMails', '5');
  const reading = readConfig(parseListing(list(at)), [], undefined);
  assert.deepEqual(reading.faults, []);
  assert.match(formatEffective(withLines(reading.effective, () => undefined)), /maxMails = 5 *\tconfig\n/);
});

test('faults name the file and the line', async t => {
  const at = machine(t, '--bare');
  at.file('system', '[refpost]', '', 'maxMails = many', 'mailingList = a@example.org');
  at.file('global', '[refpost "smtp"]', 'password = hunter2');
  at.repository.git('config', 'refpost.tls', 'no');
  await assert.rejects(say(at), (error: Error) => {
    assert.deepEqual(
      error.message.replaceAll(`${at.repository.folder}/`, '').replaceAll(at.folder, '@').split('\n'),
      [
        '4 settings are wrong:',
        '  refpost.mailinglist (@/system:4, system): is not a setting; did you mean refpost.to?',
        '  refpost.smtp.password (@/global:2, global): is not used: do not put a password into git config; set refpost.smtpPasswordFile, refpost.smtpPasswordCommand, refpost.smtpTokenCommand or the environment variable REFPOST_SMTP_PASSWORD',
        '  refpost.maxMails = "many" (@/system:3, system): is not a whole number; for example: 50',
        `  refpost.tls = "no" (config:${lineWith(at, 'config', 'tls')}, local): is none of verify, opportunistic, off; for example: verify`,
      ],
    );
    return true;
  });
});

test('settings from the environment count as given on a command line', async t => {
  const at = machine(t, '--bare');
  at.repository.git('config', 'refpost.to', 'a@example.org');
  const env = {
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'refpost.To',
    GIT_CONFIG_VALUE_0: '',
    GIT_CONFIG_KEY_1: 'refpost.maxMails',
    GIT_CONFIG_VALUE_1: 'many',
  };
  const reading = readConfig(parseListing(list(at, env)), [], undefined);
  assert.deepEqual(
    reading.faults.map(({ key, origin }) => [key, origin.source]),
    [['refpost.maxMails', 'command line']],
  );
});
