import { closeSync, existsSync, openSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { errorCode, spoolFault } from '../disk/files.ts';
import { fault, OperatorError } from '../errors.ts';
import { type Environment, gitEnvironment } from './environment.ts';
import { isRefusal } from './failure.ts';
import { askGit, type Git, openGit, QUESTION_SILENCE } from './git.ts';
import { readProcess } from './process.ts';

/**
 * Finds the repository that a person means by a folder: the folder itself if bare, the one around it otherwise, the
 * common one of a linked work tree. Fails with a sentence where there is none.
 */
export async function openRepository(folder: string, env: Environment): Promise<Git> {
  let printed: string;
  try {
    printed = await text(gitIn(folder, env).stream(['rev-parse', '--git-common-dir']));
  } catch (error) {
    throw whyNot(folder, error);
  }
  // The physical path, as the hook records it: the ledger is named by it.
  return openGit(realpathSync(resolve(folder, printed.replace(/\n$/, ''))), env);
}

/**
 * git in a folder that a person has named, where it looks for the repository itself. Each start asks it something, and a small one nothing
 * else for which simple-git would be loaded (bench, set `start`).
 */
export function gitIn(folder: string, env: Environment): Pick<Git, 'stream'> {
  // A folder that is named to git from here on: that setting is against those that are come upon.
  const named = ['-c', 'safe.bareRepository=all'];
  const surroundings = {
    gitDir: folder,
    environment: outside(env),
    silence: QUESTION_SILENCE,
    signals: [],
  };
  return { stream: args => readProcess(surroundings, [...named, ...args], []) };
}

/** git, asked in a folder of which no repository is known: what it says then is of the user and the system. */
export function askOutside(env: Environment, folder = '/'): Pick<Git, 'ask'> {
  return { ask: args => askGit(folder, outside(env), args) };
}

function outside(env: Environment) {
  const { GIT_DIR: _, ...environment } = gitEnvironment(env, '');
  return environment;
}

/** The repository at a git directory that was recorded earlier, by its absolute path. */
export function openGitDir(gitDir: string, env: Environment): Git {
  if (!existsSync(join(gitDir, 'objects'))) throw denied(gitDir) ?? fault.notARepository(gitDir);
  return openGit(gitDir, env);
}

function whyNot(folder: string, error: unknown): unknown {
  const dubious = isRefusal(error) && /dubious ownership/.test(error.words);
  if (dubious) return fault.dubiousOwnership(folder);
  // git that is missing or was killed says nothing of the folder.
  const isOther = error instanceof OperatorError && !isRefusal(error);
  return denied(folder) ?? (isOther ? error : fault.notARepository(folder));
}

/** Where this user may not even look, git says that there is no repository. */
function denied(folder: string): unknown {
  for (const path of [folder, join(folder, 'HEAD'), join(folder, '.git', 'HEAD')]) {
    try {
      closeSync(openSync(path, 'r'));
    } catch (error) {
      if (errorCode(error) === 'EACCES') return spoolFault(path, error);
    }
  }
  return undefined;
}
