import { resolveSetting } from '../config/resolve-setting.ts';
import { settings } from '../config/settings.ts';
import { fault } from '../errors.ts';
import type { Git } from '../git/git.ts';
import { shellWords } from '../hook/worker.ts';
import { isAddress } from '../model/address.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import { hookSettings } from '../repository/workplace.ts';
import { allowed } from './allowed.ts';
import { editConfig } from './config-file.ts';
import { exists, type HookState, inspectHook, placeHook, takeBackHook } from './hook-file.ts';
import { hunkBetween, undo } from './hunk.ts';
import {
  type AddedSetting,
  type HookReceipt,
  type Receipt,
  readReceipt,
  type SpoolReceipt,
  writeReceipt,
} from './receipt.ts';
import { findSite, type Site } from './site.ts';

/** All that an install depends on. */
export interface InstallCall {
  readonly git: Pick<Git, 'ask' | 'gitDir'>;
  readonly addresses: readonly string[];
  /** Absolute path of the package's bin/post-receive. */
  readonly script: string;
  /** What starts refpost from anywhere: absolute paths of node and of the program. */
  readonly command: readonly string[];
  /** What `~/` stands for. */
  readonly home: string | undefined;
  /** Effective user id, where the system has such. */
  readonly user: number | undefined;
  /** Makes what is missing of a spool; `shared` is core.sharedRepository. */
  readonly createSpool: (root: string, shared: string) => Promise<void>;
  /** Notes the refs as they are now as announced, unless the repository has a ledger. */
  readonly createBaseline: (repository: string, spool: string) => Promise<void>;
  readonly say: (line: string) => void;
}

/**
 * Makes every push to a repository known to refpost: settings, spool, ledger and, last, the hook. To run it again adds
 * what is missing. What it changes is written down before it is changed, so that `uninstall` can take exactly that back.
 */
export async function install(call: InstallCall): Promise<void> {
  const site = await findSite(call.git, call.user);
  const receipt = await readReceipt(site.repository);
  const additions = settingsToAdd(call, site, receipt);
  const { spool: root, shared } = hookSettings(site.entries, site.repository, call.home);
  const state = await inspectHook(site.hooks, [call.script, ...(receipt ? [receipt.hook.script] : [])]);
  const spool = await nextSpool(root, receipt);

  await call.createSpool(root, shared);
  await allowed(site.repository, async () => {
    const hook = await nextHook(call, site, state, receipt);
    await addSettings(call, site, additions, receipt, { hook, spool });
    await call.createBaseline(site.repository, root);
    const way = await placeHook(site.hooks, call.script, state);
    tell(call, site, additions, spool.root, { state, way });
  });
}

/** A setting to write, in place of one that an earlier install wrote. */
interface Addition extends AddedSetting {
  readonly replaces?: string;
}

function settingsToAdd(call: InstallCall, site: Site, receipt: Receipt | undefined): readonly Addition[] {
  const wrong = call.addresses.find(text => !isAddress(text));
  if (wrong !== undefined) throw fault.badRecipient(wrong);
  const to = resolveSetting('refpost.to', settings.to, site.entries, call.home).value as readonly string[];
  const missing = [...new Set(call.addresses)].filter(address => !to.includes(address));
  if (to.length + missing.length === 0) throw fault.noRecipient();
  return [
    ...missing.map(value => ({ key: 'refpost.to', value })),
    ...commandToAdd(shellWords(call.command), site, receipt),
  ];
}

/** A command that somebody else has set is kept: it may be sudo, a container, another version. */
function commandToAdd(value: string, site: Site, receipt: Receipt | undefined): readonly Addition[] {
  const key = 'refpost.command';
  const set = site.entries.findLast(entry => entry.key === key)?.value;
  if (set === value) return [];
  if (set === undefined || set === '') return [{ key, value }];
  const ours = receipt?.settings.some(setting => setting.key === key && setting.value === set);
  return ours ? [{ key, value, replaces: set }] : [];
}

/** A hook that install once put elsewhere, before core.hooksPath was changed, is taken back. */
async function nextHook(
  { script }: InstallCall,
  { hooks: folder }: Site,
  state: HookState,
  receipt: Receipt | undefined,
): Promise<HookReceipt> {
  const before = receipt?.hook.folder === folder ? receipt.hook : undefined;
  if (receipt !== undefined && before === undefined) await takeBackHook(receipt.hook);
  return {
    folder,
    folderMade: before?.folderMade || !(await exists(folder)),
    placed: before?.placed || state !== 'ours',
    chained: state === 'foreign' || (state === 'ours' && (before?.chained ?? false)),
    script,
  };
}

async function addSettings(
  { git }: InstallCall,
  site: Site,
  additions: readonly Addition[],
  receipt: Receipt | undefined,
  rest: Pick<Receipt, 'hook' | 'spool'>,
): Promise<void> {
  const add = async (copy: string): Promise<void> => {
    for (const { key, value, replaces } of additions) {
      if (replaces === undefined) await git.ask(['config', '--file', copy, '--add', key, value]);
      else await git.ask(['config', '--file', copy, '--fixed-value', '--replace-all', key, value, replaces]);
    }
  };
  await editConfig(site.config, add, async (before, after) => {
    const original = receipt === undefined ? before : receipt.config && undo(receipt.config, before);
    const untouched = before.equals(after) && receipt !== undefined;
    const config = untouched ? receipt.config : original && hunkBetween(original, after);
    const all = merged(receipt?.settings ?? [], additions);
    await writeReceipt(site.repository, { version: 1, settings: all, ...(config && { config }), ...rest });
  });
}

function merged(before: readonly AddedSetting[], additions: readonly Addition[]): readonly AddedSetting[] {
  const gone = ({ key, value }: AddedSetting): boolean =>
    additions.some(added => added.key === key && (added.replaces === value || added.value === value));
  return [
    ...before.filter(setting => !gone(setting)),
    ...additions.map(({ key, value }) => ({ key, value })),
  ];
}

async function nextSpool(root: string, receipt: Receipt | undefined): Promise<SpoolReceipt> {
  const before = receipt?.spool.root === root ? receipt.spool : undefined;
  return {
    root,
    rootMade: before?.rootMade || !(await exists(root)),
    made: before?.made || !(await exists(spoolLayout(root).queue)),
  };
}

function tell(
  { say, script }: InstallCall,
  { hooks, repository }: Site,
  additions: readonly Addition[],
  root: string,
  { state, way }: { readonly state: HookState; readonly way: 'link' | 'copy' },
): void {
  for (const { key, value } of additions) say(`set ${key} = ${value}`);
  if (additions.length === 0) say('the settings were there already');
  say(`spool: ${root}`);
  const hook = `${hooks}/post-receive`;
  if (state === 'foreign')
    say(`the hook that was there is kept as ${hook}.before-refpost, and runs after refpost's`);
  say(
    way === 'link'
      ? `${hook} is a link to ${script}`
      : `${hook} is a copy of ${script}: install again after upgrades`,
  );
  const repo = `--repo ${shellWords([repository])}`;
  say(`From now on each push is mailed. To see whether mails get out: refpost doctor ${repo}`);
  say(`To see what they look like: refpost notify HEAD~1 HEAD <branch> ${repo} --dry-run`);
}
