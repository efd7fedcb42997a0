import type { Commit } from '../model/commit.ts';
import { lossOf } from '../model/cut.ts';
import { capped, type Sink } from './capped.ts';
import { type CountedFile, type LineCounts, SHOWN_OF_PATH, statText } from './stat-text.ts';

const LF = 0x0a;
const PLUS = 0x2b;
const HYPHEN = 0x2d;
const AT = 0x40;

/** Files of a stat that is counted. */
const MOST_FILES = 10_000;

/**
 * The stat of a commit from its diff: git makes a diff of its own for it, in two fifths of the time of both (bench, set `mails`). What cannot be
 * counted, or what versions of git print differently, is left to git: binary files, renames and copies, names in other letters than ASCII, a
 * file that becomes a link, and more files than need to be held in memory.
 */
export function countedStat() {
  let files: CountedFile[] | undefined = [];
  return {
    /** @param head of its diff (`headOfDiff`) */
    addFile(path: Buffer, head: string, counts: LineCounts): void {
      const end = path.subarray(-SHOWN_OF_PATH).toString('latin1');
      const isAgain = end === files?.at(-1)?.path;
      if (isAgain || files?.length === MOST_FILES || !isPlain(path) || !isCountable(head, counts))
        files = undefined;
      files?.push({ path: end, ...counts });
    },
    /** undefined where it is left to git. */
    end: () => files && statText(files),
  };
}

/** Printable ASCII that git does not put in quotes. */
function isPlain(path: Buffer): boolean {
  return /^[ !#-[\]-~]+$/.test(path.toString('latin1'));
}

/**
 *   diff --git a/name b/name
 *   new file mode 100644           (nothing else of an empty file)
 *   similarity index 90%           (of a rename or copy)
 *   index 3b18e51..a042389
 *   Binary files a/name and b/name differ
 *   --- a/name
 *   +++ b/name
 *   @@ -1 +1,2 @@
 */
function isCountable(head: string, { added, deleted }: LineCounts): boolean {
  const hasHunks = head.endsWith('\n@@');
  if (!hasHunks && added + deleted > 0) return false;
  if (/\n(similarity index |Binary files )/.test(head)) return false;
  return hasHunks || /\n(new|deleted) file mode /.test(head);
}

/** Counts the lines of one file's diff. Before the first `@@` stand names, after it each line starts with a blank, `+`, `-`, `\` or `@` (git-diff(1)). */
export function lineCounter(): Sink<LineCounts> {
  let added = 0;
  let deleted = 0;
  let isHead = true;
  let isLineStart = true;

  function begin(byte: number | undefined): void {
    if (byte === AT) isHead = false;
    else if (byte === PLUS && !isHead) added++;
    else if (byte === HYPHEN && !isHead) deleted++;
  }

  return {
    add(bytes) {
      for (let at = 0; at < bytes.length; ) {
        if (isLineStart) begin(bytes[at]);
        const end = bytes.indexOf(LF, at);
        isLineStart = end >= 0;
        at = isLineStart ? end + 1 : bytes.length;
      }
    },
    end: () => ({ added, deleted }),
  };
}

export type Stat = Pick<Commit, 'stat' | 'statLost'>;

/** Bytes of a last line that are kept. */
const LAST = 200;

/**
 * A stat that git has printed, with what frames it: `LF --- LF <stat> LF LF` between header and diff, or `LF LF <stat> LF LF` of
 * a merge. Of a stat of very many files the start is kept and the last line, which sums up.
 */
export function draftStat(maxSize: number): Sink<Stat> {
  const begin = capped(maxSize);
  let tail: Buffer = Buffer.alloc(0);
  return {
    add(bytes) {
      begin.add(bytes);
      tail = Buffer.concat([tail, bytes.subarray(-LAST)]).subarray(-LAST);
    },
    end() {
      const { text, lost } = begin.end();
      if (!lost) return { stat: trimmed(text) };
      const end = trimmed(tail);
      const summary = end.subarray(end.lastIndexOf(LF, -2) + 1);
      const files = trimmed(text.subarray(0, text.lastIndexOf(LF) + 1));
      const listed = files.includes(summary) ? files.subarray(0, files.lastIndexOf(summary)) : files;
      const statLost = filesOf(summary) - lossOf(listed).lines;
      return { stat: Buffer.concat([listed, summary]), ...(statLost > 0 ? { statLost } : {}) };
    },
  };
}

/** Without what frames it, but with the LF of its last line. */
function trimmed(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1').replace(/^[\n-]+/, '');
  return Buffer.from(text.replace(/\n+$/, '\n'), 'latin1');
}

/** ` 3 files changed, 2 insertions(+)`: as many lines stand above it. */
function filesOf(summary: Buffer): number {
  return Number(/^ (\d+) files? changed/.exec(summary.toString('latin1'))?.[1] ?? 0);
}
