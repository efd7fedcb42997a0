import { readFileSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * The git directory that a hook runs for: absolute, without symbolic links, that of the repository even where git
 * means one of its work trees. git starts a hook with GIT_DIR, often just `.`, relative to the working directory
 * (githooks(5)); `commondir` is explained in gitrepository-layout(5). Throws the system's error where there is none.
 */
export function repositoryOf(cwd: string, gitDir: string | undefined): string {
  const own = realpathSync(resolve(cwd, gitDir ?? '.'));
  const common = readCommonDir(own);
  const repository = common === undefined ? own : realpathSync(resolve(own, common));
  statSync(resolve(repository, 'objects'));
  return repository;
}

function readCommonDir(gitDir: string): string | undefined {
  try {
    return readFileSync(resolve(gitDir, 'commondir'), 'utf8').replace(/\n$/, '');
  } catch {
    return undefined;
  }
}
