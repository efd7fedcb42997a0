import type { Signature } from '../model/commit.ts';
import { gitDate } from './git-date.ts';

/**
 * The value of an `author`, `committer` or `tagger` line of an object: `Name <email> seconds zone`. Unlike git, which
 * prints none, it has dates before 1970. undefined where there is no address.
 */
export function parseSignature(text: string): Signature | undefined {
  const parts = /^(.*?) ?<([^>]*)>(?: (-?\d+) ([+-]\d{4}))?/s.exec(text);
  if (!parts) return undefined;
  const [, name = '', email = '', seconds, zone] = parts;
  return { name, email, date: seconds && zone ? gitDate(Number(seconds), zone) : '' };
}
