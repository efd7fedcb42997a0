import { realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Entry } from '../config/listing.ts';
import { fault } from '../errors.ts';
import type { Git } from '../git/git.ts';
import { listSettings } from '../repository/workplace.ts';
import { demandWritable } from './allowed.ts';

/** Where install finds and puts things in one repository. */
export interface Site {
  /** Absolute path of the git directory, without symbolic links: as the hook will name it. */
  readonly repository: string;
  readonly config: string;
  /** The folder in which git looks for a hook of this repository. */
  readonly hooks: string;
  readonly entries: readonly Entry[];
}

/** Looks, changes nothing, and fails with a sentence for all that would stop an install halfway. */
export async function findSite(git: Pick<Git, 'ask' | 'gitDir'>, user: number | undefined): Promise<Site> {
  const repository = await realpath(git.gitDir);
  const { uid } = await stat(repository);
  if (user === 0 && uid !== 0) throw fault.rootForOther(repository, uid);
  const entries = await listSettings(git);
  const hooks = await hooksFolder(git, repository, entries);
  await demandWritable(repository);
  await demandWritable(hooks);
  return { repository, config: join(repository, 'config'), hooks, entries };
}

/**
 * A push runs its hooks in the git directory (githooks(5)), so that a relative core.hooksPath means a folder in there,
 * work tree or not.
 */
async function hooksFolder(
  git: Pick<Git, 'ask'>,
  repository: string,
  entries: readonly Entry[],
): Promise<string> {
  const chosen = entries.findLast(entry => entry.key === 'core.hookspath');
  if (chosen !== undefined && chosen.place.scope !== 'local' && chosen.place.scope !== 'worktree') {
    throw fault.hooksShared(chosen.value ?? '', chosen.place.scope);
  }
  const printed = await git.ask(['rev-parse', '--git-path', 'hooks']);
  return resolve(repository, printed.replace(/\n$/, ''));
}
