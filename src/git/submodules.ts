import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Commit, FileDiff, SubmoduleMove } from '../model/commit.ts';
import { type Objects, openObjects } from './conversation.ts';
import type { Git } from './git.ts';
import { gitlinksOf, submoduleLog } from './submodule-log.ts';

/** Moves of submodules that are told of a push: each may read a thousand commits. */
const MOST_MOVES = 100;

/**
 * Gives a commit that moves submodules what the moves bring, where their repositories are on this disk. One git process
 * for each repository that is asked, and none for a push that moves no submodule. Nothing is ever fetched.
 * @param git of a `whileRead`
 * @param named repositories besides those that git itself keeps
 */
export function openMoves(git: Git, named: readonly string[]): (commit: Commit) => Promise<Commit> {
  let opened: Objects[] | undefined;
  let moves = 0;

  /** The first repository that has both commits answers. */
  async function moveOf({ text }: FileDiff): Promise<SubmoduleMove | undefined> {
    const links = gitlinksOf(text);
    if (!links || moves++ >= MOST_MOVES) return undefined;
    opened ??= submoduleRepositories(git.gitDir, named).map(each => openObjects(git.otherRepository(each)));
    for (const objects of opened) {
      const move = await submoduleLog(objects, links);
      if (move) return move;
    }
    return undefined;
  }

  return async commit => {
    const files: FileDiff[] = [];
    for (const file of commit.files) {
      const submodule = await moveOf(file);
      files.push(submodule ? { ...file, submodule } : file);
    }
    return { ...commit, files };
  };
}

/** Repositories that are asked about a submodule: git is started once in each. */
const MOST = 20;
/** Folders above a repository in `modules`: the name of a submodule may have slashes in it. */
const DEPTH = 3;
const FOLDERS = 200;

/**
 * The git directories in which the commits of submodules are looked for: those that git itself keeps in `modules`
 * (gitrepository-layout(5)), and those that the administrator names, with a work tree or without. No path comes from a commit: whoever
 * may push could otherwise have a repository read out that is closed to them.
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
