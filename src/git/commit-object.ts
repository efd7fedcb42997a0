import type { Commit } from '../model/commit.ts';
import { sumOf } from '../model/cut.ts';
import { decode } from '../model/text.ts';
import { capped, type Kept, messageText } from './capped.ts';
import { NOBODY } from './diff-tree.ts';
import { parseIdent } from './ident.ts';

/** What a commit object says in words. */
export type CommitWords = Pick<Commit, 'author' | 'committer' | 'subject' | 'message' | 'messageLost'>;

/**
 * Reads the words of a commit object as it is stored, as git would print them if it claimed to be in no character set: to
 * the first NUL, each field decoded by itself. Names are not passed through .mailmap.
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
  const nul = text.indexOf(0);
  const object = splitObject(nul < 0 ? text : text.subarray(0, nul));
  const body = capped(most);
  body.add(object.body ?? Buffer.alloc(0));
  const kept = body.end();
  const behind = nul < 0 ? lost : undefined;
  const messageLost = kept.lost ? sumOf(kept.lost, behind) : behind;
  return {
    author: parseIdent(headValue(object, 'author') ?? '') ?? NOBODY,
    committer: parseIdent(headValue(object, 'committer') ?? '') ?? NOBODY,
    subject: subjectOf(kept.text),
    message: messageText(kept),
    ...(messageLost ? { messageLost } : {}),
  };
}

/** The first paragraph on one line, as git has it; decoded as a whole, as one that git prints is. */
function subjectOf(message: Buffer): string {
  const lines = message.toString('latin1').split('\n');
  const start = lines.findIndex(line => !isBlank(line));
  if (start < 0) return '';
  const end = lines.findIndex((line, at) => at > start && isBlank(line));
  return decode(Buffer.from(lines.slice(start, end < 0 ? lines.length : end).join(' '), 'latin1'));
}

function isBlank(line: string): boolean {
  return /^[ \t\r]*$/.test(line);
}

/** A commit or a tag, cut at the empty line between its header and its message. */
export interface SplitObject {
  /** The lines of the header, one character a byte. They end at LF alone: a name may hold a CR. */
  readonly head: readonly string[];
  /** Absent where there is no empty line. */
  readonly body?: Buffer;
}

export function splitObject(object: Buffer): SplitObject {
  const end = object.indexOf('\n\n');
  const head = object.toString('latin1', 0, end < 0 ? object.length : end).split('\n');
  return end < 0 ? { head } : { head, body: object.subarray(end + 2) };
}

/** The value of the first line of a name; undefined where there is none. */
export function headValue({ head }: SplitObject, name: string): string | undefined {
  return head.find(line => line.startsWith(`${name} `))?.slice(name.length + 1);
}
