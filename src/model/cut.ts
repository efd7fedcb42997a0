import { type FileDiff, type Loss, type Missing, NOTHING } from './commit.ts';

const LF = 0x0a;
/** A line longer than this, in bytes, may be cut inside: minified files have no other place to be cut at. */
const LONG_LINE = 1000;

/**
 * Where to cut a text that may have no more than `limit` bytes: after the last line that fits or, in a very long line,
 * between two characters. A larger limit never gives a smaller place.
 */
export function cutAt(text: Buffer, limit: number): number {
  if (limit >= text.length) return text.length;
  if (limit <= 0) return 0;
  const start = text.lastIndexOf(LF, limit - 1) + 1;
  const end = text.indexOf(LF, limit);
  const length = (end < 0 ? text.length : end) - start;
  return length > LONG_LINE ? Math.max(start, characterAt(text, limit)) : start;
}

/** The same in one file's diff: zero where no line behind its first `@@` would be left, since names alone show nothing. */
export function cutDiffAt(text: Buffer, limit: number): number {
  const end = cutAt(text, limit);
  if (end === text.length) return end;
  const hunk = text.indexOf('\n@@');
  const content = hunk < 0 ? -1 : text.indexOf(LF, hunk + 1);
  return content < 0 || content + 1 >= end ? 0 : end;
}

/** The begin of the UTF-8 character that a byte belongs to; the byte itself where there is none. */
function characterAt(text: Buffer, at: number): number {
  for (let back = 0; back < 4 && at - back >= 0; back++) {
    if (((text[at - back] ?? 0) & 0xc0) !== 0x80) return at - back;
  }
  return at;
}

/** How much a piece of text is, to say it where it was left out. */
export function lossOf(text: Buffer): Loss {
  let lines = 0;
  for (let at = text.indexOf(LF); at >= 0; at = text.indexOf(LF, at + 1)) lines++;
  return { bytes: text.length, lines };
}

export function sumOf(one: Loss, other: Loss | undefined): Loss {
  return other ? { bytes: one.bytes + other.bytes, lines: one.lines + other.lines } : one;
}

/** Digits of an object name that a mail shows on an index line. */
const SHOWN_DIGITS = 7;
/** Bytes of a file that are always looked at: its path stands in them. */
const HEAD = 8192;

/** Bytes of a file's diff that count for nothing: an index line is shown with short names, in a mail it takes less than here. */
export const sparedBytes = (id: string) => 2 * (id.length - SHOWN_DIGITS);

/** Bytes of a file's diff, as they count in a mail. */
export const sizeInMail = ({ text }: FileDiff, spared: number) => Math.max(0, text.length - spared);

/** Bytes of one file's diff that are looked at where a mail has `maxSize`. */
export const fileLimit = (maxSize: number, spared: number) => Math.max(HEAD, maxSize + spared);

/** Leaves each file its share of what may be kept: undefined in place of those of which nothing is left, which are counted. */
export function keepShares(files: readonly FileDiff[], maxSize: number, spared: number) {
  const sizeOf = (file: FileDiff) => sizeInMail(file, spared);
  const room = shares(files.map(sizeOf), maxSize);
  let dropped = NOTHING;
  let held = 0;
  const kept = files.map((whole, at) => {
    const share = room[at] ?? 0;
    const cut = share < sizeOf(whole) ? cutFile(whole, share + spared) : whole;
    held += sizeOf(cut);
    if (cut.text.length > 0) return cut;
    dropped = { ...sumOf(dropped, cut.lost), files: dropped.files + 1 };
    return undefined;
  });
  return { kept, dropped, held };
}

/** As much of a file as there is room for, if it shows anything of the contents. */
function cutFile(file: FileDiff, limit: number): FileDiff {
  const end = cutDiffAt(file.text, limit);
  if (end === file.text.length) return file;
  const lost = sumOf(lossOf(file.text.subarray(end)), file.lost);
  // A copy, since a part holds on to the whole.
  return { ...file, text: Buffer.from(file.text.subarray(0, end)), lost };
}

/** What files lack at their ends. */
export function lostOf(files: readonly FileDiff[]): Missing {
  return { ...files.reduce<Loss>((sum, { lost }) => sumOf(sum, lost), NOTHING), files: 0 };
}

/** What is missing of several parts of a diff. */
export function allMissing(parts: readonly Missing[]): Missing {
  return parts.reduce((sum, each) => ({ ...sumOf(sum, each), files: sum.files + each.files }), NOTHING);
}

/** Bytes of a text that it gets in any case, if it gets some: of less nobody could learn anything. */
const LEAST = 500;

/**
 * Shares room (in bytes) among texts, so that a large one does not hide the others: none gets more than it has, those that have more get the
 * same. Where that would be too little to be of use, the first ones get what is of use, and the last ones nothing. With more room none gets less.
 */
export function shares(sizes: readonly number[], room: number): number[] {
  const level = Math.max(LEAST, levelOf(sizes, room));
  let left = Math.max(0, room);
  return sizes.map(size => {
    const share = Math.min(size, level, left);
    left -= share;
    return share;
  });
}

function levelOf(sizes: readonly number[], room: number): number {
  const rising = [...sizes].sort((one, other) => one - other);
  let left = room;
  for (const [at, size] of rising.entries()) {
    const each = Math.floor(left / (rising.length - at));
    if (size > each) return each;
    left -= size;
  }
  return Number.POSITIVE_INFINITY;
}
