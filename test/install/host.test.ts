import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { writeProgram } from '../fixtures/program.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';
import { hookScript } from '../hook/hooked.ts';
import { snapshot } from './install-site.ts';

/** A host of which all is in one folder: what it says to an install, and where the hook has to be then. */
interface HostCase {
  readonly host: string;
  readonly words?: (folder: string) => readonly string[];
  /** Version that git says it has; the one that is here where it is left out. */
  readonly git?: string;
  /** A program that says what gitolite says. */
  readonly gitolite?: true;
  readonly hook?: string;
  readonly hooks?: readonly string[];
  readonly config?: RegExp;
}

const CASES: Readonly<Record<string, HostCase>> = {
  'git with hooks in settings': {
    host: 'git',
    git: '2.54.0',
    words: at => ['--root', join(at, 'repositories')],
    config: /\[hook "refpost"\]\n\tcommand = .*\n\tevent = post-receive\n/,
  },
  'git before that': {
    host: 'git',
    git: '2.53.1',
    hooks: ['state/refpost/hooks/post-receive'],
    config: /hooksPath = /,
  },
  gitolite: { host: 'gitolite', gitolite: true, hooks: ['local/hooks/common/post-receive'] },
  'gitolite, some repositories': {
    host: 'gitolite-some',
    gitolite: true,
    hooks: ['local/hooks/repo-specific/refpost'],
  },
  gitlab: { host: 'gitlab', words: at => ['--root', at], hooks: ['post-receive.d/refpost'] },
  'gitea with an older git': {
    host: 'gitea',
    git: '2.39.5',
    words: at => ['--root', join(at, 'repositories')],
    hooks: [
      'repositories/ann/a.git/hooks/post-receive.d/refpost',
      'repositories/b.git/hooks/post-receive.d/refpost',
    ],
  },
  'forgejo with hooks in settings': {
    host: 'forgejo',
    git: '2.55.0.windows.1',
    words: at => ['--root', join(at, 'repositories')],
    config: /event = post-receive/,
  },
  gerrit: { host: 'gerrit', words: at => ['--root', at], hooks: ['hooks/ref-updated'] },
  bitbucket: { host: 'bitbucket', words: at => ['--root', at], hooks: ['external-hooks/refpost'] },
  'soft-serve': { host: 'soft-serve', words: at => ['--root', at], hooks: ['hooks/post-receive'] },
};

