import type { Commit, Signature } from '../model/commit.ts';
import { decode } from '../model/text.ts';
import type { Kept } from './capped.ts';
import { fieldText } from './field.ts';
import { verdictOf } from './signature-verdict.ts';

/** The fields of a commit in the order of `COMMIT_FORMAT`. */
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

/** The same in git's language (git-log(1), "PRETTY FORMATS"), a NUL behind each. git runs gpg for signed commits alone. */
export const COMMIT_FORMAT = ['H', 'P', 'T', 'e', 'aN', 'aE', 'ad', 'cN', 'cE', 'cd', 's', 'G?', 'GS', 'B']
  .map(letter => `%${letter}%x00`)
  .join('');

/** A commit without stat and diff, from its fields. */
export function commitOf(fields: readonly Kept[]): Commit {
  const text = (name: (typeof FIELDS)[number]) => {
    const field = fields[FIELDS.indexOf(name)];
    return field ? decode(field.text) : '';
  };
  /** Where nothing else says that it is cut. */
  const shown = (name: (typeof FIELDS)[number]) => {
    const field = fields[FIELDS.indexOf(name)];
    return field ? fieldText(field) : '';
  };
  const id = text('id');
  const verdict = verdictOf(text('signature'), shown('signer'));
  const encoding = text('encoding');
  const messageLost = fields[FIELDS.indexOf('message')]?.lost;
  return {
    ...emptyCommit(id),
    // The last one may be cut, in a merge of very many.
    parents: text('parents')
      .split(' ')
      .filter(parent => parent.length === id.length),
    tree: text('tree'),
    author: known({ name: shown('authorName'), email: shown('authorEmail'), date: text('authorDate') }),
    committer: known({
      name: shown('committerName'),
      email: shown('committerEmail'),
      date: text('committerDate'),
    }),
    subject: shown('subject'),
    message: text('message').replace(/(\r?\n)+$/, ''),
    ...(encoding === '' ? {} : { encoding }),
    ...(verdict ? { verdict } : {}),
    ...(messageLost ? { messageLost } : {}),
  };
}

/** git leaves its placeholders as they are where a commit has no such line, or one that it cannot read. */
function known({ name, email, date }: Signature): Signature {
  const plain = (text: string) => (/^%[ac][NEd]$/.test(text) ? '' : text);
  return { name: plain(name), email: plain(email), date: plain(date) };
}

/** A commit of which nothing is known but its name. */
export function emptyCommit(id: string): Commit {
  const nobody = { name: '', email: '', date: '' };
  return {
    id,
    parents: [],
    tree: '',
    author: nobody,
    committer: nobody,
    subject: '',
    message: '',
    stat: Buffer.alloc(0),
    files: [],
  };
}
