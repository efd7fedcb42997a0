import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { killGroup } from '../delivery/program.ts';
import { isExecutable } from '../delivery/transport.ts';
import { fault } from '../errors.ts';
import { submoduleRepositories } from '../git/submodules.ts';
import { scriptOf, shellCommand } from '../hook/worker.ts';
import { atLeast, gitVersion, halfHookIn, ownCommandIn } from '../install/git-plan.ts';
import { inspectHook } from '../install/hook-file.ts';
import { readReceipt } from '../install/receipt.ts';
import { findHooks } from '../install/site.ts';
import { spanText } from '../model/numbers.ts';
import type { World } from '../model/world.ts';
import { holder } from '../outbox/directory/lock.ts';
import { hostOf, hostText } from '../repository/host-of.ts';
import { mirrorRemote, readMirrors } from '../repository/mirror-state.ts';
import { listSettings, readText, type Workplace } from '../repository/workplace.ts';
import { type Checks, type Finding, fail, failure, ok, warn, warnIf } from './finding.ts';

/** What a push meets: git, the hook, and the worker that it starts. */
export const REPOSITORY_CHECKS: Checks = {
  git: async (_, { git }) => ok((await git.ask(['version'])).trim()),
  node: async () => ok(process.version),
  'git-multimail': multimail,
  submodules,
  hook,
  host,
  worker,
};

async function multimail(_: World, { git }: Workplace): Promise<readonly Finding[]> {
  const own = (await listSettings(git)).find(({ key }) => key.startsWith('multimailhook.'));
  const isMigrated = (await readReceipt(git.gitDir, 'migrated'))?.hook !== undefined;
  return warnIf(
    own !== undefined && !isMigrated,
    `there are settings of git-multimail, such as ${own?.key}; refpost does not read them`,
    'where its hook still runs, each push is mailed twice: "refpost migrate" takes its place; if it is gone, remove these settings',
  );
}

async function submodules(_: World, { config, git }: Workplace): Promise<Finding> {
  const found = submoduleRepositories(git.gitDir, config.submodules);
  const missing = config.submodules.find(path => submoduleRepositories('', [path]).length === 0);
  if (missing === undefined) return ok(found.length === 0 ? 'none is listed' : found.join(', '));
  return fail(
    `refpost.submodules names ${missing}, which is not a repository, or cannot be read by this user`,
    'name the directory of a repository on this disk, or unset it',
  );
}