/** A host, and refpost called there. */
function openHost(t: TestContext, { host, words, git, gitolite }: HostCase) {
  const folder = temporaryFolder(t);
  const programs = temporaryFolder(t);
  const real = gitEnvironment().PATH ?? '';
  if (git)
    writeProgram(
      join(programs, 'git'),
      `PATH='${real}'`,
      'for word; do case $word in version) echo "git version',
      `${git}"; exit ;; esac; done`,
      'exec git "$@"',
    );
  if (gitolite)
    writeProgram(
      join(programs, 'gitolite'),
      'case $2 in',
      `GL_REPO_BASE) echo '${folder}/repositories' ;;`,
      `LOCAL_CODE) echo '${folder}/local' ;;`,
      `GL_ADMIN_BASE) echo '${folder}/.gitolite' ;;`,
      'GIT_CONFIG_KEYS) exit 1 ;;',
      `--hooks-only) for hook in '${folder}'/local/hooks/common/*; do ln -sf "$hook" '${folder}/repositories/b.git/hooks'; done ;;`,
      'esac',
    );
  for (const name of ['ann/a.git', 'b.git']) {
    mkdirSync(join(folder, 'repositories', name), { recursive: true });
    new TestRepository(join(folder, 'repositories', name), '--bare');
    mkdirSync(join(folder, 'repositories', name, 'hooks'), { recursive: true });
  }
  const config = join(folder, 'gitconfig');
  writeFileSync(config, '[core]\n\t# ours\n\tlogAllRefUpdates = always ; as ever\n');
  const env = gitEnvironment({
    PATH: `${programs}:${real}`,
    HOME: folder,
    XDG_STATE_HOME: join(folder, 'state'),
  });
  const refpost = async (command: string, ...more: readonly string[]) => {
    const asked = command === 'install' ? ['--config', config, ...(words?.(folder) ?? [])] : [];
    const { code, stdout, stderr } = await runHere([command, '--host', host, ...asked, ...more], folder, env);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  return { folder, config, env, refpost };
}

for (const [name, entry] of Object.entries(CASES)) {
  test(`${name}: a second run changes nothing, and taking it back leaves every file as it was`, async t => {
    const { folder, config, env, refpost } = openHost(t, entry);
    const before = snapshot(folder);
    assert.match(await refpost('install', '--to', 'commits@example.org', '-n'), /^would /m);
    assert.deepEqual(snapshot(folder), before);
    await refpost('install', '--to', 'commits@example.org');
    for (const hook of entry.hooks ?? [])
      assert.ok(readFileSync(join(folder, hook), 'utf8').includes(hookScript), hook);
    assert.match(readFileSync(config, 'utf8'), entry.config ?? /to = commits@example.org/);
    const installed = snapshot(folder);
    assert.match(await refpost('install', '--to', 'commits@example.org'), /^all was there already$/m);
    assert.deepEqual(snapshot(folder), installed);
    const { code } = await runHere(['install', '--host', entry.host], folder, env);
    assert.equal(code, 0);
    assert.deepEqual(snapshot(folder), installed);
    await refpost('uninstall', '-n');
    assert.deepEqual(snapshot(folder), installed);
    await refpost('uninstall');
    assert.deepEqual(snapshot(folder), before);
  });
}

test('what somebody has changed since is left, and an event does not outlive the command of its hook', async t => {
  const { config, refpost } = openHost(t, CASES['git with hooks in settings'] as HostCase);
  const before = readFileSync(config, 'utf8');
  await refpost('install', '--to', 'commits@example.org');
  appendFileSync(config, '[hook "refpost"]\n\tevent = post-update\n[refpost]\n\tto = dev@example.org\n');
  await refpost('uninstall');
  assert.equal(readFileSync(config, 'utf8'), `${before}[refpost]\n\tto = dev@example.org\n`);
});

test('a hook in settings that goes leaves no repository without a command for an event of its own', async t => {
  const known = openHost(t, CASES['git with hooks in settings'] as HostCase);
  const unknown = openHost(t, { host: 'git', git: '2.54.0' });
  const before = readFileSync(known.config, 'utf8');
  const left = `${before}[hook "refpost"]\n\tcommand = true\n`;
  const own = join(known.folder, 'repositories/b.git/config');
  for (const { refpost, config } of [known, unknown]) {
    appendFileSync(own, '[hook "refpost"]\n\tevent = post-receive\n');
    await refpost('install', '--to', 'commits@example.org');
    assert.match(await refpost('uninstall'), /^hook.refpost.command = true stays: .* every push/m);
    assert.equal(readFileSync(config, 'utf8'), left);
    // It is taken over by the next one, which is taken back in turn.
    await refpost('install', '--to', 'commits@example.org');
    appendFileSync(config, '# by hand\n');
    assert.match(
      await refpost('uninstall', '--root', join(unknown.folder, 'repositories')),
      /^removed hook/m,
    );
  }
  assert.equal(readFileSync(known.config, 'utf8').match(/command/g)?.length, 1);
  assert.doesNotMatch(readFileSync(unknown.config, 'utf8'), /hook|command/);
});

test('of two hosts by one file, the one that stays keeps what both need', async t => {
  const { folder, config, env, refpost } = openHost(t, CASES.gerrit as HostCase);
  const before = snapshot(folder);
  const other = async (...words: readonly string[]) => {
    const { code, stderr } = await runHere([...words, '--host', 'bitbucket'], folder, env);
    assert.equal(code, 0, stderr);
  };
  await refpost('install');
  await other('install', '--config', config, '--root', folder);
  assert.match(await refpost('uninstall'), /^refpost.command = .* stays, since another host has it too/m);
  assert.match(readFileSync(config, 'utf8'), /command = .*\n\tnoRecipients = ignore/);
  await other('uninstall');
  assert.deepEqual(snapshot(folder), before);
});

test('a root that is added leaves the hooks below the one before', async t => {
  const { folder, refpost } = openHost(t, CASES['gitea with an older git'] as HostCase);
  await refpost('install');
  const more = join(folder, 'more.git');
  new TestRepository(more, '--bare');
  await refpost('install', more);
  for (const path of ['more.git', 'repositories/b.git'])
    assert.ok(existsSync(join(folder, path, 'hooks/post-receive.d/refpost')), path);
});

test('a newer git has the hook in its settings, and the folder of hooks is taken back', async t => {
  const old = openHost(t, CASES['gitea with an older git'] as HostCase);
  await old.refpost('install');
  const hook = join(old.folder, 'repositories/b.git/hooks/post-receive.d/refpost');
  assert.ok(existsSync(hook));
  const newer = openHost(t, CASES['forgejo with hooks in settings'] as HostCase);
  const env = { ...old.env, PATH: newer.env.PATH };
  const { code } = await runHere(['install', '--host', 'gitea', '--config', old.config], old.folder, env);
  assert.equal(code, 0);
  assert.ok(!existsSync(hook));
  assert.match(readFileSync(old.config, 'utf8'), /event = post-receive/);
});

test('a hook of gitolite that is there is linked into the repositories before ours takes its place', async t => {
  const { folder, refpost } = openHost(t, CASES.gitolite as HostCase);
  const common = join(folder, 'local/hooks/common');
  mkdirSync(common, { recursive: true });
  writeProgram(join(common, 'post-receive'), 'echo ours');
  const before = snapshot(folder);
  await refpost('install');
  const linked = join(folder, 'repositories/b.git/hooks');
  assert.equal(readFileSync(join(linked, 'post-receive.before-refpost'), 'utf8'), '#!/bin/sh\necho ours\n');
  await refpost('uninstall');
  assert.deepEqual({ ...before, ...snapshot(folder) }, snapshot(folder));
  assert.equal(readFileSync(join(linked, 'post-receive'), 'utf8'), '#!/bin/sh\necho ours\n');
});

test('what is missing to find a host, or is in the way there, is said, and nothing is changed', async t => {
  const { folder, config, env } = openHost(t, { host: 'git' });
  const says = async (...words: readonly string[]) => {
    const before = snapshot(folder);
    const { code, stderr } = await runHere(['install', '--host', ...words, '--config', config], folder, env);
    assert.deepEqual(snapshot(folder), before);
    return `${code} ${stderr}`;
  };
  assert.match(await says('gogs'), /^64 .*"gogs" is no host.*\n.*gitolite/);
  assert.match(await says('gerrit'), /^64 .*\n.*--host gerrit --root/);
  writeProgram(join(folder, 'gitolite'), 'echo FATAL: no rc file >&2; exit 255');
  env.PATH = `${folder}:${env.PATH}`;
  assert.match(await says('gitolite'), /^69 .*gitolite query-rc GL_REPO_BASE: FATAL: no rc file\n/);
  assert.match(await says('git', '--to', 'nobody'), /^64 .*"nobody" is not an address/);
  mkdirSync(join(folder, 'post-receive.d'));
  writeProgram(join(folder, 'post-receive.d', 'refpost'), 'echo mine');
  assert.match(await says('gitlab', '--root', folder), /^73 .*post-receive\.d\/refpost is there already/);
  rmSync(join(folder, 'post-receive.d'), { recursive: true });
  appendFileSync(config, '[hook "refpost"]\n\tcommand = mine\n');
  const newer = openHost(t, CASES['git with hooks in settings'] as HostCase);
  cpSync(config, newer.config);
  const { code, stderr } = await runHere(
    ['install', '--host', 'git', '--config', newer.config],
    newer.folder,
    newer.env,
  );
  assert.match(`${code} ${stderr}`, /^73 .*hook\.refpost\.command = mine/);
  const { code: gone } = await runHere(['uninstall', '--host', 'git'], folder, env);
  assert.equal(gone, 66);
});

test('the hook of a host records where git runs it, and leaves a push to the one of the repository', async t => {
  const line = `${'0'.repeat(40)} ${'a'.repeat(40)} refs/heads/main`;
  const own = {
    gitlab: 'custom_hooks/post-receive.d',
    'soft-serve': 'hooks/post-receive.d',
    gerrit: undefined,
  };
  for (const [host, folder] of Object.entries(own)) {
    const { folder: at, config, env, refpost } = openHost(t, CASES[host] as HostCase);
    appendFileSync(config, '[refpost]\n\tworker = service\n');
    await refpost('install');
    const [hook = ''] = CASES[host]?.hooks ?? [];
    const repository = join(at, 'repositories/b.git');
    const words =
      host === 'gerrit'
        ? [
            '--oldrev',
            '0'.repeat(40),
            '--newrev',
            'a'.repeat(40),
            '--refname',
            'refs/heads/main',
            '--project',
            'b',
          ]
        : [];
    // Only GitLab's finds the settings by itself.
    const rest: NodeJS.ProcessEnv = { ...env, GIT_DIR: repository, GIT_CONFIG_NOSYSTEM: undefined };
    if (host !== 'gitlab') rest.GIT_CONFIG_SYSTEM = config;
    const push = () =>
      spawnSync(join(at, hook), words, { cwd: repository, env: rest, input: `${line}\n`, encoding: 'utf8' })
        .stderr;
    const records = () => readdirSync(join(repository, 'refpost/drop/new')).length;
    assert.equal(push(), '');
    assert.equal(records(), 1, host);
    if (folder === undefined) continue;
    mkdirSync(join(repository, folder), { recursive: true });
    cpSync(join(at, hook), join(repository, folder, 'refpost'));
    assert.equal(push(), '');
    assert.equal(records(), 1, host);
  }
});
