import { appendFile, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { partsOf } from '../config/keys.ts';
import { withLines } from '../config/line-of.ts';
import { normalKey } from '../config/listing.ts';
import { fault } from '../errors.ts';
import { openRepository } from '../git/open-repository.ts';
import { readHead } from '../git/questions.ts';
import { editConfig, hunkBetween, takeBackSettings } from '../install/config-file.ts';
import { type Migrated, readReceipt, removeReceipt, writeReceipt } from '../install/receipt.ts';
import { allowed, findSite, type Site } from '../install/site.ts';
import type { World } from '../model/world.ts';
import { readText } from '../repository/workplace.ts';
import { type Migration, planMigration, type Wanted } from './plan-migration.ts';
import { readOld } from './read-old.ts';
import { addedText, reportText } from './report-text.ts';
import { hookChange, hookLines, type MigrateCall, switchBack, switchHook } from './switch-hook.ts';

/** The words of the command line. */
interface MigrateWords {
  readonly repo: string;
  readonly from?: string;
  readonly file?: string | undefined;
  readonly dryRun?: true;
  readonly keepHook?: true;
  readonly undo?: true;
}

/** `refpost migrate`. @param install refpost, in that repository @param uninstall it again */
export async function runMigrate(
  { cwd, env, stdout }: World,
  { repo, from, file, dryRun, keepHook, undo }: MigrateWords,
  install: () => Promise<void>,
  uninstall: () => Promise<void>,
): Promise<undefined> {
  const call: MigrateCall = {
    install,
    uninstall,
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
    await takeBackSettings(call.git, config, receipt, call.say);
    await removeReceipt(repository, 'migrated');
  });
}

async function addSettings(site: Site, { mailer, missing }: Migration) {
  let written: Migrated = { version: 1, mailer: mailer.name, settings: missing };
  const add = async (copy: string): Promise<void> => {
    // A line that ends in a backslash goes on in the next one.
    const start = /(^|[^\\]\n)$/.test(await readFile(copy, 'latin1')) ? '' : '\n';
    await appendFile(copy, start + configText(missing));
  };
  await editConfig(site.config, add, async (before, after) => {
    written = { ...written, config: hunkBetween(before, after) };
    await writeReceipt(site.repository, 'migrated', written);
  });
  return written;
}

/** What git writes for them: a git for each would take a twentieth of a second (git-config(1), "Syntax"). */
function configText(settings: readonly Wanted[]): string {
  let section = '';
  const lines = settings.map(({ key, value }) => {
    const { audience, name } = partsOf(normalKey(key));
    const text = value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
    const head = `[refpost${audience && ` "${audience}"`}]\n`;
    const isNew = head !== section;
    section = head;
    return `${isNew ? head : ''}\t${key.slice(-name.length)} = "${text}"\n`;
  });
  return lines.join('');
}
