import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { simpleGit } from 'simple-git';
import { fault } from '../errors.ts';
import { gitEnvironment } from './environment.ts';
import { type Git, GitFailure, openGit } from './git.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds the repository that a person means by a folder: the folder itself if bare, the one around it otherwise, the
 * common one of a linked work tree. Fails with a sentence where there is none.
 */
export async function openRepository(folder: string, env: Environment): Promise<Git> {
  const { GIT_DIR: _, ...environment } = gitEnvironment(env, '');
  let printed: string;
  let killed = false;
  try {
    printed = await simpleGit({
      baseDir: folder,
      // The end by a signal has no exit code at all.
      errors: (error, result) => {
        killed = typeof result.exitCode !== 'number';
        return result.exitCode === 0 ? error : Buffer.concat(result.stdErr);
      },
      allowEnvironment: Object.keys(environment),
      unsafe: { allowUnsafeConfigPaths: true, allowUnsafeConfigEnvCount: true, allowUnsafeExec: true },
    })
      .env(environment)
      .raw(['rev-parse', '--git-common-dir']);
  } catch (error) {
    const missing = /ENOENT/.test(String(error));
    throw killed && !missing ? new GitFailure('rev-parse', 'it was killed', true) : whyNot(folder, error);
  }
  // The physical path, as the hook records it: the ledger is named by it.
  return openGit(realpathSync(resolve(folder, printed.replace(/\n$/, ''))), env);
}

/** The repository at a git directory that was recorded earlier, by its absolute path. */
export function openGitDir(gitDir: string, env: Environment): Git {
  if (!existsSync(join(gitDir, 'objects'))) throw fault.notARepository(gitDir);
  return openGit(gitDir, env);
}

function whyNot(folder: string, error: unknown): Error {
  const words = error instanceof Error ? error.message : String(error);
  if (/dubious ownership/.test(words)) return fault.dubiousOwnership(folder);
  if (/ENOENT/.test(words) && /spawn/.test(words)) return fault.gitMissing(error);
  return fault.notARepository(folder);
}
