import type { Commit } from '../model/commit.ts';
import { remembered } from '../model/remembered.ts';
import { rereader } from './commit-object.ts';
import { askCommits, openObjects } from './conversation.ts';
import { diffTree, PATCH, STAT } from './diff-tree.ts';
import type { Git } from './git.ts';
import { openQuietRules } from './quiet.ts';
import { withNoted } from './read-headlines.ts';
import { type LaneOptions, readLane } from './read-lane.ts';
import { readMerges } from './read-merges.ts';
import { openPatches } from './read-patches.ts';
import { draftStat } from './stat.ts';
import { freshMark, mapped, nextAhead, whileRead } from './streams.ts';
import { openMoves } from './submodules.ts';

export interface ReadOptions extends Omit<LaneOptions, 'output' | 'quiet'> {
  /** Patterns of files that are shown in the stat only. */
  readonly quietPaths?: readonly string[];
  /** True for a commit of several parents. */
  readonly isMerge: (id: string) => boolean;
}

export interface SourceOptions extends Omit<ReadOptions, 'mark'> {
  readonly ids: readonly string[];
  /** True for a commit of notes. */
  readonly isNote: (id: string) => boolean;
  /** Repositories in which the commits of submodules are looked for, besides those that git itself keeps. */
  readonly submodules: readonly string[];
  /** Bytes of a patch that git-am(1) takes, at the most. */
  readonly maxPatch: number;
}

export interface SourceCommit {
  readonly commit: Commit;
  /** Asks for it as a patch (`openPatches`), while no further commit is read. */
  patch(): Promise<Buffer | undefined>;
}

/** The commits in the order given, with all that mails show of them: read once, for however many mails are made of them. */
export function readSource(git: Git, options: SourceOptions): AsyncGenerator<SourceCommit> {
  return whileRead(git, async function* (own) {
    const mark = freshMark();
    const withMoves = openMoves(own, options.submodules);
    const patchOf = openPatches(own, mark, options.maxPatch);
    for await (const read of readCommits(own, options.ids, { ...options, mark })) {
      const moved = await withMoves(read);
      const commit = options.isNote(read.id) ? await withNoted(own, moved) : moved;
      yield { commit, patch: () => patchOf(commit.id) };
    }
  });
}

/** So many commits in a row go to one git process, at the most, then as many to the other. */
const STRETCH = 16;
/** Fewer commits than this are read before a second process has started. */
const ENOUGH_FOR_TWO = 4;

/**
 * The commits in the order given, as `readLane` gives them, out of one or two git processes for ordinary commits, because most
 * servers have the cores for it (bench, sets `mails` and `start`), and others for merges (`readMerges`): looking for copies in a merge may take git
 * minutes, and a combined diff does not show them anyway. What git does not print of a commit is read from the object (`rereader`).
 */
export function readCommits(git: Git, ids: readonly string[], options: ReadOptions): AsyncGenerator<Commit> {
  const laneOf = lanes(ids, options.isMerge);
  return whileRead(git, async function* (own) {
    const objects = openObjects(own);
    const askStat = askCommits(own, diffTree('', STAT), options.mark, () => draftStat(options.maxSize));
    const quietRule = openQuietRules(own, objects, options.quietPaths ?? []);
    const readers = [0, 1, MERGES].map(lane => {
      const ofLane = ids.filter((_, at) => laneOf[at] === lane);
      const reread = rereader(objects, options.maxSize);
      // The pieces of a commit come one after the other.
      const statOf = remembered(1, askStat);
      const optionsOfLane = () => ({ ...options, quiet: quietRule() });
      const drafts =
        lane === MERGES
          ? readMerges(own, ofLane, optionsOfLane)
          : readLane(own, ofLane, { ...optionsOfLane(), output: PATCH });
      return nextAhead(
        mapped(drafts, async ({ uncounted, ...commit }) =>
          reread(uncounted ? { ...commit, ...(await statOf(commit.id)) } : commit),
        ),
      );
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

/** The lane of all merges, after the two of ordinary commits. */
const MERGES = 2;
/** Where merges are such a part of all commits, or more, their gits keep the cores busy (bench: a third of the commits merges). */
const BUSY_PART = 1 / 5;

/** For each commit the lane that it is read in. Of two processes for ordinary commits, each unpacks what the other one has unpacked too. */
function lanes(ids: readonly string[], isMerge: (id: string) => boolean): number[] {
  const ordinary = ids.filter(id => !isMerge(id)).length;
  const isBusy = ids.length - ordinary >= ids.length * BUSY_PART;
  const turns = ordinary < ENOUGH_FOR_TWO || isBusy ? 1 : 2;
  const stretch = Math.min(STRETCH, Math.ceil(ordinary / turns));
  let at = 0;
  return ids.map(id => (isMerge(id) ? MERGES : Math.floor(at++ / stretch) % turns));
}
