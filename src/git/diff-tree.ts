import { randomBytes } from 'node:crypto';
import { commitFormat } from './commit-of.ts';

/**
 * A file larger than this is not diffed: git shows it as a binary one, without reading it. No mail could show such a diff, and
 * git would hold both versions in memory to make it (git-config(1), core.bigFileThreshold, whose own value is 512m).
 */
const BIG_FILE = ['-c', 'core.bigFileThreshold=16m'];

/** Has git print the stat before the diff, for which it makes each diff twice. */
export const WITH_STAT = '--stat=75';
/** The stat alone of a commit of one parent or none. */
export const STAT = [WITH_STAT, '-M', '-C'];
/** What comes behind the fields of such a commit. Its stat is counted (`counted-stat.ts`). */
export const PATCH = ['-p', '-M', '-C'];
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

/**
 * Arguments of git diff-tree, which reads the names of commits from its standard input. diff-tree is plumbing: it reads no
 * diff.* settings but the basic ones, which are set here. Full ids, since the mail cuts them itself and git's own
 * shortening grows with the repository.
 */
export function diffTree(format: string, output: readonly string[]): string[] {
  return [
    ...BIG_FILE,
    'diff-tree',
    '--stdin',
    '--root',
    '--always',
    ...output,
    '--full-index',
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '--src-prefix=a/',
    '--dst-prefix=b/',
    '--encoding=UTF-8',
    // git dies of one that is before 1970 in its own time zone, unless it is to print the number.
    '--date=raw',
    `--format=${format}`,
  ];
}

/** A word that no content can know. */
export function freshMark(): string {
  return randomBytes(16).toString('hex');
}

/** The format of a commit as the commit parser reads it. @param verified false: without a check of its signature */
export function markedFormat(mark: string, verified = true): string {
  return `%x00${mark}%x00${commitFormat(verified)}`;
}
