import { MERGE_DIFF, MERGE_PATCH, MERGE_STAT } from './diff-tree.ts';
import type { DraftCommit } from './draft.ts';
import { untilRefused } from './failure.ts';
import type { Git } from './git.ts';
import { type LaneOptions, readLane } from './read-lane.ts';
import { lines, nextAhead } from './streams.ts';

/** Fewer merges than this are read by one process. */
const MANY = 32;

/**
 * Merges as `readLane` gives them. Of many, one git makes the combined diffs and another one the stats: where both come from one, and
 * renames are looked for, git compares the whole tree with each parent's, which may take many times as long (bench, set `mails`). Renames
 * change nothing in a combined diff but for files that are added or deleted against a parent: such merges have a git that makes all of it.
 * @param git of a `whileRead`
 * @param optionsOfLane called for each of them, since what a lane knows of quiet files is of the commit that it is at
 */
export async function* readMerges(
  git: Git,
  ids: readonly string[],
  optionsOfLane: () => Omit<LaneOptions, 'output'>,
): AsyncGenerator<DraftCommit> {
  const options = optionsOfLane();
  const readWhole = (some: readonly string[]) =>
    readLane(git, some, { ...optionsOfLane(), output: MERGE_PATCH });
  // In pieces a commit may come as several.
  if (ids.length < MANY || options.keep === 'pieces') return yield* readWhole(ids);
  const plain = await mergesOfKept(git, ids);
  const { mark, maxSize } = options;
  const some = [...plain];
  const nextWhole = nextAhead(readWhole(ids.filter(id => !plain.has(id))));
  const nextDiff = nextAhead(readLane(git, some, { ...options, output: MERGE_DIFF }));
  const nextStat = nextAhead(readLane(git, some, { mark, maxSize, output: MERGE_STAT, verified: false }));
  for (const id of ids) {
    if (!plain.has(id)) {
      yield (await nextWhole()) as DraftCommit;
      continue;
    }
    const commit = (await nextDiff()) as DraftCommit;
    const { stat, statLost, failure = commit.failure } = (await nextStat()) as DraftCommit;
    if (failure === undefined) yield { ...commit, stat, ...(statLost ? { statLost } : {}) };
    else yield* readWhole([id]);
  }
}

/**
 * Those merges, in their order, in which each file that differs from all parents is in all of them, and in the merge. Only trees are read:
 *
 *     <id> LF { ::<modes> SP <ids> SP <a letter for each parent: M, A or D> TAB <path> LF }
 */
async function mergesOfKept(git: Git, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const plain = new Set<string>();
  const others = new Set<string>();
  let last: string | undefined;
  const args = ['diff-tree', '--stdin', '-r', '-c', '--raw', '--no-renames', '--always'];
  // The last line, which names no object, comes back as it is. Of those from the one on over which git fails nothing is known.
  for await (const line of untilRefused(lines(git.stream(args, [...ids, 'end'])))) {
    if (/^:[^\t]*[AD]/.test(line)) others.add(last ?? '');
    if (line.startsWith(':')) continue;
    if (last !== undefined && !others.has(last)) plain.add(last);
    last = line;
  }
  return plain;
}
