import type { Commit } from '../model/commit.ts';
import { sumOf } from '../model/cut.ts';
import { decode } from '../model/text.ts';
import { capped, type Kept } from './capped.ts';
import { parseSignature } from './signature-line.ts';

/** What a commit object says in words. */
export type CommitWords = Pick<Commit, 'author' | 'committer' | 'subject' | 'message' | 'messageLost'>;

const NOBODY = { name: '', email: '', date: '' };

/**
 * Reads the words of a commit object as it is stored, whatever character set it claims to be in. Names are not passed
 * through .mailmap.
 *
 *   tree 7dbb705725e6f2d8a4b8e5e8b6a3f0f6b0f7c1aa
 *   author A U Thor <author@example.org> 1526932800 +0200
 *   committer A U Thor <author@example.org> 1526932800 +0200
 *   encoding UTF-16
 *
 *   The message
 *
 * @param most bytes of the message that are kept
 */
export function parseCommitObject({ text, lost }: Kept, most: number): CommitWords {
  const end = text.indexOf('\n\n');
  const head = text.subarray(0, end < 0 ? text.length : end);
  const body = capped(most);
  if (end >= 0) body.add(text.subarray(end + 2));
  const kept = body.end();
  const messageLost = kept.lost && lost ? sumOf(kept.lost, lost) : (kept.lost ?? lost);
  // Together, since a name is too short to prove its character set.
  const whole = decode(Buffer.concat([head, Buffer.from('\n\n'), kept.text]));
  const lines = whole.slice(0, whole.indexOf('\n\n')).split('\n');
  const signature = (word: string) =>
    parseSignature(lines.find(line => line.startsWith(`${word} `))?.slice(word.length + 1) ?? '') ?? NOBODY;
  const message = whole.slice(whole.indexOf('\n\n') + 2).replace(/(\r?\n)+$/, '');
  return {
    author: signature('author'),
    committer: signature('committer'),
    subject: subjectOf(message),
    message,
    ...(messageLost ? { messageLost } : {}),
  };
}

/** The first paragraph on one line, as git has it. */
function subjectOf(message: string): string {
  const lines = message.split('\n').map(line => line.trim());
  const start = lines.findIndex(line => line !== '');
  if (start < 0) return '';
  const end = lines.indexOf('', start);
  return lines.slice(start, end < 0 ? lines.length : end).join(' ');
}
