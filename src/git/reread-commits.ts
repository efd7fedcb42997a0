import type { Commit, Ident } from '../model/commit.ts';
import { remembered } from '../model/remembered.ts';
import { type CommitWords, parseCommitObject } from './commit-object.ts';
import type { Objects } from './conversation.ts';

/** Bytes of a commit object before its message that are looked at: parents, signature, tags that were merged. */
const HEAD = 1 << 20;

/**
 * The commits with what git loses of them when it prints them, taken from the objects themselves: all words where the
 * `encoding` header misleads it, and dates before 1970, of which older versions print none. A push without such a commit
 * asks for nothing.
 *
 * @param most bytes of a message that are kept
 */
export async function* rereadCommits(
  commits: AsyncIterable<Commit>,
  objects: Objects,
  most: number,
): AsyncGenerator<Commit> {
  // The pieces of a commit come one after the other.
  const wordsOf = remembered(1, (id: string) => readWords(objects, id, most));
  for await (const commit of commits) {
    const words = isDoubtful(commit) ? await wordsOf(commit.id) : undefined;
    yield words ? reread(commit, words) : commit;
  }
}

/** The words of one commit, from its object; undefined where git cannot show it. */
export async function readWords(
  objects: Objects,
  id: string,
  most: number,
): Promise<CommitWords | undefined> {
  const object = await objects.read(id, HEAD + most);
  return object ? parseCommitObject(object, most) : undefined;
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
 * True for a commit whose texts git can be trusted to have read: its `encoding` header is missing, or names a character set
 * in which ASCII stands as it is. git reads the WHOLE object in that set (gitformat-commit, i18n.commitEncoding), its own
 * header lines included, and so in UTF-16 finds no author and no message, and in UTF-7 other characters than there are.
 *
 * @param encoding the value of the header, in any spelling that iconv knows: `ISO-8859-1`, `iso8859_1`, `latin1`
 */
export function isReadByGit(encoding: string): boolean {
  return ASCII_STANDS.test(encoding.toLowerCase().replace(/[^a-z0-9]/g, ''));
}

const ASCII_STANDS = new RegExp(
  `^(${[
    '',
    'utf8(mac)?',
    '(us)?ascii',
    '(iso)?8859\\d+e?',
    'latin\\d+',
    'l\\d+',
    // Not 864, which has no percent sign; others from IBM are EBCDIC.
    '(cp|ibm|windows|win|ms)?(437|720|737|775|85\\d|86[0-35-9]|874|932|936|943|949|950|125\\d)',
    'koi8[a-z]*',
    'euc(jp|kr|cn|tw)[a-z]*',
    's(hift)?jis[a-z]*',
    'windows31j',
    'gb(k|2312|18030)',
    'big5[a-z]*',
    'uhc',
    'iso2022[a-z]+\\d?',
    'tis620',
    'viscii',
    'tcvn\\d*',
    'armscii8',
    'georgian[a-z]+',
    'mac[a-z]*',
  ].join('|')})$`,
);
