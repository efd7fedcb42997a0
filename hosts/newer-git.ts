import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { atLeast } from '../src/install/git-plan.ts';
import { type Ended, run } from '../test/fixtures/processes.ts';
import { writeProgram } from '../test/fixtures/program.ts';
import { configLines, gitEnvironment, TestRepository, temporaryFolder } from '../test/fixtures/repository.ts';
import { refpostProgram } from '../test/fixtures/server-repository.ts';
import { type CleanUps, Impossible, type Trial } from '../test/fixtures/trials.ts';

/** The folder with the programs of a git of 2.54 or later, where the one on the PATH is older. */
const { REFPOST_GIT, PATH } = process.env;

/** Hooks in git's settings, installed for all repositories and taken back, and beside other hooks of ours. */
export const newerGit: Trial = {
  programs: ['git'],
  packages: ['git'],
  play: async t => {
    const site = openGitSite(t, REFPOST_GIT);
    const version = await versionOf(site);
    if (!atLeast(version, '2.54'))
      throw new Impossible(`git is ${version}; name the folder of 2.54 or later: REFPOST_GIT=/opt/git/bin`);
    const killed = await killBoth(site, 1);
    await site.refpost('install', '--host', 'git');
    await recordedOnce(site);
    await withoutProgram(site);
    await halfConfigured(site);
    return `${killed}, and each push is recorded once (git ${version})`;
  },
};

/** The same by core.hooksPath, which takes the place of all hooks. */
export const olderGit: Trial = {
  programs: ['git'],
  packages: ['git'],
  play: async t => {
    const site = openGitSite(t, undefined);
    const version = await versionOf(site);
    if (atLeast(version, '2.54')) throw new Impossible(`git is ${version}, which has hooks in settings`);
    const killed = await killBoth(site, 7);
    await site.refpost('install', '--host', 'git');
    await recordedOnce(site);
    return `${killed}, and each push is recorded once`;
  },
};

async function versionOf({ git }: GitSite): Promise<string> {
  return (await git('version')).stdout.replace(/^git version |\s*$/g, '');
}

/** A push after each kill has to go well, by the repository's own hooks. @param step from one kill to the next, in changes of the disk */
async function killBoth(site: GitSite, step: number): Promise<string> {
  const before = readFileSync(site.config, 'utf8');
  const kills =
    (await killEverywhere(site, 'install', step)) + (await killEverywhere(site, 'uninstall', step));
  assert.equal(readFileSync(site.config, 'utf8'), before);
  return `${kills} kills of install and uninstall spoiled no push`;
}

type GitSite = ReturnType<typeof openGitSite>;

/** A repository, one that pushes to it, and settings for all repositories, which only note pushes. */
function openGitSite(t: CleanUps, programs: string | undefined) {
  const home = temporaryFolder(t);
  const config = join(home, 'gitconfig');
  const settings = { 'refpost.worker': 'service', 'init.defaultBranch': 'main' };
  writeFileSync(config, configLines(settings));
  const bare = join(home, 'project.git');
  new TestRepository(bare, '--bare');
  writeProgram(join(bare, 'hooks/pre-receive'), 'echo may it?');
  const work = new TestRepository(join(home, 'work'));
  const env = gitEnvironment({
    PATH: programs ? `${programs}:${PATH}` : PATH,
    HOME: home,
    XDG_STATE_HOME: join(home, 'state'),
    GIT_CONFIG_GLOBAL: config,
  });
  const git = (...words: readonly string[]) => run(['git', ...words], { cwd: work.folder, env });
  const refpost = (...words: readonly string[]) =>
    run(
      [...refpostProgram, ...words, ...(words[1] === '--host' ? ['--config', config, '--root', home] : [])],
      {
        cwd: bare,
        env,
      },
    );
  const drop = join(bare, 'refpost/drop/new');
  return {
    home,
    config,
    bare,
    env,
    git,
    refpost,
    hook: (...lines: readonly string[]) => writeProgram(join(bare, 'hooks/post-receive'), ...lines),
    push: async (): Promise<Ended> => {
      work.commit();
      return git('push', bare, 'main');
    },
    /** How many records there are, which are removed. */
    records: () => {
      const count = existsSync(drop) ? readdirSync(drop).length : 0;
      rmSync(drop, { recursive: true, force: true });
      return count;
    },
  };
}

/** Kills a command after its n-th change of the disk, until it gets to its end; a push comes after each. Returns how many there were. */
async function killEverywhere(
  { home, env, config, push, bare }: GitSite,
  command: string,
  step: number,
): Promise<number> {
  const words = [
    command,
    '--host',
    'git',
    ...(command === 'install' ? ['--config', config, '--root', home] : []),
  ];
  const [node = '', ...program] = refpostProgram;
  const killing = ['--import', resolve('build/faults/crash-at.js')];
  for (let [at, kills] = [1, 0]; ; at += step, kills++) {
    const { signal, code, stderr } = await run([node, ...killing, ...program, ...words], {
      cwd: bare,
      env: { ...env, REFPOST_CRASH_AT: String(at) },
    });
    const pushed = await push();
    assert.equal(pushed.code, 0, `a push after ${command} was killed at ${at}: ${pushed.stderr}`);
    assert.match(
      pushed.stderr,
      /may it\?/,
      `after ${command} was killed at ${at} the repository's own hook is not run`,
    );
    if (signal !== 'SIGKILL') {
      assert.equal(code, 0, stderr);
      return kills;
    }
    // As the next run asks for.
    rmSync(`${config}.lock`, { force: true });
  }
}

/** Beside a hook of a single install, one that calls refpost, and one in post-receive.d. */
async function recordedOnce({ bare, refpost, hook, push, records }: GitSite): Promise<void> {
  const script = resolve('bin/post-receive');
  const once = async (what: string) => {
    records();
    const { code, stderr } = await push();
    assert.deepEqual({ code, records: records() }, { code: 0, records: 1 }, `${what}: ${stderr}`);
  };
  await once('the hook for all alone');
  await refpost('install', bare, '--to', 'commits@example.org');
  await once('beside a single install');
  hook(`${refpostProgram.join(' ')} hook`);
  await once('beside a hook that calls refpost');
  hook('lines=$(cat)', `echo "$lines" | sh -c '${script}; :'`);
  await once('beside one further down');
}

/** A hook in settings whose program is gone says so, and the repository's own hook runs. */
async function withoutProgram({ config, hook, push, records }: GitSite): Promise<void> {
  const settings = readFileSync(config, 'utf8');
  writeFileSync(config, settings.replaceAll(resolve('bin/post-receive'), '/nowhere/post-receive'));
  hook('echo the own hook');
  records();
  const { code, stderr } = await push();
  assert.equal(code, 0);
  assert.match(stderr, /refpost: this push is not recorded \(\/nowhere/);
  assert.match(stderr, /the own hook/);
  writeFileSync(config, settings);
}

/** What must never be: git refuses every push. */
async function halfConfigured({ config, push }: GitSite): Promise<void> {
  appendFileSync(config, '[hook "half"]\n\tevent = post-receive\n');
  const { code, stderr } = await push();
  assert.notEqual(code, 0, 'git takes pushes with half a hook: then it is no danger any more');
  assert.match(stderr, /hook\.half\.command/);
}
