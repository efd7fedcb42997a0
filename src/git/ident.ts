import type { Ident } from '../model/commit.ts';
import { readField } from './field.ts';

/**
 * The value of an `author`, `committer` or `tagger` line of an object: `Name <email> seconds zone`. Unlike git, which
 * prints none, it has dates before 1970. undefined where there is no address. Takes time in proportion to the line's length,
 * whatever it holds.
 *
 * @param line one character a byte; name and address are decoded each by itself, as those that git prints are
 */
export function parseIdent(line: string): Ident | undefined {
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

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * A moment in git's default format, in its own time zone: `Thu Feb 8 09:44:21 2018 -0800` (git-log(1), --date=default).
 * Empty for a moment that no calendar has.
 */
function gitDate(seconds: number, zone: string): string {
  const offset = (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5)));
  const local = new Date((seconds + offset * 60) * 1000);
  if (Number.isNaN(local.getTime())) return '';
  const time = local.toISOString().slice(-13, -5);
  const day = `${DAYS[local.getUTCDay()]} ${MONTHS[local.getUTCMonth()]} ${local.getUTCDate()}`;
  return `${day} ${time} ${local.getUTCFullYear()} ${zone}`;
}
