import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Repositories that are asked about a submodule: git is started once in each. */
const MOST = 20;
/** Folders above a repository in `modules`: the name of a submodule may have slashes in it. */
const DEPTH = 3;
const FOLDERS = 200;

/**
 * The git directories in which the commits of submodules are looked for: those that git itself keeps in `modules`
 * (gitrepository-layout(5)), and those that the administrator names. No path comes from a commit: whoever may push could
 * otherwise have a repository read out that is closed to them.
 *
 * @param named paths of repositories, with a work tree or without
 */
export function submoduleRepositories(gitDir: string, named: readonly string[]): string[] {
  const chosen = named.map(path => (existsSync(join(path, '.git', 'objects')) ? join(path, '.git') : path));
  return [...repositoriesBelow(join(gitDir, 'modules')), ...chosen.filter(isRepository)].slice(0, MOST);
}

function isRepository(folder: string): boolean {
  return existsSync(join(folder, 'objects')) && existsSync(join(folder, 'HEAD'));
}

/** Does not follow links. */
function repositoriesBelow(folder: string): string[] {
  const found: string[] = [];
  let open = [folder];
  for (let depth = 0; depth <= DEPTH && open.length > 0; depth++) {
    const inside = open.flatMap(foldersIn).slice(0, FOLDERS);
    found.push(...inside.filter(isRepository));
    open = inside.filter(each => !isRepository(each));
  }
  return found;
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries
      .filter(entry => entry.isDirectory())
      .map(entry => join(folder, entry.name))
      .sort();
  } catch {
    return [];
  }
}
