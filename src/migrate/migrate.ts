import { appendFile, readFile, rename } from 'node:fs/promises';
import { resolve } from 'node:path';
import { partsOf } from '../config/keys.ts';
import { withLines } from '../config/line-of.ts';
import { normalKey, overrideEntries } from '../config/listing.ts';
import { readConfig } from '../config/read-config.ts';
import { fault } from '../errors.ts';
import type { Git } from '../git/git.ts';
import { openRepository } from '../git/open-repository.ts';
import { readHead } from '../git/questions.ts';
import { shellWords } from '../hook/worker.ts';
import { editConfig, hunkBetween } from '../install/config-file.ts';
import { exists, isOurHook } from '../install/hook-file.ts';
import { type Migrated, readReceipt, removeReceipt, writeReceipt } from '../install/receipt.ts';
import { allowed, findSite, type Site } from '../install/site.ts';
import { takeBackSettings } from '../install/uninstall.ts';
import type { World } from '../model/world.ts';
import { readText } from '../repository/workplace.ts';
import { hookPaths, lookAtHook, type OldHook } from './old-hook.ts';
import { type Migration, planMigration, type Wanted } from './plan-migration.ts';
import { readOld } from './read-old.ts';
import { addedText, reportText } from './report-text.ts';

/** What `refpost migrate` depends on. */
export interface MigrateCall {
  readonly git: Git;
  /** The mailer's name, and the path of an export of GitLab. */
  readonly from: { readonly name?: string | undefined; readonly file?: string | undefined };
  readonly dryRun: boolean;
  /** The settings alone: the old hook goes on. */
  readonly keepHook: boolean;
  readonly home: string | undefined;
  readonly install: () => Promise<void>;
  readonly uninstall: () => Promise<void>;
  readonly say: (line: string) => void;
}

/** The words of the command line. */
interface MigrateWords {
  readonly repo: string;
  readonly from?: string;
  readonly file?: string | undefined;
  readonly dryRun?: true;
  readonly keepHook?: true;
  readonly undo?: true;
}

/** `refpost migrate`. @param place what installs refpost in that repository, and takes it back */
export async function runMigrate(
  { cwd, env, stdout }: World,
  { repo, from, file, dryRun, keepHook, undo }: MigrateWords,
  place: Pick<MigrateCall, 'install' | 'uninstall'>,
): Promise<undefined> {
  const call: MigrateCall = {
    ...place,
    git: await openRepository(resolve(cwd, repo), env),
    from: { name: from, file: file && resolve(cwd, file) },
    dryRun: dryRun === true,
    keepHook: keepHook === true,
    home: env.HOME,
    say: line => stdout.write(`${line}\n`),
  };
  await (undo ? undoMigration : migrate)(call);
}

/**
 * Takes over the settings of another mailer, which stay where they are, and puts refpost's hook in the place of its hook. What it changes is
 * written down before it is changed, so that `undoMigration` can take exactly that back. To run it again does what is missing.
 */
export async function migrate(call: MigrateCall): Promise<void> {
  const { git, say, dryRun } = call;
  const site = await findSite(git);
  const { repository, entries } = site;
  const receipt = await readReceipt(repository, 'migrated');
  const old = await readOld(git, entries, call.from);
  const facts = { repository, head: await readHead(git), home: call.home, entries };
  const plan = planMigration(old.mailer, old.entries, facts);
  const { missing, mailer } = plan;
  const readOrigin = (origin: string) => readText(resolve(git.gitDir, origin));
  for (const line of reportText({ ...plan, report: withLines(plan.report, readOrigin) })) say(line);
  if (receipt && receipt.mailer !== mailer.name) throw fault.migratedAlready(receipt.mailer);
  if (receipt && missing.length > 0) throw fault.oldSettingsChanged(mailer.name);
  const change = await hookChange(call, site, plan);
  const isDone = missing.length === 0 && 'reason' in change;
  if (!dryRun && !isDone) {
    await allowed(repository, async () => {
      const written = receipt ?? (await addSettings(site, plan));
      if (!('reason' in change)) await switchHook(call, site, written, change);
    });
  }
  for (const { key, value } of missing) say(`${dryRun ? 'would set' : 'set'} ${addedText(key, value)}`);
  for (const line of 'reason' in change ? change.reason : hookLines(change, site, dryRun)) say(line);
  if (isDone) say('nothing to do: all settings are there');
}

/** Takes back what `migrate` did to a repository, and nothing else. */
export async function undoMigration(call: Pick<MigrateCall, 'git' | 'uninstall' | 'say'>): Promise<void> {
  const { repository, config } = await findSite(call.git);
  const receipt = await readReceipt(repository, 'migrated');
  if (receipt === undefined) throw fault.notMigrated(repository);
  await allowed(repository, async () => {
    if (receipt.hook) await switchBack(call, repository, receipt.hook);
    await takeBackSettings(call, config, receipt);
    await removeReceipt(repository, 'migrated');
  });
}

