import type { Commit, Ident } from '../model/commit.ts';
import { decode } from '../model/text.ts';
import { fieldText, type Kept, messageText } from './capped.ts';
import { gitDate } from './ident.ts';
import { checkOf } from './signature-check.ts';

/** The fields of a commit in the order in which git prints them, and what it calls them (git-log(1), "PRETTY FORMATS"). */
const FORMAT = {
  id: 'H',
  parents: 'P',
  tree: 'T',
  encoding: 'e',
  authorName: 'aN',
  authorEmail: 'aE',
  authorDate: 'ad',
  committerName: 'cN',
  committerEmail: 'cE',
  committerDate: 'cd',
  subject: 's',
  signature: 'G?',
  signer: 'GS',
  message: 'B',
} as const;

type Field = keyof typeof FORMAT;
export const FIELDS = Object.keys(FORMAT) as Field[];

/**
 * What git is to print of a commit, a NUL after each field. For signed commits alone git runs gpg or ssh-keygen.
 * @param verified false: both fields of the signature stay empty, and nothing is run
 */
export function commitFormat(verified: boolean): string {
  const shown = (letter: string) => (verified || !letter.startsWith('G') ? `%${letter}%x00` : '%x00');
  return Object.values(FORMAT).map(shown).join('');
}

/** A field that git has not come to. */
const NOTHING: Kept = { text: Buffer.alloc(0) };

/** A commit without stat and diff, from its fields. */
export function commitOf(fields: readonly Kept[]): Commit {
  const field = (name: Field) => fields[FIELDS.indexOf(name)] ?? NOTHING;
  const text = (name: Field) => decode(field(name).text);
  /** Where nothing else says that it is cut. */
  const shown = (name: Field) => fieldText(field(name));
  const ident = (who: 'author' | 'committer') =>
    known({ name: shown(`${who}Name`), email: shown(`${who}Email`), date: gitDate(text(`${who}Date`)) });
  const id = text('id');
  const signature = checkOf(text('signature'), shown('signer'));
  const encoding = text('encoding');
  const { lost: messageLost } = field('message');
  return {
    ...emptyCommit(id),
    // The last one may be cut, in a merge of very many.
    parents: text('parents')
      .split(' ')
      .filter(parent => parent.length === id.length),
    tree: text('tree'),
    author: ident('author'),
    committer: ident('committer'),
    subject: shown('subject'),
    message: messageText(field('message')),
    ...(encoding === '' ? {} : { encoding }),
    ...(signature ? { signature } : {}),
    ...(messageLost ? { messageLost } : {}),
  };
}

/** git leaves its placeholders as they are where a commit has no such line, or one that it cannot read. */
function known({ name, email, date }: Ident): Ident {
  const plain = (text: string) => (/^%[ac][NEd]$/.test(text) ? '' : text);
  return { name: plain(name), email: plain(email), date: plain(date) };
}

/** In place of an author or a committer that a commit does not name. */
export const NOBODY: Ident = { name: '', email: '', date: '' };

/** A commit of which nothing is known but its name. */
export function emptyCommit(id: string): Commit {
  return {
    id,
    parents: [],
    tree: '',
    author: NOBODY,
    committer: NOBODY,
    subject: '',
    message: '',
    stat: Buffer.alloc(0),
    files: [],
  };
}
