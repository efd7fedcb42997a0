import type { Commit } from '../model/commit.ts';
import type { DigestContent } from '../model/content.ts';
import { cutAt, cutDiffAt, lossOf, shares, sumOf } from '../model/cut.ts';
import type { Mail } from '../model/mail.ts';
import { listAtMost } from '../model/push-plan.ts';

/** Something made to measure. */
interface Attempt<T> {
  readonly made: T;
  /** In bytes, as the server will see them. */
  readonly size: number;
}

/** Makes a mail of a commit, and measures it. */
export type Make<T> = (commit: Commit) => Attempt<T>;

interface FitPolicy<T> {
  /** Bytes of a mail, at the most. */
  readonly maxSize: number;
  /** What becomes of a larger one: `stat` leaves the diff out, any other cuts it. */
  readonly oversize: string;
  /** The same with a patch in place of its diff, where there is one. */
  readonly attached?: Make<T>;
}

/** A commit as one mail, as it is; undefined where it does not fit. */
export function fitWhole<T>(commit: Commit, maxSize: number, make: Make<T>): T | undefined {
  const whole = commit.missing ? undefined : make(commit);
  return whole && whole.size <= maxSize ? whole.made : undefined;
}

/** One that does not fit: without its diff and with the patch, where there is one; else with less. Pure: lists may differ in what they want. */
export function fitCommit<T>(
  commit: Commit,
  { maxSize, oversize, attached }: FitPolicy<T>,
  make: Make<T>,
): T {
  if (attached || oversize === 'stat') return fitBare(commit, maxSize, attached ?? make);
  return fitDiff(commit, maxSize, make);
}

/** The commit without its diff, and with as much of stat and message as fits. */
export function fitBare<T>(commit: Commit, limit: number, make: Make<T>): T {
  return fitLess(clipDiff(commit, 0), limit, make, [STAT, MESSAGE]);
}

/** The commit with as much of its diff as fits: of each file its share (`clipDiff`). */
export function fitDiff<T>(commit: Commit, limit: number, make: Make<T>): T {
  return fitLess(commit, limit, make, [DIFF, STAT, MESSAGE]);
}

/** The commit with less of one of its parts: that many bytes at the most. What goes is counted as missing. */
type Clip = (commit: Commit, bytes: number) => Commit;

/** Bytes of diff that a commit holds. */
function diffSize(commit: Commit): number {
  return commit.files.reduce((sum, file) => sum + file.text.length, 0);
}

/** Of its diff each file has its share, cut at a line end where it can be. A file of whose contents nothing is left goes. */
const clipDiff: Clip = (commit, bytes) => {
  if (commit.files.length === 0) return commit;
  const sizes = commit.files.map(file => file.text.length);
  const room = shares(sizes, bytes);
  const cuts = commit.files.map((file, at) => {
    const end = cutDiffAt(file.text, room[at] ?? 0);
    return { file, end, lost: lossOf(file.text.subarray(end)) };
  });
  const files = cuts.flatMap(({ file, end, lost }) => {
    if (end === 0) return [];
    if (end === file.text.length) return [file];
    return [{ ...file, text: file.text.subarray(0, end), lost: sumOf(lost, file.lost) }];
  });
  // What the files lacked at their ends before counts as missing already.
  const before = commit.missing ?? { bytes: 0, lines: 0, files: 0 };
  const gone = commit.files.length - files.length;
  const missing = { ...cuts.map(({ lost }) => lost).reduce(sumOf, before), files: before.files + gone };
  return { ...commit, files, missing };
};

/** The stat loses its last lines, but for the very last, which sums up. */
const clipStat: Clip = (commit, bytes) => {
  const { stat, statLost = 0 } = commit;
  const summary = stat.lastIndexOf('\n', -2) + 1;
  const listed = stat.subarray(0, summary);
  const end = cutAt(listed, bytes);
  const lost = statLost + lossOf(listed.subarray(end)).lines;
  if (lost === statLost) return commit;
  return {
    ...commit,
    stat: Buffer.concat([listed.subarray(0, end), stat.subarray(summary)]),
    statLost: lost,
  };
};

