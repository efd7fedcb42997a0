import { rename } from 'node:fs/promises';
import { overrideEntries } from '../config/listing.ts';
import { readConfig } from '../config/read-config.ts';
import { fault } from '../errors.ts';
import type { Git } from '../git/git.ts';
import { shellWords } from '../hook/worker.ts';
import { exists, isOurHook } from '../install/hook-file.ts';
import { type Migrated, readReceipt, writeReceipt } from '../install/receipt.ts';
import type { Site } from '../install/site.ts';
import { keeperOf } from '../repository/host-of.ts';
import { hookPaths, lookAtHook, type OldHook } from './old-hook.ts';
import type { Migration } from './plan-migration.ts';

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

/** What the hook that was there is to become. */
interface Change {
  readonly old: OldHook;
  readonly isOurs: boolean;
}

/** @returns `reason`: why the hook stays as it is, in lines for people */
export async function hookChange(
  { keepHook }: MigrateCall,
  { hooks, entries, repository }: Site,
  { mailer, missing, report }: Migration,
): Promise<Change | { readonly reason: readonly string[] }> {
  const install = `refpost install ${shellWords([repository])}`;
  const { hook, aside } = hookPaths(hooks.folder);
  if (mailer.hook === undefined)
    return { reason: ['turn the integration off in GitLab, then: refpost install --host gitlab'] };
  const old = await lookAtHook(hooks.folder, mailer);
  const isOurs = isOurHook(hook);
  if (isOurs && old !== 'theirs' && old !== 'mixed') return { reason: [] };
  if (keepHook)
    return { reason: [`${hook} is left as it is; to let refpost take over, run this without --keep-hook`] };
  const { config } = readConfig([...entries, ...overrideEntries(missing)], [], undefined);
  if (config.to.length === 0)
    return { reason: [`nobody is to get mail yet: refpost.to is not set; then: ${install}`] };
  const keeper = keeperOf(repository);
  if (keeper)
    return {
      reason: [
        `${keeper.title} writes the hooks of this repository: take ${mailer.name} out of its own, then: refpost install --host ${keeper.name}`,
      ],
    };
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
export async function switchHook(
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

export function hookLines(
  { old, isOurs }: Change,
  { hooks: { folder } }: Site,
  dryRun: boolean,
): readonly string[] {
  const { hook, aside } = hookPaths(folder);
  const ours = isOurs ? [] : [`${hook} ${dryRun ? 'would become' : 'is'} refpost's`];
  const kept = `the hook of before ${dryRun ? 'would be' : 'is'} kept as ${aside}, and ${dryRun ? 'would not run' : 'does not run'}`;
  return old === 'theirs' ? [...ours, kept] : ours;
}

/** To where it was: refpost's hook, where it is still there, runs it until that is taken back. */
export async function switchBack(
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
