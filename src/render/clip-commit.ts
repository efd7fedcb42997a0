import type { Commit, FileDiff, Loss, Missing } from '../model/commit.ts';
import { cutAt, cutDiffAt, lossOf, sumOf } from '../model/cut.ts';

/** Bytes of diff that a commit holds. */
export function diffSize(commit: Commit): number {
  return commit.files.reduce((sum, file) => sum + file.text.length, 0);
}

/** The commit with the first `bytes` of its diff at most, cut at a line end where it can be. What goes is counted as missing. */
export function clipDiff(commit: Commit, bytes: number): Commit {
  const whole = wholeFiles(commit, bytes);
  const next = commit.files[whole];
  if (!next) return commit;
  const before = commit.files.slice(0, whole);
  const begin = beginOf(next, bytes - diffSize({ ...commit, files: before }));
  const gone = commit.files.slice(begin ? whole + 1 : whole);
  const lost = begin ? lossOf(next.text.subarray(begin.text.length)) : undefined;
  return { ...commit, files: begin ? [...before, begin] : before, missing: addMissing(commit, gone, lost) };
}

/** The commit with its first files alone. */
export function clipFiles(commit: Commit, count: number): Commit {
  if (count >= commit.files.length) return commit;
  const gone = commit.files.slice(count);
  return { ...commit, files: commit.files.slice(0, count), missing: addMissing(commit, gone) };
}

/** How many of the first files fit into so many bytes. */
export function wholeFiles(commit: Commit, bytes: number): number {
  let room = bytes;
  const tooLarge = commit.files.findIndex(file => {
    room -= file.text.length;
    return room < 0;
  });
  return tooLarge < 0 ? commit.files.length : tooLarge;
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

/** The begin of a file's diff, if it shows anything of the contents. */
function beginOf(file: FileDiff, bytes: number): FileDiff | undefined {
  const end = cutDiffAt(file.text, bytes);
  if (end === 0) return undefined;
  return {
    ...file,
    text: file.text.subarray(0, end),
    lost: sumOf(lossOf(file.text.subarray(end)), file.lost),
  };
}

/** What is missing when some files go as well. What they lacked at their ends counts as missing already. */
function addMissing(commit: Commit, gone: readonly FileDiff[], lost?: Loss): Missing {
  const before = commit.missing ?? { bytes: 0, lines: 0, files: 0 };
  const more = gone.map(file => lossOf(file.text)).reduce(sumOf, lost ?? { bytes: 0, lines: 0 });
  return { ...sumOf(before, more), files: before.files + gone.length };
}
