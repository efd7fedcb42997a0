import type { Loss } from '../model/commit.ts';
import { cutAt, lossOf, sumOf } from '../model/cut.ts';
import { decode } from '../model/text.ts';

/** Takes a text while its bytes arrive, cut anywhere, and says in the end what it has made of it. */
export interface Sink<T> {
  add(bytes: Buffer): void;
  end(): T;
}

/** The first bytes of a text, cut at a line end where it can be, and what it lacks at its end. */
export interface Kept {
  readonly text: Buffer;
  readonly lost?: Loss;
}

export function capped(limit: number): Sink<Kept> {
  const pieces: Buffer[] = [];
  let lost: Loss = { bytes: 0, lines: 0 };
  // One byte more than is kept shows whether the text goes on.
  let room = limit + 1;
  return {
    add(bytes) {
      const head = bytes.subarray(0, room);
      if (head.length > 0) pieces.push(head);
      room -= head.length;
      if (head.length < bytes.length) lost = sumOf(lost, lossOf(bytes.subarray(head.length)));
    },
    end() {
      // A copy, since a piece holds on to all that was read from git together with it.
      const text = Buffer.concat(pieces);
      if (text.length <= limit) return { text };
      const end = cutAt(text, limit);
      return { text: text.subarray(0, end), lost: sumOf(lost, lossOf(text.subarray(end))) };
    },
  };
}

/** Bytes kept of a name, an address or the like: a longer one is none, and each is shown in a mail. */
export const FIELD = 1000;

/** A field as text, which says so itself where it is cut. */
export function fieldText({ text, lost }: Kept): string {
  return lost ? `${decode(text)}…` : decode(text);
}

/** A message without the line ends behind it; that it is cut is told elsewhere. */
export function messageText({ text }: Kept): string {
  return decode(text).replace(/(\r?\n)+$/, '');
}

/** As `fieldText`, for a field that is there as a whole, one character a byte. */
export function readField(bytes: string): string {
  const field = capped(FIELD);
  field.add(Buffer.from(bytes, 'latin1'));
  return fieldText(field.end());
}
