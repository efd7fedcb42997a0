import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { configError } from '../config/config-fault.ts';
import { withLines } from '../config/effective.ts';
import { type Entry, parseListing } from '../config/listing.ts';
import { readConfig } from '../config/read-config.ts';
import type { OperatorError } from '../errors.ts';
import type { Git } from '../git/git.ts';
import { collect } from '../git/lines.ts';
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
  return toleratedWorkplace(world, await openRepository(resolve(world.cwd, folder), world.env), overrides);
}

export async function workplaceOf(
  world: World,
  git: Git,
  overrides: readonly Override[],
): Promise<Workplace> {
  return strict(await toleratedWorkplace(world, git, overrides));
}

/** A workplace whose settings may be wrong, but for where the outbox is: those that are count as not given. */
export interface Tolerated extends Workplace {
  readonly wrong?: OperatorError;
  /** The keys that are wrong. */
  readonly wrongKeys: ReadonlySet<string>;
}

/** For who has to tell what is wrong, or needs nothing of it. */
async function toleratedWorkplace(
  world: World,
  git: Git,
  overrides: readonly Override[],
): Promise<Tolerated> {
  const listing = await readListing(git);
  const reading = readConfig(listing, overrides, world.env.HOME);
  const config = 'faults' in reading ? reading.left : reading.config;
  const shared = parseListing(listing).findLast(entry => entry.key === 'core.sharedrepository')?.value;
  const spool = config.spool ?? join(git.gitDir, 'refpost');
  const workplace = { git, config, spool, shared: shared ?? 'umask' };
  if (!('faults' in reading)) return { ...workplace, wrongKeys: new Set() };
  const wrong = configError(withLines(reading.faults, path => readText(resolve(git.gitDir, path))));
  const wrongKeys = new Set(reading.faults.map(({ key }) => key));
  if (wrongKeys.has('refpost.spool')) throw wrong;
  return { ...workplace, wrong, wrongKeys };
}

function strict(workplace: Tolerated): Workplace {
  if (workplace.wrong) throw workplace.wrong;
  return workplace;
}

/** Every setting git knows, of every section, as bytes. */
export function readListing(git: Git): Promise<Buffer> {
  return collect(git.stream(['config', '--list', '-z', '--show-origin', '--show-scope'], ''));
}

/** Every setting git knows in this repository, the strongest last. */
export async function listSettings(git: Pick<Git, 'ask'>): Promise<readonly Entry[]> {
  return parseListing(await git.ask(['config', '--list', '-z', '--show-origin', '--show-scope']));
}

/** A file's text, or undefined where it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
