import type { Commit, Ident } from '../model/commit.ts';
import { decode } from '../model/text.ts';
import { fieldText, type Kept, messageText } from './capped.ts';
import { gitDate } from './ident.ts';
import { checkOf } from './signature-check.ts';

/** The fields of a commit in the order of `commitFormat`. */
export const FIELDS = [
  'id',
  'parents',
  'tree',
  'encoding',
  'authorName',
  'authorEmail',
  'authorDate',
  'committerName',
  'committerEmail',
  'committerDate',
  'subject',
  'signature',
  'signer',
  'message',
] as const;

/** The same in git's language (git-log(1), "PRETTY FORMATS"). */
const LETTERS = ['H', 'P', 'T', 'e', 'aN', 'aE', 'ad', 'cN', 'cE', 'cd', 's', 'G?', 'GS', 'B'];

/**
 * What git is to print of a commit, a NUL behind each field. For signed commits alone git runs gpg or ssh-keygen.
 * @param verified false: both fields of the signature stay empty, and nothing is run
 */
export function commitFormat(verified: boolean): string {
  return LETTERS.map(letter => (verified || !letter.startsWith('G') ? `%${letter}%x00` : '%x00')).join('');
}

/** A field that git has not come to. */
const NOTHING: Kept = { text: Buffer.alloc(0) };

/** A commit without stat and diff, from its fields. */
export function commitOf(fields: readonly Kept[]): Commit {
  const field = (name: (typeof FIELDS)[number]) => fields[FIELDS.indexOf(name)] ?? NOTHING;
  const text = (name: (typeof FIELDS)[number]) => decode(field(name).text);
  /** Where nothing else says that it is cut. */
  const shown = (name: (typeof FIELDS)[number]) => fieldText(field(name));
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
    author: known({
      name: shown('authorName'),
      email: shown('authorEmail'),
      date: gitDate(text('authorDate')),
    }),
    committer: known({
      name: shown('committerName'),
      email: shown('committerEmail'),
      date: gitDate(text('committerDate')),
    }),
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
