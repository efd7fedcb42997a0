import type { Commit } from '../model/commit.ts';
import { lossOf } from '../model/cut.ts';
import { capped, lastLine, type Sink } from './capped.ts';

export type Stat = Pick<Commit, 'stat' | 'statLost'>;

const LF = 0x0a;
const HYPHEN = 0x2d;

/**
 * A stat while its bytes arrive, with what frames it: `LF --- LF <stat> LF LF` between header and diff, or `LF LF <stat> LF LF` of
 * a merge. Of a stat of very many files the start is kept and the last line, which sums up.
 */
export function draftStat(maxSize: number): Sink<Stat> {
  const begin = capped(maxSize);
  const last = lastLine();
  return {
    add(bytes) {
      begin.add(bytes);
      last.add(bytes);
    },
    end() {
      const { text, lost } = begin.end();
      if (!lost) return { stat: trimmed(text) };
      const summary = last.end();
      const files = trimmed(text.subarray(0, text.lastIndexOf(LF) + 1));
      const listed = files.includes(summary) ? files.subarray(0, files.lastIndexOf(summary)) : files;
      const statLost = filesOf(summary) - lossOf(listed).lines;
      return { stat: Buffer.concat([listed, summary]), ...(statLost > 0 ? { statLost } : {}) };
    },
  };
}

/** Without what frames it, but with the LF of its last line. */
function trimmed(bytes: Buffer): Buffer {
  let start = 0;
  while (bytes[start] === LF || bytes[start] === HYPHEN) start++;
  let end = bytes.length;
  while (end > start && bytes[end - 1] === LF) end--;
  return end > start ? bytes.subarray(start, end + 1) : Buffer.alloc(0);
}

/** ` 3 files changed, 2 insertions(+)`: as many lines stand above it. */
function filesOf(summary: Buffer): number {
  return Number(/^ (\d+) files? changed/.exec(summary.toString('latin1'))?.[1] ?? 0);
}
