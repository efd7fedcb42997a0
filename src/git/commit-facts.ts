import { StringDecoder } from 'node:string_decoder';
import type { CommitIdents } from '../model/push-plan.ts';
import { decode } from '../model/text.ts';
import type { Git } from './git.ts';
import { lines } from './streams.ts';

/** Values of trailers that are kept of a commit. */
const MOST_VALUES = 100;

/**
 * Addresses of author and committer (through .mailmap) and the values of the trailers named, of each commit, out of one git process:
 *
 *     <id> NUL <author> NUL <committer> { NUL <value> SOH <value> } LF
 */
export async function readIdents(git: Git, ids: readonly string[], trailers: readonly string[]) {
  const idents = new Map<string, CommitIdents>();
  if (ids.length === 0) return idents;
  const values = trailers.map(key => `%x00%(trailers:key=${key},valueonly,unfold,separator=%x01)`);
  const format = ['--encoding=UTF-8', `--format=%H%x00%aE%x00%cE${values.join('')}`];
  // To git a line of a trailer block that starts with this character is no line: which ones do must not hang on whose settings are read.
  const comments = ['-c', 'core.commentChar=#'];
  const output = git.stream(
    [...comments, 'diff-tree', '--stdin', '--always', '--root', '-s', ...format],
    ids,
  );
  for await (const line of lines(output)) {
    const [id = '', author = '', committer = '', ...found] = line.split('\0').map(decode);
    const ofTrailer = trailers.map((name, at) => {
      const list = (found[at] ?? '').split('\x01').filter(value => value !== '');
      return [name, list.slice(0, MOST_VALUES)] as const;
    });
    if (id !== '') idents.set(id, { author, committer, trailers: new Map(ofTrailer) });
  }
  return idents;
}

/**
 * Tells of each file that a commit changes, with its name in both places where it was renamed; of a merge those files in which it differs
 * from all of its parents. Out of one git process:
 *
 *     <id> NUL { :<modes> <ids> <status> NUL <path> NUL }
 */
export async function readTouched(
  git: Git,
  ids: readonly string[],
  touched: (commit: string, path: string) => void,
): Promise<void> {
  if (ids.length === 0) return;
  const args = ['diff-tree', '--stdin', '--root', '-r', '-c', '--raw', '-z', '--no-renames'];
  let [commit, isPath] = ['', false];
  for await (const word of words(git.stream(args, ids))) {
    if (isPath) touched(commit, word);
    else if (!word.startsWith(':')) commit = word;
    isPath = !isPath && word.startsWith(':');
  }
}

/** What stands between NULs, bytes that are not UTF-8 as U+FFFD. */
async function* words(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let open = '';
  for await (const chunk of stream) {
    const parts = (open + decoder.write(chunk)).split('\0');
    open = parts.pop() ?? '';
    yield* parts;
  }
}
