import type { Commit, Ident } from '../model/commit.ts';
import { decode } from '../model/text.ts';
import { fieldText, type Kept, messageText } from './capped.ts';
import { gitDate, NOBODY } from './ident.ts';
import { checkOf } from './tags.ts';

/**
 * A file larger than this is not diffed: git shows it as a binary one, without reading it. No mail could show such a diff, and
 * git would hold both versions in memory to make it (git-config(1), core.bigFileThreshold, whose own value is 512m).
 */
export const BIG_FILE = ['-c', 'core.bigFileThreshold=16m'];

/** Has git print the stat before the diff, for which it makes each diff twice. */
export const WITH_STAT = '--stat=75';
/** The stat alone of a commit of one parent or none. */
export const STAT = [WITH_STAT, '-M', '-C'];
/** What comes after the fields of such a commit. Its stat is counted (`stat.ts`). */
export const PATCH = ['-p', '-M', '-C'];
/** Of merges, quickly: the combined diff as it is where no rename is looked for; and the stat against the first parent. */
export const MERGE_DIFF = ['-p', '--cc'];
export const MERGE_STAT = ['--diff-merges=first-parent', WITH_STAT, '-M', '-l600'];
/**
 * Of a merge: the stat against its first parent, and git's combined diff. Up to its own limit of 1000 files git compares a
 * million pairs of files for renames among all that came since the branch began, which takes as long as all the rest. With 600 it
 * prints the same of 4,800 merges of its own history.
 */
export const MERGE_PATCH = ['-p', WITH_STAT, '--cc', '-M', '-l600'];
/** Nothing but the fields. */
export const NO_PATCH = ['-s'];
/** A patch that gives back every byte, for git-am(1); of a merge, none. */
export const WHOLE_PATCH = ['-p', '--stat', '--summary', '--binary', '-M', '-C'];

const LOOK = '--full-index --no-color --no-ext-diff --no-textconv --src-prefix=a/ --dst-prefix=b/'.split(' ');
/** The date is a number, since git dies of one that is before 1970 in its own time zone. */
const FIELDS_LOOK = ['--encoding=UTF-8', '--date=raw'];

/**
 * git diff-tree reads the names of commits from its standard input. It is plumbing, and reads no diff.* settings but the basic ones,
 * which are set here. Full ids, since the mail cuts them itself and git's own shortening grows with the repository.
 */
export function diffTree(format: string, output: readonly string[]): string[] {
  const shown = [...output, ...LOOK, ...FIELDS_LOOK, `--format=${format}`];
  return [...BIG_FILE, 'diff-tree', '--stdin', '--root', '--always', ...shown];
}

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
 * What git is to print of a commit for the commit parser. For signed commits alone git runs gpg or ssh-keygen.
 * @param verified false: both fields of the signature stay empty, and nothing is run
 */
export function markedFormat(mark: string, verified = true): string {
  return `%x00${mark}%x00${plainFormat(verified)}`;
}

/** The same without a mark. */
export function plainFormat(verified = true): string {
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
