import { decode } from '../model/text.ts';
import { capped, type Kept } from './capped.ts';

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

/** As `fieldText`, for a field whose bytes are there as a whole. */
export function readField(bytes: Buffer): string {
  const field = capped(FIELD);
  field.add(bytes);
  return fieldText(field.end());
}
