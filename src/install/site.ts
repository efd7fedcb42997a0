import { access, constants, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Entry } from '../config/listing.ts';
import { fault, type OperatorError } from '../errors.ts';
import type { Git } from '../git/git.ts';
import { listSettings } from '../repository/workplace.ts';
import { exists } from './hook-file.ts';

/** All that an install depends on. */
export interface InstallCall {
  readonly git: Pick<Git, 'ask' | 'gitDir' | 'stream'>;
  readonly addresses: readonly string[];
  /** refpost.from. */
  readonly from?: string | undefined;
  /** refpost.receiver. */
  readonly receiver?: string | undefined;
  /** Absolute path of the package's bin/post-receive. */
  readonly script: string;
  /** What starts refpost from anywhere: absolute paths of node and of the program. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The name of this host as mail knows it. */
  readonly host: string;
  /** Notes the refs as announced, unless there is a ledger. True where the outbox had one of another repository at this path. */
  readonly createBaseline: (repository: string, spool: string) => Promise<boolean>;
  readonly say: (line: string) => void;
}

/** Where install finds and puts things in one repository. */
export interface Site {
  /** Absolute path of the git directory, without symbolic links: as the hook will name it. */
  readonly repository: string;
  readonly config: string;
  readonly hooks: Hooks;
  readonly entries: readonly Entry[];
}

/** The folder in which git looks for the hooks of a repository. */
export interface Hooks {
  readonly folder: string;
  /** Why no hook is put there: the folder is that of many repositories, by a setting that is not this one's. */
  readonly refusal: OperatorError | undefined;
  /** The folder lies elsewhere, and may be that of others too. */
  readonly outside: boolean;
}

/** Looks, changes nothing, and fails with a sentence for what would stop an install or uninstall halfway. */
export async function findSite(git: InstallCall['git']): Promise<Site> {
  const repository = await realpath(git.gitDir);
  const { uid } = await stat(repository);
  if (process.geteuid?.() === 0 && uid !== 0) throw fault.rootForOther(repository, uid);
  const entries = await listSettings(git);
  await demandWritable(repository);
  return { repository, config: join(repository, 'config'), hooks: await findHooks(git, entries), entries };
}

/** A push runs hooks in the git directory (githooks(5)): a relative core.hooksPath means a folder in there, work tree or not. */
export async function findHooks(git: Pick<Git, 'ask' | 'gitDir'>, entries: readonly Entry[]): Promise<Hooks> {
  const repository = await realpath(git.gitDir);
  const printed = await git.ask(['rev-parse', '--git-path', 'hooks']);
  const folder = resolve(repository, printed.replace(/\n$/, ''));
  const { value = '', origin } = entries.findLast(entry => entry.key === 'core.hookspath') ?? {};
  const own = origin === undefined || origin.scope === 'local' || origin.scope === 'worktree';
  const physical = await realpath(folder).catch(() => folder);
  return {
    folder,
    refusal: own ? undefined : fault.hooksShared(value, origin.scope),
    outside: !physical.startsWith(`${repository}/`),
  };
}

/** Runs something that changes files of the repository; missing rights become a sentence that names the path. */
export async function allowed<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { code, path: named } = cause as NodeJS.ErrnoException;
    throw code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
      ? fault.installDenied(named ?? path, cause)
      : cause;
  }
}

/** Fails with a sentence if a folder cannot be changed or, where there is none yet, not be made. */
export async function demandWritable(folder: string): Promise<void> {
  if (exists(folder)) await allowed(folder, () => access(folder, constants.W_OK | constants.X_OK));
  else await demandWritable(dirname(folder));
}
