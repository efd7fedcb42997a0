import { MERGE_DIFF, MERGE_PATCH, MERGE_STAT } from './diff-tree.ts';
import type { DraftCommit } from './draft.ts';
import type { Git } from './git.ts';
import { isOften, type LaneOptions, readLane } from './read-lane.ts';
import { nextAhead } from './streams.ts';

/** Fewer merges than this are read by one process. */
const MANY = 32;

/**
 * Merges as `readLane` gives them. Of many, one git makes the combined diffs and another one the stats: where both come from one, and
 * renames are looked for, git compares the whole tree with each parent's, which takes twice as long (bench, set `mails`). Renames change
 * nothing in a combined diff but for files that are added or deleted against a parent. Such a merge is asked for once more with all of
 * it, and so is one that git cannot show; where there are many of them, all that follow.
 * @param git of a `whileRead`
 */
export async function* readMerges(
  git: Git,
  ids: readonly string[],
  options: Omit<LaneOptions, 'output'>,
): AsyncGenerator<DraftCommit> {
  const readWhole = (some: readonly string[]) => readLane(git, some, { ...options, output: MERGE_PATCH });
  // The pieces of one come before all of its files are seen.
  if (ids.length < MANY || options.keep === 'pieces') return yield* readWhole(ids);
  const { mark, maxSize } = options;
  const nextStat = nextAhead(readLane(git, ids, { mark, maxSize, output: MERGE_STAT, verified: false }));
  let [done, asked] = [0, 0];
  for await (const commit of readLane(git, ids, { ...options, output: MERGE_DIFF })) {
    const { stat, statLost, failure } = (await nextStat()) as DraftCommit;
    const isWhole = !commit.oneSided && commit.failure === undefined && failure === undefined;
    if (isWhole) yield { ...commit, stat, ...(statLost ? { statLost } : {}) };
    else if (isOften(++asked, done)) return yield* readWhole(ids.slice(done));
    else yield* readWhole([commit.id]);
    done++;
  }
}
