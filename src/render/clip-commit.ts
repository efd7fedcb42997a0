import type { Commit } from '../model/commit.ts';
import { cutAt, cutDiffAt, lossOf, shares, sumOf } from '../model/cut.ts';

/** The commit with less of one of its parts: that many bytes at the most. What goes is counted as missing. */
export type Clip = (commit: Commit, bytes: number) => Commit;

/** Bytes of diff that a commit holds. */
export function diffSize(commit: Commit): number {
  return commit.files.reduce((sum, file) => sum + file.text.length, 0);
}

/** Of its diff each file has its share, cut at a line end where it can be. A file of whose contents nothing is left goes. */
export const clipDiff: Clip = (commit, bytes) => {
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
export const clipStat: Clip = (commit, bytes) => {
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

export const clipMessage: Clip = (commit, bytes) => {
  const message = Buffer.from(commit.message);
  const end = cutAt(message, bytes);
  if (end === message.length) return commit;
  const rest = Buffer.concat([message.subarray(end), Buffer.from('\n')]);
  const lost = sumOf(lossOf(rest), commit.messageLost);
  return { ...commit, message: message.toString('utf8', 0, end).replace(/\n+$/, ''), messageLost: lost };
};