async function addSettings(site: Site, { mailer, missing }: Migration) {
  let written: Migrated = { version: 1, mailer: mailer.name, settings: missing };
  const add = async (copy: string): Promise<void> => {
    // A line that ends in a backslash goes on in the next one.
    const start = /(^|[^\\]\n)$/.test(await readFile(copy, 'latin1')) ? '' : '\n';
    await appendFile(copy, start + missing.map(configLines).join(''));
  };
  await editConfig(site.config, add, async (before, after) => {
    written = { ...written, config: hunkBetween(before, after) };
    await writeReceipt(site.repository, 'migrated', written);
  });
  return written;
}

/** A section for each: a git that adds one takes a twentieth of a second (git-config(1), "Syntax"). */
function configLines({ key, value }: Wanted): string {
  const { audience, name } = partsOf(normalKey(key));
  const text = value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `[refpost${audience && ` "${audience}"`}]\n\t${key.slice(-name.length)} = "${text}"\n`;
}

/** What the hook that was there is to become. */
interface Change {
  readonly old: OldHook;
  readonly isOurs: boolean;
}

/** @returns `reason`: why the hook stays as it is, in lines for people */
async function hookChange(
  { keepHook }: MigrateCall,
  { hooks, entries, repository }: Site,
  { mailer, missing, report }: Migration,
): Promise<Change | { readonly reason: readonly string[] }> {
  const install = `refpost install ${shellWords([repository])}`;
  const { hook, aside } = hookPaths(hooks.folder);
  if (mailer.hook === undefined)
    return { reason: [`turn the mails of ${mailer.name} off there, then: ${install}`] };
  const old = await lookAtHook(hooks.folder, mailer);
  const isOurs = isOurHook(hook);
  if (isOurs && old !== 'theirs' && old !== 'mixed') return { reason: [] };
  if (keepHook)
    return { reason: [`${hook} is left as it is; to let refpost take over, run this without --keep-hook`] };
  const { config } = readConfig([...entries, ...overrideEntries(missing)], [], undefined);
  if (config.to.length === 0)
    return { reason: [`nobody is to get mail yet: refpost.to is not set; then: ${install}`] };
  if (hooks.refusal || hooks.outside)
    return {
      reason: [
        `${hooks.folder} is outside of the repository: turn ${mailer.name} off there, then: ${install}`,
      ],
    };
  const runs = report.find(({ key }) => key === mailer.hook?.runs);
  if (old === 'mixed' || runs)
    return {
      reason: [
        `${isOurs ? hookPaths(hooks.folder).chained : hook} runs ${mailer.name}, and does more: take ${mailer.name} out of it, then: ${install}`,
      ],
    };
  if (old === 'theirs' && exists(aside)) throw fault.twoEarlierHooks(hook, aside);
  return { old, isOurs };
}

/** Between the two renames a push may be mailed by both; none is mailed by neither. */
async function switchHook(
  call: MigrateCall,
  { repository, hooks: { folder } }: Site,
  receipt: Migrated,
  { old, isOurs }: Change,
): Promise<void> {
  const installed = receipt.hook?.installed || !isOurs;
  const isTheirs = old === 'theirs';
  await writeReceipt(repository, 'migrated', { ...receipt, hook: { folder, installed, aside: isTheirs } });
  if (!isOurs) await call.install();
  const { chained, aside } = hookPaths(folder);
  if (isTheirs) await rename(chained, aside);
}

function hookLines({ old, isOurs }: Change, { hooks: { folder } }: Site, dryRun: boolean): readonly string[] {
  const { hook, aside } = hookPaths(folder);
  const ours = isOurs ? [] : [`${hook} ${dryRun ? 'would become' : 'is'} refpost's`];
  const kept = `the hook of before ${dryRun ? 'would be' : 'is'} kept as ${aside}, and ${dryRun ? 'would not run' : 'does not run'}`;
  return old === 'theirs' ? [...ours, kept] : ours;
}

/** To where it was: refpost's hook, where it is still there, runs it until that is taken back. */
async function switchBack(
  { uninstall, say }: Pick<MigrateCall, 'uninstall' | 'say'>,
  repository: string,
  receipt: NonNullable<Migrated['hook']>,
): Promise<void> {
  const { hook, chained, aside } = hookPaths(receipt.folder);
  const place = isOurHook(hook) ? chained : hook;
  if (receipt.aside && exists(aside)) {
    if (exists(place)) say(`${place} is there: the hook of before stays as ${aside}`);
    else {
      await rename(aside, place);
      say(`${aside} is ${place} again`);
    }
  }
  if (receipt.installed && (await readReceipt(repository, 'installed'))) await uninstall();
}
