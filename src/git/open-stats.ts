import type { Commit } from '../model/commit.ts';
import { openConversation, type Wire } from './conversation.ts';
import { diffTree, STAT } from './diff-tree.ts';
import { draftStat } from './draft-stat.ts';
import type { Git } from './git.ts';

type Stat = Pick<Commit, 'stat' | 'statLost'>;

/** Stats of commits, asked from git one at a time while other things are read. */
export interface Stats {
  /** undefined where git cannot show it. */
  read(id: string): Promise<Stat | undefined>;
  close(): Promise<void>;
}

/** @param mark a random word that stands in no stat, and is no object's name */
export function openStats(git: Git, mark: string, maxSize: number): Stats {
  const { ask, close } = openConversation(git, diffTree('', STAT), (id: string, wire) =>
    askStat(id, mark, maxSize, wire),
  );
  return { read: ask, close };
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
