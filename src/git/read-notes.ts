import { decode } from '../model/text.ts';
import type { Git } from './git.ts';
import { freshMark, lines } from './streams.ts';

/** Columns of a note that are kept. */
const KEPT = 200;

/**
 * The first line of the note that each commit has on a ref of git-notes(1), where it has one, out of one git process:
 *
 *     <mark> SP <id> SP <line> LF { <line> LF }
 */
export async function readNotes(git: Git, ref: string, ids: readonly string[]): Promise<Map<string, string>> {
  const notes = new Map<string, string>();
  if (ids.length === 0) return notes;
  const mark = freshMark();
  const format = `--format=${mark} %H %<(${KEPT},trunc)%N`;
  const args = ['log', '--no-walk=unsorted', '--stdin', '--no-show-signature', '--encoding=UTF-8'];
  for await (const line of lines(git.stream([...args, '--no-notes', `--notes=${ref}`, format], ids))) {
    const [start, id = '', ...words] = line.split(' ');
    const note = decode(words.join(' ')).trim();
    if (start === mark && note !== '') notes.set(id, note);
  }
  return notes;
}
