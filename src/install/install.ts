import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { thereText } from '../config/receivers.ts';
import { createSpool, spoolRights } from '../disk/create-spool.ts';
import { fault } from '../errors.ts';
import { shellWords } from '../hook/worker.ts';
import { senderFault } from '../model/address.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import { settingsOf } from '../repository/workplace.ts';
import { type Recipients, recipientsAfter, senderAfter, settingsToAdd } from './additions.ts';
import { type Addition, addSettings } from './config-file.ts';
import { exists, type HookState, type HookUse, inspectHook, isPlaced, placeHook } from './hook-file.ts';
import { type Receipt, readReceipt, writeReceipt } from './receipt.ts';
import { allowed, demandWritable, findSite, type InstallCall, type Site } from './site.ts';
import { takeBackPlaced } from './uninstall.ts';

/**
 * Makes every push to a repository known to refpost: settings, spool, ledger and, last, the hook. To run it again adds
 * what is missing. What it changes is written down before it is changed, so that `uninstall` can take exactly that back.
 */
export async function install(call: InstallCall): Promise<void> {
  const site = await findSite(call.git);
  const { repository, hooks } = site;
  const receipt = await readReceipt(repository, 'installed');
  const { spool: root, shared } = settingsOf(site.entries, repository, call.env.HOME);
  const recipients = recipientsAfter(call, site);
  const additions = await settingsToAdd(call, site, recipients, receipt);
  const plan = await planHook(call, site, receipt);
  const before = receipt?.spool.root === root ? receipt.spool : undefined;
  const rootMade = before?.rootMade || !exists(root);
  const spool = { root, rootMade, made: before?.made || !exists(spoolLayout(root).queue) };

  await createSpool(root, shared);
  await allowed(repository, async () => {
    // One that install put elsewhere, before core.hooksPath was changed.
    if (receipt && receipt.hook.folder !== hooks.folder) await takeBackPlaced(receipt, repository);
    const rest = { hook: plan.hook, spool };
    await addSettings(call.git, site.config, additions, receipt, change =>
      writeReceipt(repository, 'installed', { version: 1, ...change, ...rest }),
    );
    const other =
      'the outbox knew another repository at this path; what was announced of that one is forgotten';
    if (await call.createBaseline(repository, root)) call.say(other);
    if (plan.place) await placeHook(plan.path, plan.use, plan.state);
    tell(call, site, additions, recipients, root, plan);
    for (const line of await remarks(call, site, shared)) call.say(`note: ${line}`);
    for (const line of thereText(call.receiver)) call.say(line);
  });
}

/** What is to become of the hooks folder. */
interface HookPlan {
  readonly state: HookState;
  /** The hook is to be written, and to mind this repository only. */
  readonly place: boolean;
  readonly path: string;
  readonly use: HookUse;
  readonly hook: Receipt['hook'];
}

/** A hook that is there already by somebody else's hand, which may be for many repositories, is left. */
async function planHook(
  { script }: InstallCall,
  { hooks: { folder, outside, refusal }, repository }: Site,
  receipt: Receipt | undefined,
): Promise<HookPlan> {
  const before = receipt?.hook.folder === folder ? receipt.hook : undefined;
  const path = join(folder, 'post-receive');
  const state = await inspectHook(path, [script, ...(before ? [before.script] : [])], repository);
  if (state === 'others') throw fault.hookOfOthers(folder);
  const use = { script, only: outside ? repository : undefined };
  const isThere = isPlaced(path, use);
  const placed = state !== 'ours' || isThere || before?.placed === true;
  if (placed && refusal) throw refusal;
  const place = placed && !isThere;
  if (place) await demandWritable(folder);
  const folderMade = before?.folderMade || !exists(folder);
  const chained = state === 'foreign' || (state !== 'none' && (before?.chained ?? false));
  return { state, place, path, use, hook: { folder, folderMade, placed, chained, script } };
}

/** Says what was done, and what to do next. */
function tell(
  { say, script }: InstallCall,
  { hooks, repository }: Site,
  additions: readonly Addition[],
  { before, added }: Recipients,
  root: string,
  { state, hook: { placed } }: HookPlan,
): void {
  for (const { key, value } of additions)
    say(`${key === 'refpost.to' && before.length > 0 ? 'added' : 'set'} ${key} = ${value}`);
  if (additions.length === 0) say('the settings were there already');
  if (before.length > 0) say(`mails go to: ${[...before, ...added].join(', ')}`);
  say(`outbox: ${root}`);
  const hook = `${hooks.folder}/post-receive`;
  if (state === 'foreign')
    say(`the hook that was there is kept as ${hook}.before-refpost, and runs after refpost's`);
  say(placed ? `${hook} runs ${script}` : `${hook} is refpost's already, and is left as it is`);
  const repo = `--repo ${shellWords([repository])}`;
  say(`From now on, mail is sent for each push. To check that it gets out: refpost doctor ${repo}`);
  say(`To see what it looks like: refpost notify HEAD~1 HEAD <branch> ${repo} --dry-run`);
}

/** What is not wrong, and yet will be asked about one day. */
async function remarks(call: InstallCall, site: Site, shared: string): Promise<readonly string[]> {
  const { entries, repository } = site;
  const git = `git -C ${shellWords([repository])} config`;
  const isPrivate = (spoolRights(shared).folder & 0o070) === 0;
  const address = senderAfter(call, site);
  const wrong = senderFault(address);
  const sender = `mails are from ${address}: ${wrong}; set another sender: ${git} refpost.from commits@example.org`;
  const group = `the repository is writable by its group, but refpost's files will be its owner's alone; to share them: ${git} core.sharedRepository group, then "refpost install" again`;
  const multimail = `multimailhook.* settings are there: if git-multimail still runs, pushes are mailed by both; "refpost migrate" takes its place`;
  const isMigrated = exists(join(repository, 'refpost', 'migrated.json'));
  return [
    ...(wrong === undefined ? [] : [sender]),
    ...(isPrivate && (await isGroups(join(repository, 'objects'))) ? [group] : []),
    ...(!isMigrated && entries.some(({ key }) => key.startsWith('multimailhook.')) ? [multimail] : []),
  ];
}

/** Writable by a group that is not the owner's own (as many systems give one to each user). */
async function isGroups(folder: string): Promise<boolean> {
  const { mode, uid, gid } = await stat(folder);
  return (mode & 0o020) !== 0 && (gid !== uid || uid === 0);
}
