import type { Commit, FileDiff } from '../model/commit.ts';
import type { Git } from './git.ts';
import { openObjects } from './open-objects.ts';
import { whileRead } from './streams.ts';
import { type Gitlinks, gitlinksOf, submoduleLog } from './submodule-log.ts';
import { submoduleRepositories } from './submodule-repositories.ts';

/** Moves of submodules that are told of a push: each may read a thousand commits. */
const MOST = 100;

/**
 * The commits, those that move a submodule with what the move brings, where its repository is on this disk. One git process
 * for each repository that is asked, and none for a push that moves no submodule. Nothing is ever fetched.
 *
 * @param named repositories besides those that git itself keeps
 */
export function tellSubmodules(
  git: Git,
  commits: AsyncIterable<Commit>,
  named: readonly string[],
): AsyncGenerator<Commit> {
  return whileRead(git, async function* (own) {
    const reader = moveReader(own, named);
    for await (const commit of commits) yield await told(commit, reader);
  });
}

async function told(commit: Commit, reader: ReturnType<typeof moveReader>): Promise<Commit> {
  const files: FileDiff[] = [];
  for (const file of commit.files) {
    const links = gitlinksOf(file.text);
    const submodule = links && (await reader.read(links));
    files.push(submodule ? { ...file, submodule } : file);
  }
  return { ...commit, files };
}

/** The first repository that has both commits answers. */
function moveReader(git: Git, named: readonly string[]) {
  let opened: ReturnType<typeof openObjects>[] | undefined;
  let asked = 0;
  return {
    async read(links: Gitlinks) {
      if (asked++ >= MOST) return undefined;
      opened ??= submoduleRepositories(git.gitDir, named).map(gitDir =>
        openObjects(git.otherRepository(gitDir)),
      );
      for (const objects of opened) {
        const move = await submoduleLog(objects, links);
        if (move) return move;
      }
      return undefined;
    },
  };
}
