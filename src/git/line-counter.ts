/** Lines that a diff adds and takes away. */
export interface LineCounts {
  readonly added: number;
  readonly deleted: number;
}

/**
 * Counts the lines of one file's diff while its bytes arrive, cut anywhere. Before the first `@@` stand names, behind it each line
 * starts with a blank, `+`, `-`, `\` or `@` (git-diff(1)).
 */
export function lineCounter(): { add(bytes: Buffer): void; end(): LineCounts } {
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
      let at = isLineStart ? 0 : bytes.indexOf(LF) + 1;
      if (at === 0 && !isLineStart) return;
      while (at < bytes.length) {
        begin(bytes[at]);
        const end = bytes.indexOf(LF, at);
        isLineStart = end >= 0;
        if (!isLineStart) return;
        at = end + 1;
      }
      isLineStart = true;
    },
    end: () => ({ added, deleted }),
  };
}

const LF = 0x0a;
const AT = 0x40;
const PLUS = 0x2b;
const HYPHEN = 0x2d;
