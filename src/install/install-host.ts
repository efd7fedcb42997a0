import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { configError } from '../config/config-fault.ts';
import { readConfig } from '../config/read-config.ts';
import { thereText } from '../config/receivers.ts';
import { fault } from '../errors.ts';
import { askOutside } from '../git/open-repository.ts';
import { programCommand, scriptOf, shellWords } from '../hook/worker.ts';
import { readAddress } from '../model/address.ts';
import type { World } from '../model/world.ts';
import { type Changes, noteFolders, stepTo, takeBack } from './changes.ts';
import type { AddedSetting } from './config-file.ts';
import { planBitbucket, planGerrit, planGitea, planGitlab, planSoftServe } from './forge-plans.ts';
import { planGit } from './git-plan.ts';
import { planGitolite } from './gitolite-plan.ts';
import type { HostCall, HostPlan, PlanCall } from './host-plan.ts';
import { readHostReceipt, receiptPath, stateFolder, writeHostReceipt } from './host-receipt.ts';
import { allowed } from './site.ts';
import { uninstallHost } from './uninstall-host.ts';

type Planner = (call: PlanCall) => Promise<HostPlan>;

/** Every host that there is a way for, by the word after --host. */
const HOSTS: Readonly<Record<string, Planner>> = {
  git: planGit,
  gitolite: call => planGitolite(call, false),
  'gitolite-some': call => planGitolite(call, true),
  gitlab: planGitlab,
  gitea: call => planGitea(call, 'Gitea'),
  forgejo: call => planGitea(call, 'Forgejo'),
  gerrit: planGerrit,
  bitbucket: planBitbucket,
  'soft-serve': planSoftServe,
};

/** Looks, changes nothing, and fails with a sentence where the host cannot be found. */
async function planFor(call: PlanCall): Promise<HostPlan> {
  const planner = Object.hasOwn(HOSTS, call.host) ? HOSTS[call.host] : undefined;
  if (planner === undefined) throw fault.noSuchHost(call.host, Object.keys(HOSTS));
  return planner(call);
}

/** The words of the command line. */
interface Words extends Pick<HostCall, 'host' | 'from' | 'receiver'> {
  readonly to?: readonly string[];
  readonly root?: readonly string[];
  readonly config?: string;
  readonly dryRun?: true;
  readonly uninstall?: true;
}

/** Installs refpost for all repositories of a host, or takes that back. Paths are relative to the working directory. */
export async function runForHost({ cwd, env, home, stdout }: World, words: Words): Promise<undefined> {
  const { host, from, receiver, to = [], root = [], config } = words;
  await (words.uninstall ? uninstallHost : installHost)({
    host,
    addresses: to,
    from,
    receiver,
    roots: root.map(folder => resolve(cwd, folder)),
    configFile: config && resolve(cwd, config),
    isDryRun: words.dryRun ?? false,
    script: scriptOf(home),
    command: programCommand(home),
    env,
    say: line => stdout.write(`${line}\n`),
  });
}

/**
 * Has every push to any repository of a host recorded: hook and settings in the one place from which the host takes them. To run it again
 * adds what is missing, and takes back what is not needed any more. What it changes is written down before it is changed.
 */
async function installHost(call: HostCall): Promise<void> {
  const { host, env, say, isDryRun } = call;
  const state = stateFolder(env);
  const git = askOutside(env);
  const receipt = await readHostReceipt(state, host);
  const before = receipt?.changes.find(change => change.kind === 'settings');
  // What is not said again is as it was.
  const given = [...new Set([...call.roots, ...(receipt?.given ?? [])])];
  const plan = await planFor({
    ...call,
    roots: given,
    configFile: call.configFile ?? before?.path,
    git,
    settings: settingsOf(call, before?.settings ?? []),
    state,
  });
  const changes: Changes = new Map(receipt?.changes.map(change => [change.path, change]));
  const steps = [];
  // All are looked at before the first is taken.
  for (const wish of plan.wishes) steps.push(await stepTo(wish, changes, git));
  const wished = new Set(plan.wishes.map(({ path }) => path));
  const stale = [...changes.values()].filter(({ kind, path }) => kind !== 'folder' && !wished.has(path));
  const roots = [...new Set([...(receipt?.roots ?? []), ...plan.roots])];
  const lines = [...steps.flatMap(step => step.lines), ...stale.map(({ path }) => `take back ${path}`)];
  if (isDryRun) {
    for (const line of lines) say(`would ${line}`);
  } else {
    const note = () =>
      allowed(state, () =>
        writeHostReceipt(state, { version: 1, host, given, roots, changes: [...changes.values()] }),
      );
    noteFolders(receiptPath(state, host), changes);
    for (const step of steps) {
      await step.take(note);
      for (const line of step.lines) say(line);
    }
    for (const change of stale.toReversed()) {
      await allowed(change.path, () => takeBack(change, git, say));
      changes.delete(change.path);
    }
    await note();
  }
  if (lines.length === 0) say('all was there already');
  for (const line of [...plan.byHand, ...unreadable(call)]) say(`by hand: ${line}`);
  for (const line of thereText(call.receiver)) say(line);
  if (!isDryRun) say(`To check all repositories: refpost doctor --all${roots.length > 0 ? '' : ' /srv/git'}`);
}

/** What root has installed for itself alone: pushes are other users'. */
function unreadable({ script, command: [program = ''] }: HostCall): readonly string[] {
  if (process.geteuid?.() !== 0) return [];
  const isClosed = (path: string): boolean =>
    (statSync(path).mode & 0o001) === 0 || (path !== '/' && isClosed(dirname(path)));
  const closed = [script, program].find(path => existsSync(path) && isClosed(path));
  if (closed === undefined) return [];
  return [
    `other users may not run ${closed}: install refpost and Node.js where they may, and then this again`,
  ];
}

/** The settings that are written for all repositories. Fails with a sentence where one is wrong. @param before those of an earlier run */
function settingsOf(
  { addresses, from, receiver, command, env }: HostCall,
  before: readonly AddedSetting[],
): readonly AddedSetting[] {
  const wrong = addresses.find(text => !readAddress(text));
  if (wrong !== undefined) throw fault.badRecipient(wrong);
  const given = [
    ...addresses.map(value => ({ key: 'refpost.to', value })),
    ...(from === undefined ? [] : [{ key: 'refpost.from', value: from }]),
    ...(receiver === undefined ? [] : [{ key: 'refpost.receiver', value: receiver }]),
    ...(addresses.length > 0 || before.some(({ key }) => key === 'refpost.to')
      ? []
      : [{ key: 'refpost.noRecipients', value: 'ignore' }]),
  ];
  const { faults } = readConfig([], given, env.HOME);
  if (faults.length > 0) throw configError(faults);
  return [{ key: 'refpost.command', value: shellWords(command) }, ...given];
}
