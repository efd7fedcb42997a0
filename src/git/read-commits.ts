import type { Commit } from '../model/commit.ts';
import { MERGE_PATCH, PATCH } from './diff-tree.ts';
import type { Git } from './git.ts';
import { openObjects } from './open-objects.ts';
import { openStats } from './open-stats.ts';
import { type LaneOptions, readLane } from './read-lane.ts';
import { rereadCommits } from './reread-commits.ts';
import { tellStats } from './tell-stats.ts';

export interface ReadOptions extends Omit<LaneOptions, 'output'> {
  /** True for a commit of several parents. */
  readonly isMerge: (id: string) => boolean;
}

/** So many commits in a row go to one git process, then as many to the other. */
const STRETCH = 16;
/** Fewer commits than this are read before a second process has started. */
const ENOUGH_FOR_TWO = 2 * STRETCH;

/**
 * The commits in the order given, as `readLane` gives them, out of two git processes for ordinary commits, because most
 * servers have the cores for it, and two for merges: looking for copies in a merge may take git minutes, and a
 * combined diff does not show them anyway. What git does not print of a commit is read from the object (`rereadCommits`).
 */
export async function* readCommits(
  git: Git,
  ids: readonly string[],
  options: ReadOptions,
): AsyncGenerator<Commit> {
  const laneOf = lanes(ids, options.isMerge);
  const objects = openObjects(git);
  const stats = openStats(git, options.mark, options.maxSize);
  const readers = [PATCH, PATCH, MERGE_PATCH, MERGE_PATCH].map((output, lane) => {
    const own = ids.filter((_, at) => laneOf[at] === lane);
    const commits = tellStats(readLane(git, own, { ...options, output }), stats);
    return readAhead(rereadCommits(commits, objects, options.maxSize));
  });
  try {
    for (const lane of laneOf) {
      let commit: Commit | undefined;
      do {
        commit = await readers[lane]?.next();
        if (commit) yield commit;
      } while (commit?.more);
    }
  } finally {
    await Promise.all(readers.map(reader => reader.end()));
    await Promise.all([objects.close(), stats.close()]);
  }
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

/** A reader whose next commit is on its way before it is asked for: so its git is at work while another is listened to. */
function readAhead(commits: AsyncGenerator<Commit>) {
  const ask = () => {
    const answer = commits.next();
    answer.catch(() => {});
    return answer;
  };
  let next = ask();
  return {
    async next(): Promise<Commit | undefined> {
      const { value, done } = await next;
      if (done) return undefined;
      next = ask();
      return value;
    },
    end: () => commits.return(undefined),
  };
}
