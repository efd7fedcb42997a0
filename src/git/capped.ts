import type { Missing } from '../model/commit.ts';

const LF = 0x0a;

/** Keeps the first bytes of a text up to a limit and counts what comes after. */
export interface Capped {
  add(bytes: Buffer): void;
  /** What was kept. Of a text that was cut, only whole lines. */
  kept(): Buffer;
  readonly lost: Pick<Missing, 'bytes' | 'lines'>;
}

export function capped(limit: number): Capped {
  const pieces: Buffer[] = [];
  const lost = { bytes: 0, lines: 0 };
  let room = limit;
  return {
    lost,
    add(bytes) {
      const head = bytes.subarray(0, room);
      if (head.length > 0) pieces.push(head);
      room -= head.length;
      const tail = bytes.subarray(head.length);
      lost.bytes += tail.length;
      lost.lines += countLines(tail);
    },
    kept() {
      const text = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
      if (lost.bytes === 0) return text;
      const end = text.lastIndexOf(LF) + 1;
      lost.bytes += text.length - end;
      return text.subarray(0, end);
    },
  };
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) lines++;
  return lines;
}
