import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { configError } from '../config/config-fault.ts';
import { withLines } from '../config/line-of.ts';
import { type Entry, parseListing } from '../config/listing.ts';
import { readConfig, type Section } from '../config/read-config.ts';
import { EX, OperatorError } from '../errors.ts';
import { type Git, openGit } from '../git/git.ts';
import { gitIn, openRepository } from '../git/open-repository.ts';
import type { Audience, Config } from '../model/config.ts';
import { DATABASE_SETTINGS } from '../model/fleet.ts';
import type { Override } from '../model/push.ts';
import type { World } from '../model/world.ts';

/** A repository, its settings, and where its pushes go. */
export interface Workplace {
  readonly git: Git;
  /** That of the default audience and the whole repository. */
  readonly config: Config;
  /** Who hears of its pushes, in order. */
  readonly audiences: readonly Audience[];
  /** All sections of settings: also those of audiences without recipients, of which mails may be queued. */
  readonly sections: readonly Section[];
  /** Absolute path of the outbox directory. */
  readonly spool: string;
  /** core.sharedRepository (git-config(1)): who besides the owner works here. */
  readonly shared: string;
}

/** A workplace whose settings may be wrong, but for where the outbox is: those that are count as not given. */
export interface Tolerated extends Workplace {
  readonly wrong?: OperatorError;
  /** The keys that are wrong, such as `refpost.maxMails`. */
  readonly wrongKeys?: ReadonlySet<string>;
}

export type Settings = Omit<Tolerated, 'git'>;

/** Opens the repository that a folder belongs to and reads its settings. Fails with all that is wrong with them. */
export async function openWorkplace(...named: Parameters<typeof openTolerated>): Promise<Workplace> {
  return strict(await openTolerated(...named));
}

/** The same with what is wrong beside it, but for where the outbox is. */
export async function openTolerated(
  world: World,
  folder: string,
  overrides: readonly Override[],
): Promise<Tolerated> {
  const { git, entries } = await openWithSettings(resolve(world.cwd, folder), world.env);
  return tolerated(world, git, entries, overrides);
}

/**
 * A repository, and all that git lists there. Of a folder that looks like a git directory one git says both (bench, set `start`): where it takes
 * the folder for one, it lists its settings as those of a file `config`, and else by another path or not at all.
 */
export async function openWithSettings(folder: string, env: World['env']) {
  if (['HEAD', 'config', 'objects', 'refs'].every(name => existsSync(join(folder, name)))) {
    // Why git refuses to, is asked below.
    const listed = await listSettings(gitIn(folder, env)).catch(() => []);
    if (listed.some(({ origin }) => origin.scope === 'local' && origin.source === 'config')) {
      const git = openGit(realpathSync(folder), env);
      return { git, entries: listed.map(entry => fromRoot(entry, git.gitDir)) };
    }
  }
  const git = await openRepository(folder, env);
  return { git, entries: await listSettings(git) };
}

/** As git lists it where the git directory is named to it. */
function fromRoot(entry: Entry, gitDir: string): Entry {
  const { isFile, source } = entry.origin;
  return isFile ? { ...entry, origin: { ...entry.origin, source: resolve(gitDir, source) } } : entry;
}

/** The folder for whoever has no repository, and a spool that nobody can make. */
export const NOWHERE = '/';
export const NO_SPOOL = '/proc/refpost';

/** The settings of the user and the system, with those of this run, for what needs no repository. */
export async function openOutside(world: World, overrides: readonly Override[]): Promise<Tolerated> {
  const git = openGit(NOWHERE, world.env);
  const place = tolerated(world, git, await listSettings(git), overrides);
  return { ...place, spool: place.config.spool ?? NO_SPOOL };
}

/** A repository; or, where nobody has named one and there is none, the outbox of the fleet by the settings outside of it. */
export async function openWhere(
  world: World,
  folder: string,
  overrides: readonly Override[],
): Promise<Tolerated> {
  try {
    return await openTolerated(world, folder, overrides);
  } catch (error) {
    const isNamed = folder !== '.' || world.env.GIT_DIR;
    if (isNamed || !(error instanceof OperatorError && error.exitCode === EX.NOINPUT)) throw error;
    const outside = await openOutside(world, overrides);
    if (outside.config.outbox === undefined) throw error;
    return outside;
  }
}

/** @throws an OperatorError where it is not known which outbox is meant */
export function tolerated(
  world: World,
  git: Git,
  entries: readonly Entry[],
  overrides: readonly Override[],
): Tolerated {
  const settings = settingsOf(entries, git.gitDir, world.env.HOME, overrides);
  if (OUTBOX.some(key => settings.wrongKeys?.has(`refpost.${key}`))) throw settings.wrong;
  return { git, ...settings };
}

/** Settings by which the outbox is found. A hook needs none of them. */
const OUTBOX = [...DATABASE_SETTINGS, 'server', 'fleetName'] satisfies readonly (keyof Config)[];

export function strict(workplace: Tolerated): Workplace {
  if (workplace.wrong) throw workplace.wrong;
  return workplace;
}

/**
 * The settings of a repository. Of what a hook has to know bin/post-receive reads the same in sh.
 * @param entries all that git lists there
 * @param home what `~/` stands for
 * @throws an OperatorError where it is not known which spool is meant
 */
export function settingsOf(
  entries: readonly Entry[],
  gitDir: string,
  home: string | undefined,
  overrides: readonly Override[] = [],
): Settings {
  const { config, audiences, sections, faults } = readConfig(entries, overrides, home);
  const shared = entries.findLast(({ key }) => key === 'core.sharedrepository');
  const settings = {
    config,
    audiences,
    sections,
    spool: config.spool ?? join(gitDir, 'refpost'),
    // A key without a value is true, as in git.
    shared: shared === undefined ? 'umask' : (shared.value ?? 'true'),
  };
  if (faults.length === 0) return settings;
  const wrong = configError(withLines(faults, path => readText(resolve(gitDir, path))));
  const wrongKeys = new Set(faults.map(({ key }) => key));
  if (wrongKeys.has('refpost.spool')) throw wrong;
  return { ...settings, wrong, wrongKeys };
}

/** What the settings say of an audience; where it is gone, the plain section. */
export function sectionOf({ sections }: Pick<Workplace, 'sections'>, audience = ''): Section {
  return (
    sections.find(({ name }) => name === audience) ?? (sections.find(({ name }) => name === '') as Section)
  );
}

/** Every setting git knows in this repository, the strongest last. */
export async function listSettings(git: Pick<Git, 'stream'>): Promise<readonly Entry[]> {
  const listing = git.stream(['config', '--list', '-z', '--show-origin', '--show-scope']);
  return parseListing(await text(listing));
}

/** A file's text, or undefined where it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
