import type { Sink } from './capped.ts';
import { type CountedFile, type LineCounts, SHOWN_OF_PATH, statText } from './stat-text.ts';

/**
 * The stat of a commit from its diff. git makes a stat from a diff of its own, which takes it two fifths of the time of both (bench, set `mails`). What
 * cannot be counted, or what different versions of git print differently, is left to git: binary files, renames and copies, names
 * in other letters than ASCII, a file that becomes a link, and more files than need to be held in memory.
 */
export function countedStat(): {
  /** @param head of its diff (`headOfDiff`) */
  addFile(path: Buffer, head: string, counts: LineCounts): void;
  /** undefined where it is left to git. */
  end(): string | undefined;
} {
  let files: CountedFile[] | undefined = [];
  return {
    addFile(path, head, counts) {
      const end = path.subarray(-SHOWN_OF_PATH).toString('latin1');
      const isAgain = end === files?.at(-1)?.path;
      if (isAgain || files?.length === MOST || !isPlain(path) || !isCountable(head, counts))
        files = undefined;
      files?.push({ path: end, ...counts });
    },
    end: () => files && statText(files),
  };
}

const MOST = 10_000;

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

/**
 * Counts the lines of one file's diff while its bytes arrive, cut anywhere. Before the first `@@` stand names, behind it each line
 * starts with a blank, `+`, `-`, `\` or `@` (git-diff(1)).
 */
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

const LF = 0x0a;
const AT = 0x40;
const PLUS = 0x2b;
const HYPHEN = 0x2d;
