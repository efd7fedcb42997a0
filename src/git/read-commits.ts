import type { Commit } from '../model/commit.ts';
import { MERGE_PATCH, PATCH } from './diff-tree.ts';
import type { Git } from './git.ts';
import { openAttributes } from './open-attributes.ts';
import { openObjects } from './open-objects.ts';
import { openStats, tellStats } from './open-stats.ts';
import { quietRule } from './quiet.ts';
import { type LaneOptions, readLane } from './read-lane.ts';
import { rereadCommits } from './reread-commits.ts';
import { nextAhead, whileRead } from './streams.ts';

export interface ReadOptions extends Omit<LaneOptions, 'output' | 'quiet'> {
  /** Patterns of files that are shown in the stat only. */
  readonly quietPaths?: readonly string[];
  /** True for a commit of several parents. */
  readonly isMerge: (id: string) => boolean;
}

/** So many commits in a row go to one git process, then as many to the other. */
const STRETCH = 16;
/** Fewer commits than this are read before a second process has started. */
const ENOUGH_FOR_TWO = 2 * STRETCH;

/**
 * The commits in the order given, as `readLane` gives them, out of two git processes for ordinary commits, because most
 * servers have the cores for it (bench, set `mails`), and two for merges: looking for copies in a merge may take git minutes, and a
 * combined diff does not show them anyway. What git does not print of a commit is read from the object (`rereadCommits`).
 */
export function readCommits(git: Git, ids: readonly string[], options: ReadOptions): AsyncGenerator<Commit> {
  const laneOf = lanes(ids, options.isMerge);
  return whileRead(git, async function* (own) {
    const objects = openObjects(own);
    const stats = openStats(own, options.mark, options.maxSize);
    const attributes = openAttributes(own, objects);
    const readers = [PATCH, PATCH, MERGE_PATCH, MERGE_PATCH].map((output, lane) => {
      const ofLane = ids.filter((_, at) => laneOf[at] === lane);
      const quiet = quietRule(options.quietPaths ?? [], attributes());
      const commits = tellStats(readLane(own, ofLane, { ...options, quiet, output }), stats);
      return nextAhead(rereadCommits(commits, objects, options.maxSize));
    });
    for (const lane of laneOf) {
      let commit: Commit | undefined;
      do {
        commit = await readers[lane]?.();
        if (commit) yield commit;
      } while (commit?.more);
    }
  });
}

/** For each commit the process that reads it: the first or second of its kind. */
function lanes(ids: readonly string[], isMerge: (id: string) => boolean): number[] {
  const laneOf = new Array<number>(ids.length);
  for (const kind of [false, true]) {
    const places = [...ids.keys()].filter(at => isMerge(ids[at] as string) === kind);
    const turns = places.length < ENOUGH_FOR_TWO ? 1 : 2;
    for (const [at, place] of places.entries())
      laneOf[place] = 2 * Number(kind) + (Math.floor(at / STRETCH) % turns);
  }
  return laneOf;
}