const clipMessage: Clip = (commit, bytes) => {
  const message = Buffer.from(commit.message);
  const end = cutAt(message, bytes);
  if (end === message.length) return commit;
  const rest = Buffer.concat([message.subarray(end), Buffer.from('\n')]);
  const lost = sumOf(lossOf(rest), commit.messageLost);
  return { ...commit, message: message.toString('utf8', 0, end).replace(/\n+$/, ''), messageLost: lost };
};

/** Something that a commit can do without, of which it has some bytes. */
type Part = readonly [sizeOf: (commit: Commit) => number, clip: Clip];

const DIFF: Part = [diffSize, clipDiff];
const STAT: Part = [commit => commit.stat.length, clipStat];
const MESSAGE: Part = [commit => Buffer.byteLength(commit.message), clipMessage];

/** Takes from one part after the other, until it fits. Only where header and names alone are too large is it larger than the limit. */
function fitLess<T>(
  commit: Commit,
  limit: number,
  make: Make<T>,
  [[sizeOf, clip], next, ...others]: readonly [Part, ...Part[]],
): T {
  const fit = largestFit(limit, sizeOf(commit), bytes => make(clip(commit, bytes)));
  return fit.size > limit && next ? fitLess(clip(commit, 0), limit, make, [next, ...others]) : fit.made;
}

/** A digest as a mail of no more than `limit` bytes: the newest commits of each ref, as many as there is room for. */
export function fitDigest<T>(
  content: DigestContent,
  limit: number,
  make: (content: DigestContent) => Attempt<T>,
): T {
  const { notice } = content;
  const most = notice.groups.reduce((total, group) => total + group.commits.length, 0);
  return largestFit(limit, most, amount =>
    make({ ...content, notice: { ...notice, groups: listAtMost(notice.groups, amount) } }),
  ).made;
}

/** A mail of no more than `limit` bytes: its text is cut at a line end, and says so. */
export function fitText(mail: Mail, limit: number, measure: (mail: Mail) => number): Mail {
  const text = Buffer.from(mail.text);
  return largestFit(limit, text.length, bytes => {
    const made = { ...mail, text: cutText(text, bytes) };
    return { made, size: measure(made) };
  }).made;
}

function cutText(text: Buffer, bytes: number): string {
  const end = cutAt(text, bytes);
  if (end === text.length) return text.toString();
  const lost = lossOf(text.subarray(end));
  const note = `[This mail is cut here. Not shown: ${lost.lines} lines (${lost.bytes} bytes).]`;
  return `${text.toString('utf8', 0, end).trimEnd()}\n\n\n${note}\n`;
}

interface Fit<T> extends Attempt<T> {
  readonly amount: number;
}

const ROUNDS = 16;
/** A fit that uses this much of the limit is good enough. */
const ENOUGH = 0.98;

/** The largest amount up to `most`, about, that fits; nothing, where no more does. Every answer was measured; the search ends after a few rounds. */
export function largestFit<T>(limit: number, most: number, make: (amount: number) => Attempt<T>): Fit<T> {
  let high: Fit<T> = { ...make(most), amount: most };
  if (high.size <= limit || most === 0) return high;
  let low: Fit<T> = { ...make(0), amount: 0 };
  for (let round = 0; round < ROUNDS && high.amount - low.amount > 1 && low.size < limit * ENOUGH; round++) {
    const amount = guess(low, high, limit, round);
    const next = { ...make(amount), amount };
    if (next.size <= limit) low = next;
    else high = next;
  }
  return low;
}

/** In proportion to what was measured; every third time the middle, since sizes may grow in jumps. */
function guess(low: Fit<unknown>, high: Fit<unknown>, limit: number, round: number): number {
  const aim = (limit * (1 + ENOUGH)) / 2;
  const share = round % 3 === 2 ? 0.5 : (aim - low.size) / (high.size - low.size);
  const amount = Math.round(low.amount + (high.amount - low.amount) * share);
  return Math.min(high.amount - 1, Math.max(low.amount + 1, amount));
}
