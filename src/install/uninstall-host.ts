import { fault } from '../errors.ts';
import type { Git } from '../git/git.ts';
import { askOutside } from '../git/open-repository.ts';
import { shellWords } from '../hook/worker.ts';
import { type Change, takeBack } from './changes.ts';
import type { AddedSetting } from './config-file.ts';
import type { HostCall } from './host-plan.ts';
import {
  type HostReceipt,
  hostReceipts,
  readHostReceipt,
  removeHostReceipt,
  stateFolder,
  writeHostReceipt,
} from './host-receipt.ts';
import { NO_COMMAND } from './host-settings.ts';
import { repositoriesBelow } from './repositories-below.ts';
import { allowed } from './site.ts';

/** Takes back what `installHost` did, and nothing else. */
export async function uninstallHost(
  call: Pick<HostCall, 'host' | 'env' | 'say' | 'isDryRun' | 'roots'>,
): Promise<void> {
  const { host, env, say, isDryRun } = call;
  const state = stateFolder(env);
  const git = askOutside(env);
  const receipt = await readHostReceipt(state, host);
  if (receipt === undefined) throw fault.hostNotInstalled(host, state);
  const isFolder = ({ kind }: Change) => kind === 'folder';
  const order = receipt.changes.toReversed();
  const files = order.filter(change => !isFolder(change));
  if (isDryRun) {
    for (const { path } of files) say(`would take back ${path}`);
    return;
  }
  const { left, why } = await leftIn(order, [...receipt.roots, ...call.roots], git);
  const shared = await handedOver(state, receipt);
  for (const change of files)
    await allowed(change.path, () => takeBack(change, git, say, [...left, ...shared]));
  await allowed(state, () => removeHostReceipt(state, host));
  // Folders last, as one has the receipt.
  for (const change of order.filter(isFolder)) await allowed(change.path, () => takeBack(change, git, say));
  for (const line of why) say(line);
  say(
    'outboxes are left where they are: in the folder refpost of each repository, or where refpost.spool says',
  );
}

/**
 * What takes the place of the hook in git's settings. A repository may have hook.refpost.event in its own settings; without any command git would
 * refuse every push to it from then on. So one that does nothing stays, unless all repositories are known and none has one.
 */
async function leftIn(changes: readonly Change[], roots: readonly string[], git: Pick<Git, 'ask'>) {
  const settings = changes.find(change => isSettings(change) && change.settings.some(isCommand));
  if (settings === undefined) return { left: [], why: [] };
  const needing = await withOwnEvent(roots, git);
  if (roots.length > 0 && needing.length === 0) return { left: [], why: [] };
  const because =
    needing.length > 0
      ? `git would refuse every push to ${needing.join(', ')}, where hook.refpost.event is set`
      : 'git would refuse every push to a repository where hook.refpost.event is set, and nobody has said where the repositories are (--root)';
  return {
    left: [NO_COMMAND],
    why: [
      `${NO_COMMAND.key} = ${NO_COMMAND.value} stays: without it ${because}`,
      `where that is set nowhere: git config --file ${shellWords([settings.path])} --remove-section hook.refpost`,
    ],
  };
}

/** What another host that is installed by the same file has found there by this one's hand, and needs: from now on it is that one's. */
async function handedOver(state: string, { host, changes }: HostReceipt): Promise<readonly AddedSetting[]> {
  const ours = changes.find(isSettings);
  const shared = ours?.settings.filter(({ key }) => /^refpost\.(command|noRecipients)$/.test(key)) ?? [];
  // One that has found all there has changed no file of settings.
  const needs = (other: HostReceipt) => (other.changes.find(isSettings) ?? ours)?.path === ours?.path;
  const heir = (await hostReceipts(state)).find(other => other.host !== host && needs(other));
  if (ours === undefined || heir === undefined) return [];
  const { config: _, ...theirs } = heir.changes.find(isSettings) ?? { ...ours, settings: [] };
  const has = ({ key }: AddedSetting) => theirs.settings.some(setting => setting.key === key);
  const grown = { ...theirs, settings: [...shared.filter(setting => !has(setting)), ...theirs.settings] };
  // Folders that are not empty then are left to it, too.
  const folders = changes.filter(
    ({ kind, path }) => kind === 'folder' && !heir.changes.some(one => one.path === path),
  );
  const rest = heir.changes.filter(change => !isSettings(change));
  await allowed(state, () => writeHostReceipt(state, { ...heir, changes: [...folders, grown, ...rest] }));
  return shared;
}

function isSettings(change: Change): change is Change & { kind: 'settings' } {
  return change.kind === 'settings';
}

function isCommand({ key }: AddedSetting): boolean {
  return key === NO_COMMAND.key;
}

/** Repositories with an event of our hook, and no command, in their own settings. */
async function withOwnEvent(roots: readonly string[], git: Pick<Git, 'ask'>): Promise<readonly string[]> {
  const found: string[] = [];
  const own = ['config', '--local', '--includes', '--get-regexp', '^hook\\.refpost\\.(event|command)$'];
  for (const root of new Set(roots))
    for await (const repository of repositoriesBelow(root)) {
      const listed = await git.ask(['--git-dir', repository, ...own]).catch(() => '');
      if (/\.event\b/.test(listed) && !/\.command\b/.test(listed)) found.push(repository);
    }
  return found;
}
