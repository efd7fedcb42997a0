import type { Signature } from '../model/commit.ts';
import { readField } from './field.ts';
import { gitDate } from './git-date.ts';

/**
 * The value of an `author`, `committer` or `tagger` line of an object: `Name <email> seconds zone`. Unlike git, which
 * prints none, it has dates before 1970. undefined where there is no address. Takes time in proportion to the line's length,
 * whatever it holds.
 *
 * @param line one character a byte; name and address are decoded each by itself, as those that git prints are
 */
export function parseSignature(line: string): Signature | undefined {
  const open = line.indexOf('<');
  const close = line.indexOf('>', open);
  if (open < 0 || close < 0) return undefined;
  // As git does, which passes over further brackets on its way to the date.
  const behind = line.slice(line.lastIndexOf('>') + 1);
  const [, seconds, zone] = /^ (-?\d+) ([+-]\d{4})/.exec(behind) ?? [];
  return {
    name: readField(Buffer.from(line.slice(0, open).replace(/ $/, ''), 'latin1')),
    email: readField(Buffer.from(line.slice(open + 1, close), 'latin1')),
    date: seconds && zone ? gitDate(Number(seconds), zone) : '',
  };
}
