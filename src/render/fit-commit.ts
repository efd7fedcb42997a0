import type { Commit } from '../model/commit.ts';
import { clipDiff, clipFiles, clipMessage, clipStat, diffSize, wholeFiles } from './clip-commit.ts';
import { type Attempt, type Fit, largestFit } from './largest-fit.ts';

/** Makes a mail of a commit and measures it, in bytes as the server will see them. */
export type Make<T> = (commit: Commit) => Attempt<T>;

/** The commit as it is, if its mail is no larger than the limit. */
export function fitWhole<T>(commit: Commit, limit: number, make: Make<T>): T | undefined {
  if (commit.missing) return undefined;
  const whole = make(commit);
  return whole.size <= limit ? whole.made : undefined;
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

/**
 * The commit with as much of its diff as fits: whole files, in their order. The first one that does not fit is cut if it is
 * larger than a mail by itself; otherwise it is left out, so that nobody takes the begin of a file for all of it.
 */
export function fitBegin<T>(commit: Commit, limit: number, make: Make<T>): T {
  const bare = fitBare(commit, limit, make);
  if (!bare.spare) return bare.made;
  const fit = largestFit(limit, bare, diffSize(commit), bytes => make(clipDiff(commit, bytes)));
  const count = wholeFiles(commit, fit.amount);
  if (count === 0 || !fitsAlone(commit, count, limit, bare, fit)) return fit.made;
  const whole = make(clipFiles(commit, count));
  return whole.size <= limit ? whole.made : fit.made;
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

/** Whether the file behind the first `count` ones would fit into a mail of its own, by what bytes of diff have taken so far. */
function fitsAlone<T>(commit: Commit, count: number, limit: number, bare: Attempt<T>, fit: Fit<T>): boolean {
  const file = commit.files[count];
  if (!file) return true;
  const bytes = file.text.length + (file.lost?.bytes ?? 0);
  const perByte = fit.amount > 0 ? (fit.size - bare.size) / fit.amount : 1;
  return bare.size + bytes * perByte <= limit;
}