async function hook(world: World, workplace: Workplace): Promise<Finding> {
  const { git } = workplace;
  const entries = await listSettings(git);
  if (mirrorRemote(entries) !== undefined) return mirror(world, workplace);
  const half = halfHookIn(entries);
  if (half !== undefined) {
    const event = `hook.${half}.event`;
    return fail(
      `${event} is set without hook.${half}.command: git 2.54 and later refuse every push for that`,
      `set the command, or remove the event where it is set: git config --show-origin --get-all ${event}`,
    );
  }
  const configured = ownCommandIn(entries);
  if (configured && atLeast(await gitVersion(git), '2.54'))
    return ok(`${configured.key}, in ${configured.origin.source}`);
  const { folder, refusal } = await findHooks(git, entries);
  const path = join(folder, 'post-receive');
  const install = `refpost install ${git.gitDir}`;
  const state = await inspectHook(path, [scriptOf(world.home)], git.gitDir);
  if (state === 'foreign' && /\brefpost\S*["']?\s+hook\b/.test(readText(path) ?? ''))
    return ok(`${path} calls "refpost hook"`);
  if (state === 'ours' && isExecutable(path)) return ok(path);
  if (state === 'ours') return fail(`git does not run ${path}: it is not executable`, `chmod +x ${path}`);
  if (state === 'dangling')
    return fail(`${path} leads to a refpost that is gone: no push is recorded`, install);
  if (state === 'others') return failure(fault.hookOfOthers(folder));
  // Gitea and others run all that is in there.
  const among = join(folder, 'post-receive.d', 'refpost');
  if ((await inspectHook(among, [scriptOf(world.home)], git.gitDir)) === 'ours' && isExecutable(among))
    return ok(among);
  const missing = state === 'foreign' ? `${path} is not refpost's` : `there is no ${path}`;
  if (refusal) return fail(`${missing}; ${refusal.message}`, refusal.remedy);
  return fail(missing, `${install}\n(a hook of your own does as well: let it call "refpost hook")`);
}

/** refpost poll is its hook. */
async function mirror(world: World, { git, spool }: Workplace): Promise<Finding> {
  const last = (await readMirrors(spool)).find(({ repository }) => repository === git.gitDir);
  if (!last)
    return fail('this is a mirror, and nobody has looked at its server', `refpost poll --once ${git.gitDir}`);
  if (last.words !== undefined) return fail(last.words, last.remedy ?? '');
  return ok(`none: a mirror of ${last.address}, looked at ${spanText(world.now() - last.at)} ago`);
}

/** Which one it is and what to expect of it, and that what it does not say of its people can be read. */
async function host(world: World, workplace: Workplace): Promise<readonly Finding[]> {
  const known = await hostOf(world, workplace);
  const unread = (['pusherMap', 'authorMap'] as const).flatMap(key => {
    const path = workplace.config[key];
    if (path === undefined || readText(path) !== undefined) return [];
    return [fail(`refpost.${key} names ${path}, which this user cannot read`, UNREAD)];
  });
  return [...(known ? [ok(hostText(known))] : []), ...unread];
}

const UNREAD = 'name another file, or unset it; until then mails have no addresses from it';

async function worker(world: World, { config, git, spool }: Workplace): Promise<readonly Finding[]> {
  const other = await holder(spool).catch(() => undefined);
  const running = other?.alive ? [ok(`process ${other.pid} is at work`)] : [];
  const isPolled = mirrorRemote(await listSettings(git)) !== undefined && config.command === undefined;
  if (config.worker === 'hook' && isPolled) return [...running, ok('started by refpost poll')];
  if (config.worker === 'hook') return [...running, await commandFinding(world, config.command)];
  const remedy = 'start "refpost work", or unset refpost.worker';
  return other?.alive ? running : [fail('refpost.worker is service, and no worker is running', remedy)];
}

/** The hook starts the worker by this; a bare PATH, as ssh gives it, must not matter. */
async function commandFinding(world: World, command: string | undefined): Promise<Finding> {
  const words = command ?? 'refpost';
  const name = command === undefined ? 'refpost, from the PATH of who pushes,' : 'refpost.command';
  const { version } = JSON.parse(readFileSync(join(world.home, 'package.json'), 'utf8'));
  const said = await firstWords([...shellCommand(words), '--version'], world.env);
  if (said === version) return ok(`started by the hook: ${words}`);
  if (/^\d+\.\d+\.\d+\S*$/.test(said))
    return warn(
      `the hook starts version ${said}, and this is ${version}`,
      'refpost install again, to start this one',
    );
  return fail(`${name} cannot be started: ${said}`, 'refpost install again sets it to this program');
}

/** Milliseconds that a program has to say its version. */
const PATIENCE = 20_000;

/** What a command says, in one line, or how it ended. It is ended, with all that it has started, after `patience`. */
export async function firstWords(
  [file = '', ...args]: readonly string[],
  env: World['env'],
  patience: number = PATIENCE,
): Promise<string> {
  const child = spawn(file, args, { cwd: '/', detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [said, late] = ['', false];
  const timer = setTimeout(() => {
    late = true;
    killGroup(child);
  }, patience);
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', bytes => {
      said = `${said}${bytes}`.slice(0, 500);
    });
  try {
    const [code, signal] = await once(child, 'close');
    if (late) return `it had not ended after ${patience / 1000} s`;
    return said.trim().replace(/\s+/g, ' ') || `it ended with ${signal ?? code}`;
  } catch (error) {
    return (error as Error).message;
  } finally {
    clearTimeout(timer);
  }
}
