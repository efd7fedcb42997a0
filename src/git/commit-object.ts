import type { Commit, Ident } from '../model/commit.ts';
import { sumOf } from '../model/cut.ts';
import { remembered } from '../model/remembered.ts';
import { decode } from '../model/text.ts';
import { capped, type Kept, messageText } from './capped.ts';
import type { Objects } from './conversation.ts';
import { NOBODY, parseIdent } from './ident.ts';

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
  body.add(object.body);
  const kept = body.end();
  const behind = nul < 0 ? lost : undefined;
  const messageLost = kept.lost ? sumOf(kept.lost, behind) : behind;
  return {
    author: parseIdent(object.values('author')[0]) ?? NOBODY,
    committer: parseIdent(object.values('committer')[0]) ?? NOBODY,
    subject: subjectOf(kept.text),
    message: messageText(kept),
    ...(messageLost ? { messageLost } : {}),
  };
}

/** The first paragraph on one line, as git has it; decoded as a whole, as one that git prints is. */
function subjectOf(message: Buffer): string {
  const text = message.toString('latin1').replace(/^(?:[ \t\r]*(?:\n|$))+/, '');
  const [paragraph = ''] = text.split(/\n[ \t\r]*(?=\n|$)/, 1);
  return decode(paragraph.replaceAll('\n', ' '));
}

/** A commit or a tag, cut at the empty line between its header and its message. The header is one character a byte. */
export function splitObject(object: Buffer) {
  const end = object.indexOf('\n\n');
  // Lines end at LF alone: a name may hold a CR.
  const head = object.toString('latin1', 0, end < 0 ? object.length : end).split('\n');
  return {
    /** The values of all lines of a name. */
    values: (name: string) =>
      head.flatMap(line => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : [])),
    body: end < 0 ? Buffer.alloc(0) : object.subarray(end + 2),
  };
}

/** Bytes of a commit object before its message that are looked at: parents, signature, tags that were merged. */
const HEAD = 1 << 20;

/**
 * Gives a commit what git loses of it when it prints it, taken from the object: all words where the `encoding` header misleads
 * it, and dates before 1970, of which older versions print none. A push without such a commit asks for nothing.
 * @param most bytes of a message that are kept
 */
export function rereader(objects: Objects, most: number): (commit: Commit) => Promise<Commit> {
  // The pieces of a commit come one after the other.
  const wordsOf = remembered(1, (id: string) => readWords(objects, id, most));
  return async commit => {
    const words = isDoubtful(commit) ? await wordsOf(commit.id) : undefined;
    return words ? reread(commit, words) : commit;
  };
}

/** The words of one commit, from its object; undefined where git cannot show it. */
export async function readWords(objects: Objects, id: string, most: number) {
  const object = await objects(id, HEAD + most);
  return object && parseCommitObject(object, most);
}

function isDoubtful({ encoding = '', author, committer }: Commit): boolean {
  return !isReadByGit(encoding) || author.date === '' || committer.date === '';
}

function reread(commit: Commit, words: CommitWords): Commit {
  const { messageLost: _, ...rest } = commit;
  if (!isReadByGit(commit.encoding ?? '')) return { ...rest, ...words };
  return {
    ...commit,
    author: dated(commit.author, words.author),
    committer: dated(commit.committer, words.committer),
  };
}

/** Name and address as git has them, through .mailmap. */
function dated(git: Ident, stored: Ident): Ident {
  return git.date === '' ? { ...git, date: stored.date } : git;
}

/**
 * True for a commit whose texts git can be trusted to have read: the character set in its `encoding` header (in any spelling that iconv knows),
 * if it has one, leaves ASCII as it is. git reads the WHOLE object in that set (gitformat-commit, i18n.commitEncoding), header lines
 * included, and so in UTF-16 finds no author and no message, and in UTF-7 other characters than there are.
 */
export function isReadByGit(encoding: string): boolean {
  const name = encoding.toLowerCase().replace(/[^a-z0-9]/g, '');
  return ASCII_STANDS.some(names => names.test(name));
}

const ASCII_STANDS: readonly RegExp[] = [
  /^(|utf8(mac)?|(us)?ascii|(iso)?8859\d+e?|latin\d+|l\d+|iso2022[a-z]+\d?)$/,
  // Not 864, which has no percent sign; others from IBM are EBCDIC.
  /^(cp|ibm|windows|win|ms)?(437|720|737|775|85\d|86[0-35-9]|874|932|936|943|949|950|125\d)$/,
  /^(euc(jp|kr|cn|tw)[a-z]*|s(hift)?jis[a-z]*|windows31j|gb(k|2312|18030)|big5[a-z]*|uhc)$/,
  /^(koi8[a-z]*|tis620|viscii|tcvn\d*|armscii8|georgian[a-z]+|mac[a-z]*)$/,
];
