import type { Commit } from '../model/commit.ts';
import { remembered } from '../model/remembered.ts';
import { conversation, type Wire } from './conversation.ts';
import { diffTree, STAT } from './diff-tree.ts';
import type { DraftCommit } from './draft.ts';
import { draftStat } from './draft-stat.ts';
import type { Git } from './git.ts';

type Stat = Pick<Commit, 'stat' | 'statLost'>;

/** Stats of commits, asked from git one at a time while other things are read. */
export interface Stats {
  /** undefined where git cannot show it. */
  read(id: string): Promise<Stat | undefined>;
}

/**
 * @param git of a `whileRead`
 * @param mark a random word that stands in no stat, and is no object's name
 */
export function openStats(git: Git, mark: string, maxSize: number): Stats {
  return {
    read: conversation(git, diffTree('', STAT), (id: string, wire) => askStat(id, mark, maxSize, wire)),
  };
}

/**
 * A line that names no object git diff-tree gives back as it is and, which matters here, at once:
 *
 *   LF <stat>
 *   <mark> LF
 */
async function askStat(id: string, mark: string, maxSize: number, wire: Wire): Promise<Stat> {
  wire.say(`${id}\n${mark}\n`);
  const stat = draftStat(maxSize);
  for (let line = await wire.line(); line.toString('latin1') !== `${mark}\n`; line = await wire.line()) {
    stat.add(line);
  }
  return stat.end();
}

/** The commits with the stats that could not be counted while their diffs passed. */
export async function* tellStats(commits: AsyncIterable<DraftCommit>, stats: Stats): AsyncGenerator<Commit> {
  // The pieces of a commit come one behind the other.
  const statOf = remembered(
    1,
    (id: string) => stats.read(id),
    id => id,
  );
  for await (const { uncounted, ...commit } of commits) {
    yield uncounted ? { ...commit, ...(await statOf(commit.id)) } : commit;
  }
}
