import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseListing } from '../config/listing.ts';
import { isPerPush } from '../config/settings.ts';
import { despiteKills } from '../git/failure.ts';
import type { Git } from '../git/git.ts';
import { openGitDir } from '../git/open-repository.ts';
import type { Override } from '../model/push.ts';
import type { World } from '../model/world.ts';
import { readListing, strict, type Tolerated, tolerated, type Workplace } from './workplace.ts';

/** The repositories of an outbox, each opened and its settings read once a round. */
export interface Workplaces {
  /**
   * A repository by its absolute path, with the settings of this push alone: those of what mails say, whoever wrote the others into a record
   * or an entry. Fails with what is wrong with them.
   */
  of(repository: string, overrides: readonly Override[]): Promise<Workplace>;
  /** The same with what is wrong beside it. */
  tolerated(repository: string, overrides: readonly Override[]): Promise<Tolerated>;
  /** Starts a round: settings are read anew. */
  begin(): void;
  /** True if a file that settings were last read from is another one now. */
  changed(): boolean;
}

interface Reading {
  readonly git: Git;
  readonly listing: Buffer;
  /** The files in which the settings are, and what they looked like before they were read. */
  readonly files: ReadonlyMap<string, string>;
}

export function openWorkplaces(world: World): Workplaces {
  const round = new Map<string, Promise<Reading>>();
  const last = new Map<string, Reading>();

  async function read(repository: string): Promise<Reading> {
    const git = openGitDir(repository, world.env);
    const before = last.get(repository);
    const looks = new Map([...(before?.files.keys() ?? [])].map(path => [path, looksOf(path)]));
    const listing = await despiteKills(() => readListing(git));
    const origins = parseListing(listing).filter(({ origin }) => origin.isFile);
    const paths = new Set(origins.map(({ origin }) => resolve(git.gitDir, origin.source)));
    const files = new Map([...paths].map(path => [path, looks.get(path) ?? looksOf(path)]));
    const reading = { git, listing, files };
    last.set(repository, reading);
    return reading;
  }

  const toleratedOf: Workplaces['tolerated'] = async (repository, overrides) => {
    const reading = round.get(repository) ?? read(repository);
    round.set(repository, reading);
    const { git, listing } = await reading;
    return tolerated(
      world,
      git,
      listing,
      overrides.filter(({ key }) => isPerPush(key)),
    );
  };

  return {
    of: async (repository, overrides) => strict(await toleratedOf(repository, overrides)),
    tolerated: toleratedOf,
    begin: () => round.clear(),
    changed: () =>
      [...last.values()].some(({ files }) => [...files].some(([path, looks]) => looksOf(path) !== looks)),
  };
}

/** Another text when a file is another one or was written to: `git config` puts a new file in the place of the old. */
function looksOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.ino} ${found.size} ${found.mtimeMs}` : '';
}
