import type { Ident } from '../model/commit.ts';
import { readField } from './capped.ts';

/**
 * The value of an `author`, `committer` or `tagger` line of an object: `Name <email> seconds zone`, one character a byte. Unlike git, which
 * prints none, it has dates before 1970. undefined where there is no address. Takes time in proportion to the line's length, whatever it holds.
 */
export function parseIdent(line = ''): Ident | undefined {
  const open = line.indexOf('<');
  const close = line.indexOf('>', open);
  if (open < 0 || close < 0) return undefined;
  // As git does, which passes over further brackets on its way to the date.
  const behind = line.slice(line.lastIndexOf('>') + 1);
  const [, raw = ''] = /^ (-?\d+ [+-]\d{4})/.exec(behind) ?? [];
  return {
    name: readField(line.slice(0, open).replace(/ $/, '')),
    email: readField(line.slice(open + 1, close)),
    date: gitDate(raw),
  };
}

/** `1526932800 -0800` in git's default format: `Thu Feb 8 09:44:21 2018 -0800` (git-log(1), --date=default). */
export function gitDate(raw: string): string {
  const { day, month, date, time, year, zone } = calendar(raw) ?? {};
  return zone ? `${day} ${month} ${date} ${time} ${year} ${zone}` : '';
}

/** The same as RFC 5322 has it; as git-am(1) takes it, where that has no words for it. */
export function mailDate(raw: string): string {
  const { day, month, date, time, year = 0, zone } = calendar(raw) ?? {};
  return zone && year >= 1970 ? `${day}, ${date} ${month} ${year} ${time} ${zone}` : `@${raw}`;
}

/** undefined for a moment that no calendar has. */
function calendar(raw: string) {
  const [, seconds, zone = ''] = /^(-?\d+) ([+-]\d{4,})$/.exec(raw) ?? [];
  const hours = Math.trunc(Number(zone) / 100);
  const local = new Date((Number(seconds) + hours * 3600 + (Number(zone) % 100) * 60) * 1000);
  if (Number.isNaN(local.getTime())) return undefined;
  // `Thu, 08 Feb 2018 09:44:21 GMT`
  const [day, date, month, year, time] = local.toUTCString().split(/,? /);
  return { day, month, date: Number(date), time, year: Number(year), zone };
}

/** In place of an author or a committer that a commit does not name. */
export const NOBODY: Ident = { name: '', email: '', date: '' };
