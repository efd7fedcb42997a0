import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Entry } from '../config/listing.ts';
import { isPerPush } from '../config/settings.ts';
import { despiteKills } from '../git/failure.ts';
import { openGit } from '../git/git.ts';
import { openKeeper } from '../git/keeper.ts';
import { openGitDir } from '../git/open-repository.ts';
import type { Override } from '../model/push.ts';
import { remembered } from '../model/remembered.ts';
import type { World } from '../model/world.ts';
import { listSettings, NOWHERE, strict, type Tolerated, tolerated, type Workplace } from './workplace.ts';

/** What the settings of a repository amount to with those of a push. Nearly all pushes have none, and to check all settings takes milliseconds. */
type Reading = (overrides: readonly Override[]) => Tolerated;

/** Milliseconds for which settings count that no file says otherwise about: a file that was not there before is only seen by reading anew. */
const FRESH = 1000;
/** What a reading remembers: what it is for pushes without settings of their own, and for some with. */
const FEW = 8;

export type Workplaces = ReturnType<typeof openWorkplaces>;

/**
 * The repositories of an outbox, each opened and its settings read once, until they change: a busy host has many pushes a second.
 * @param outside settings of this run, with which those outside of repositories count for all: their servers' repositories are not here
 */
export function openWorkplaces(world: World, outside?: readonly Override[]) {
  const readings = new Map<string, { readonly at: number; readonly reading: Promise<Reading> }>();
  const keeper = openKeeper();
  /** The files in which settings of a repository were, and what they looked like before they were read. */
  const last = new Map<string, Map<string, string>>();

  async function read(repository: string): Promise<Reading> {
    const git = outside ? openGit(NOWHERE, world.env) : openGitDir(repository, world.env);
    const known = [...(last.get(repository)?.keys() ?? [])];
    const looks = new Map(known.map(path => [path, looksOf(path)]));
    const entries = await despiteKills(() => listSettings(git));
    const origins = entries.filter(({ origin }) => origin.isFile);
    const paths = new Set(origins.map(({ origin }) => resolve(git.gitDir, origin.source)));
    const files = new Map([...paths].map(path => [path, looks.get(path) ?? looksOf(path)]));
    last.set(repository, files);
    const options = { settings: JSON.stringify(entries), keepsDiffs: areDiffsPlain(entries) };
    const kept = keeper.keep(git, options);
    const check = (overrides: readonly Override[]) =>
      tolerated(world, kept, entries, [...(outside ?? []), ...overrides]);
    return remembered(FEW, check, JSON.stringify);
  }

  /**
   * A repository by its absolute path, with the settings of this push alone: those of what mails say, whoever wrote the others into a record
   * or an entry. What is wrong with them is beside it.
   */
  async function toleratedOf(path: string, overrides: readonly Override[]): Promise<Tolerated> {
    const repository = outside ? NOWHERE : path;
    const known = readings.get(repository) ?? { at: world.now(), reading: read(repository) };
    readings.set(repository, known);
    const reading = await known.reading;
    const place = reading(overrides.filter(({ key }) => isPerPush(key)));
    // What mails say of it, an alarm for one, is of the repository on its server.
    return outside ? { ...place, git: { ...place.git, gitDir: path } } : place;
  }

  return {
    tolerated: toleratedOf,
    /** The same, but fails with what is wrong with the settings. */
    of: async (repository: string, overrides: readonly Override[]): Promise<Workplace> =>
      strict(await toleratedOf(repository, overrides)),
    /**
     * Starts a round: settings are read anew where they may be others. True if a file of them is another one now; that is said once, whoever
     * reads it then.
     */
    begin: () => {
      for (const [repository, { at }] of readings)
        if (!last.has(repository) || Math.abs(world.now() - at) > FRESH) readings.delete(repository);
      let isChanged = false;
      for (const [repository, files] of last) {
        for (const [path, before] of files) {
          const looks = looksOf(path);
          if (looks !== before) readings.delete(repository);
          isChanged ||= looks !== before;
          files.set(path, looks);
        }
      }
      return isChanged;
    },
    /** Ends all gits of theirs. */
    close: keeper.close,
    /** True if `begin` would say so. */
    changed: () =>
      [...last.values()].some(files => [...files].some(([path, looks]) => looksOf(path) !== looks)),
  };
}

/** True where names and attributes come from nowhere but the usual files of a bare repository (gitmailmap(5), gitattributes(5)). */
function areDiffsPlain(entries: readonly Entry[]): boolean {
  const bare = entries.findLast(({ key }) => key === 'core.bare');
  return (
    bare?.value === 'true' &&
    !entries.some(({ key }) => /^(mailmap\.|attr\.|core\.attributesfile$)/.test(key))
  );
}

/** Another text when a file is another one or was written to: `git config` puts a new file in the place of the old. */
function looksOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.ino} ${found.size} ${found.mtimeMs}` : '';
}
