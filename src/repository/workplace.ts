import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type ConfigFault, configError } from '../config/config-fault.ts';
import { withLines } from '../config/line-of.ts';
import { type Entry, parseListing } from '../config/listing.ts';
import { readConfig } from '../config/read-config.ts';
import { resolveSetting } from '../config/resolve-setting.ts';
import { settings } from '../config/settings.ts';
import type { OperatorError } from '../errors.ts';
import type { Git } from '../git/git.ts';
import { openRepository } from '../git/open-repository.ts';
import type { Config } from '../model/config.ts';
import type { Override } from '../model/push.ts';
import type { World } from '../model/world.ts';

/** A repository, its settings, and where its pushes go. */
export interface Workplace {
  readonly git: Git;
  readonly config: Config;
  /** Absolute path of the outbox directory. */
  readonly spool: string;
  /** core.sharedRepository (git-config(1)): who besides the owner works here. */
  readonly shared: string;
}

/** Opens the repository that a folder belongs to and reads its settings. Fails with all that is wrong with them. */
export async function openWorkplace(
  world: World,
  folder: string,
  overrides: readonly Override[],
): Promise<Workplace> {
  return strict(await openTolerated(world, folder, overrides));
}

/** The same with what is wrong beside it, but for where the outbox is. */
export async function openTolerated(
  world: World,
  folder: string,
  overrides: readonly Override[],
): Promise<Tolerated> {
  const git = await openRepository(resolve(world.cwd, folder), world.env);
  return tolerated(world, git, await listSettings(git), overrides);
}

/** A workplace whose settings may be wrong, but for where the outbox is: those that are count as not given. */
export interface Tolerated extends Workplace {
  readonly wrong?: OperatorError;
  /** The keys that are wrong, such as `refpost.maxMails`. */
  readonly wrongKeys?: ReadonlySet<string>;
}

/** For who has to tell what is wrong, or needs nothing of it. */
export function tolerated(
  world: World,
  git: Git,
  entries: readonly Entry[],
  overrides: readonly Override[],
): Tolerated {
  const reading = readConfig(entries, overrides, world.env.HOME);
  const config = 'faults' in reading ? reading.left : reading.config;
  const workplace = { git, config, spool: spoolOf(config.spool, git.gitDir), shared: sharedOf(entries) };
  if (!('faults' in reading)) return workplace;
  const wrong = settingsError(reading.faults, git.gitDir);
  const wrongKeys = new Set(reading.faults.map(({ key }) => key));
  if (wrongKeys.has('refpost.spool')) throw wrong;
  return { ...workplace, wrong, wrongKeys };
}

export function strict(workplace: Tolerated): Workplace {
  if (workplace.wrong) throw workplace.wrong;
  return workplace;
}

/** What a hook and an install have to know. Other settings, and faults in them, are the worker's business. */
export interface HookSettings extends Pick<Workplace, 'spool' | 'shared'> {
  /** A service keeps a worker running: the hook need not start one. */
  readonly service: boolean;
  /** Shell words that start refpost. */
  readonly command: string | undefined;
}

/**
 * Reads that from all settings of a repository, as bin/post-receive does in sh.
 * @param repository absolute path of the git directory
 * @throws an OperatorError where it is not known which spool is meant
 */
export function hookSettings(
  entries: readonly Entry[],
  repository: string,
  home: string | undefined,
): HookSettings {
  const read = (key: 'spool' | 'worker' | 'command') =>
    resolveSetting(`refpost.${key}`, settings[key], entries, home);
  const spool = read('spool');
  if (spool.faults.length > 0) throw settingsError(spool.faults, repository);
  return {
    spool: spoolOf(spool.value as string | undefined, repository),
    shared: sharedOf(entries),
    service: read('worker').value === 'service',
    command: read('command').value as string | undefined,
  };
}

/** @param gitDir where git listed the settings: relative names of files start there */
function settingsError(faults: readonly ConfigFault[], gitDir: string): OperatorError {
  return configError(withLines(faults, path => readText(resolve(gitDir, path))));
}

function spoolOf(setting: string | undefined, repository: string): string {
  return setting ?? join(repository, 'refpost');
}

/** A key without a value is true, as in git. */
function sharedOf(entries: readonly Entry[]): string {
  const entry = entries.findLast(({ key }) => key === 'core.sharedrepository');
  return entry === undefined ? 'umask' : (entry.value ?? 'true');
}

/** Every setting git knows in this repository, the strongest last. */
export async function listSettings(git: Pick<Git, 'stream'>): Promise<readonly Entry[]> {
  const listing = git.stream(['config', '--list', '-z', '--show-origin', '--show-scope'], '');
  return parseListing(await buffer(listing));
}

/** A file's text, or undefined where it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
