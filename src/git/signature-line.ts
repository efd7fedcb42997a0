import type { Signature } from '../model/commit.ts';
import { gitDate } from './git-date.ts';

/** Characters of a name or address that are kept: more is neither, and each is shown in a mail's own lines. */
const LONGEST = 1000;
/** Stands where text was cut. */
export const CUT = '…';

/**
 * The value of an `author`, `committer` or `tagger` line of an object: `Name <email> seconds zone`. Unlike git, which
 * prints none, it has dates before 1970. undefined where there is no address. Takes time in proportion to the line's length,
 * whatever it holds.
 */
export function parseSignature(text: string): Signature | undefined {
  const open = text.indexOf('<');
  const close = text.indexOf('>', open);
  if (open < 0 || close < 0) return undefined;
  // As git does, which passes over further brackets on its way to the date.
  const behind = text.slice(text.lastIndexOf('>') + 1);
  const [, seconds, zone] = /^ (-?\d+) ([+-]\d{4})/.exec(behind) ?? [];
  return {
    name: shortened(text.slice(0, open).replace(/ $/, '')),
    email: shortened(text.slice(open + 1, close)),
    date: seconds && zone ? gitDate(Number(seconds), zone) : '',
  };
}

function shortened(text: string): string {
  if (text.length <= LONGEST) return text;
  const characters = Array.from(text.slice(0, 2 * LONGEST));
  return `${characters.slice(0, LONGEST).join('')}${CUT}`;
}
