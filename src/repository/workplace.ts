import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { configError } from '../config/config-fault.ts';
import { withLines } from '../config/effective.ts';
import { type Entry, parseListing } from '../config/listing.ts';
import { readConfig } from '../config/read-config.ts';
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
  const git = await openRepository(resolve(world.cwd, folder), world.env);
  return workplaceOf(world, git, overrides);
}

export async function workplaceOf(
  world: World,
  git: Git,
  overrides: readonly Override[],
): Promise<Workplace> {
  const listing = await readListing(git);
  const reading = readConfig(listing, overrides, world.env.HOME);
  if ('faults' in reading)
    throw configError(withLines(reading.faults, path => readText(resolve(git.gitDir, path))));
  const { config } = reading;
  const shared = parseListing(listing).findLast(entry => entry.key === 'core.sharedrepository')?.value;
  return { git, config, spool: config.spool ?? join(git.gitDir, 'refpost'), shared: shared ?? 'umask' };
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
