import { fault } from '../errors.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import { hookSettings } from '../repository/workplace.ts';
import { type Addition, merged, recipientsAfter, settingsToAdd } from './additions.ts';
import { allowed, demandWritable } from './allowed.ts';
import { editConfig } from './config-file.ts';
import { exists, type HookPlan, inspectHook, isPlaced, placeHook, takeBackHook } from './hook-file.ts';
import { hunkBetween, undo } from './hunk.ts';
import { type HookReceipt, type Receipt, readReceipt, type SpoolReceipt, writeReceipt } from './receipt.ts';
import { remarks, tell } from './report.ts';
import { findSite, type InstallCall, type Site } from './site.ts';

/**
 * Makes every push to a repository known to refpost: settings, spool, ledger and, last, the hook. To run it again adds
 * what is missing. What it changes is written down before it is changed, so that `uninstall` can take exactly that back.
 */
export async function install(call: InstallCall): Promise<void> {
  const site = await findSite(call.git, call.user);
  const receipt = await readReceipt(site.repository);
  const { spool: root, shared } = hookSettings(site.entries, site.repository, call.env.HOME);
  const recipients = recipientsAfter(call, site);
  const additions = await settingsToAdd(call, site, recipients, receipt);
  const plan = await hookPlan(call, site, receipt);
  const spool = await nextSpool(root, receipt);

  await call.createSpool(root, shared);
  await allowed(site.repository, async () => {
    const hook = await nextHook(call, site, plan, receipt);
    await addSettings(call, site, additions, receipt, { hook, spool });
    if (await call.createBaseline(site.repository, root)) {
      call.say(
        'the outbox knew another repository at this path; what was announced of that one is forgotten',
      );
    }
    if (plan.place) await placeHook(hook.folder, call.script, plan.only, plan.state);
    tell(call, site, { additions, recipients, root, ...plan });
    for (const line of await remarks(call, site, shared)) call.say(`note: ${line}`);
  });
}

async function hookPlan(
  { script }: InstallCall,
  { hooks, repository }: Site,
  receipt: Receipt | undefined,
): Promise<HookPlan> {
  const before = receipt?.hook.folder === hooks.folder ? receipt.hook : undefined;
  const state = await inspectHook(hooks.folder, [script, ...(before ? [before.script] : [])], repository);
  if (state === 'others') throw fault.hookOfOthers(hooks.folder);
  const only = hooks.outside ? repository : undefined;
  const placed = await isPlaced(hooks.folder, script, only);
  const own = state !== 'ours' || placed || before?.placed === true;
  if (own && hooks.refusal) throw hooks.refusal;
  const place = own && !placed;
  if (place) await demandWritable(hooks.folder);
  return { state, own, place, only };
}

/** A hook that install once put elsewhere, before core.hooksPath was changed, is taken back. */
async function nextHook(
  { script }: InstallCall,
  { hooks: { folder }, repository }: Site,
  { state, own }: HookPlan,
  receipt: Receipt | undefined,
): Promise<HookReceipt> {
  const before = receipt?.hook.folder === folder ? receipt.hook : undefined;
  if (receipt !== undefined && before === undefined) await takeBackHook(receipt.hook, repository);
  return {
    folder,
    folderMade: before?.folderMade || !(await exists(folder)),
    placed: own,
    chained: state === 'foreign' || (state !== 'none' && (before?.chained ?? false)),
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

async function nextSpool(root: string, receipt: Receipt | undefined): Promise<SpoolReceipt> {
  const before = receipt?.spool.root === root ? receipt.spool : undefined;
  return {
    root,
    rootMade: before?.rootMade || !(await exists(root)),
    made: before?.made || !(await exists(spoolLayout(root).queue)),
  };
}
