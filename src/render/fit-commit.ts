import type { Commit } from '../model/commit.ts';
import { clipDiff, clipFiles, clipMessage, clipStat, diffSize } from './clip-commit.ts';
import { type Attempt, largestFit } from './largest-fit.ts';

/** Makes a mail of a commit and measures it, in bytes as the server will see them. */
export type Make<T> = (commit: Commit) => Attempt<T>;

export interface FitPolicy<T> {
  /** Bytes of a mail, at the most. */
  readonly maxSize: number;
  /** What becomes of a larger one: `stat` leaves the diff out, any other cuts it. */
  readonly oversize: string;
  /** The same with a patch in place of its diff, where there is one. */
  readonly attached?: Make<T>;
}

/**
 * A commit as one mail: as it is, if it fits; else without its diff and with the patch, where there is one; else with less.
 * Pure: several audiences may fit the same commit, each as it wants.
 */
export function fitCommit<T>(
  commit: Commit,
  { maxSize, oversize, attached }: FitPolicy<T>,
  make: Make<T>,
): T {
  const whole = commit.missing ? undefined : make(commit);
  if (whole && whole.size <= maxSize) return whole.made;
  if (attached || oversize === 'stat') return fitBare(commit, maxSize, attached ?? make).made;
  return fitDiff(commit, maxSize, make);
}

/**
 * The commit without its diff. Where even that is too large the stat goes, but for its begin and its last line, and then the
 * message. Only where header and names alone are too large is the result larger than the limit.
 */
export function fitBare<T>(commit: Commit, limit: number, make: Make<T>): Bare<T> {
  const bare = clipFiles(commit, 0);
  const all = make(bare);
  if (all.size <= limit) return { ...all, commit: bare, spare: true };
  const shortStat = clipStat(bare, 0);
  const withoutStat = make(shortStat);
  if (withoutStat.size <= limit)
    return best(limit, withoutStat, shortStat, bare.stat.length, bytes => clipStat(bare, bytes), make);
  const least = clipMessage(shortStat, 0);
  const size = Buffer.byteLength(bare.message);
  return best(limit, make(least), least, size, bytes => clipMessage(shortStat, bytes), make);
}

/** What a mail without diff came to. */
export interface Bare<T> extends Attempt<T> {
  readonly commit: Commit;
  /** True where all but the diff is there, so that there may be room for some of it. */
  readonly spare: boolean;
}

/** The commit with as much of its diff as fits: of each file its share (`clipDiff`). */
export function fitDiff<T>(commit: Commit, limit: number, make: Make<T>): T {
  const bare = fitBare(commit, limit, make);
  if (!bare.spare) return bare.made;
  return largestFit(limit, bare, diffSize(commit), bytes => make(clipDiff(commit, bytes))).made;
}

function best<T>(
  limit: number,
  floor: Attempt<T>,
  least: Commit,
  most: number,
  clip: (bytes: number) => Commit,
  make: Make<T>,
): Bare<T> {
  const fit = largestFit(limit, floor, most, bytes => make(clip(bytes)));
  return { ...fit, commit: fit.amount === 0 ? least : clip(fit.amount), spare: false };
}
