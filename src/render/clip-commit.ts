import type { Commit, FileDiff, Loss, Missing } from '../model/commit.ts';
import { cutAt, cutDiffAt, lossOf, shares, sumOf } from '../model/cut.ts';

/** Bytes of diff that a commit holds. */
export function diffSize(commit: Commit): number {
  return commit.files.reduce((sum, file) => sum + file.text.length, 0);
}

/** The commit with `bytes` of its diff at most, of which each file has its share, cut at a line end where it can be. What goes is counted as missing. */
export function clipDiff(commit: Commit, bytes: number): Commit {
  const room = shares(
    commit.files.map(file => file.text.length),
    bytes,
  );
  const clipped = commit.files.map((file, at) => startOf(file, room[at] ?? 0));
  const gone = commit.files.filter((_, at) => clipped[at] === undefined);
  const files = clipped.filter(file => file !== undefined);
  const before = lossIn(commit.files.filter((_, at) => clipped[at] !== undefined));
  const after = lossIn(files);
  const lost = { bytes: after.bytes - before.bytes, lines: after.lines - before.lines };
  return { ...commit, files, missing: addMissing(commit, gone, lost) };
}

/** The commit with its first files alone. */
export function clipFiles(commit: Commit, count: number): Commit {
  if (count >= commit.files.length) return commit;
  const gone = commit.files.slice(count);
  return { ...commit, files: commit.files.slice(0, count), missing: addMissing(commit, gone) };
}

/** The commit with the first `bytes` of its stat at most, and the stat's last line, which sums up. */
export function clipStat(commit: Commit, bytes: number): Commit {
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
}

/** The commit with the first `bytes` of its message at most. */
export function clipMessage(commit: Commit, bytes: number): Commit {
  const message = Buffer.from(commit.message);
  const end = cutAt(message, bytes);
  if (end === message.length) return commit;
  const rest = Buffer.concat([message.subarray(end), Buffer.from('\n')]);
  const lost = sumOf(lossOf(rest), commit.messageLost);
  return { ...commit, message: message.toString('utf8', 0, end).replace(/\n+$/, ''), messageLost: lost };
}

/** The start of a file's diff, if it shows anything of the contents. */
function startOf(file: FileDiff, bytes: number): FileDiff | undefined {
  const end = cutDiffAt(file.text, bytes);
  if (end === 0) return undefined;
  if (end === file.text.length) return file;
  return {
    ...file,
    text: file.text.subarray(0, end),
    lost: sumOf(lossOf(file.text.subarray(end)), file.lost),
  };
}

function lossIn(files: readonly FileDiff[]): Loss {
  return files.reduce((sum: Loss, { lost }) => sumOf(sum, lost), { bytes: 0, lines: 0 });
}

/** What is missing when some files go as well. What they lacked at their ends counts as missing already. */
function addMissing(commit: Commit, gone: readonly FileDiff[], lost?: Loss): Missing {
  const before = commit.missing ?? { bytes: 0, lines: 0, files: 0 };
  const more = gone.map(file => lossOf(file.text)).reduce(sumOf, lost ?? { bytes: 0, lines: 0 });
  return { ...sumOf(before, more), files: before.files + gone.length };
}
