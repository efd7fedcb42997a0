import type { Headline } from '../model/headline.ts';
import { decode } from '../model/text.ts';
import { type Git, GitFailure } from './git.ts';
import { lines } from './lines.ts';

/**
 * Subject and author of each commit, out of one git process; with `shortstat` the size of its change too, otherwise without
 * looking at any diff. A commit that git cannot read is missing from the answer, and so are those after it.
 *
 *   <id> NUL <subject> NUL <author> LF
 *   LF
 *    2 files changed, 7 insertions(+) LF
 */
export async function readHeadlines(
  git: Git,
  ids: readonly string[],
  { shortstat = false }: { readonly shortstat?: boolean } = {},
): Promise<Map<string, Headline>> {
  const headlines = new Map<string, Headline>();
  const what = shortstat ? ['--shortstat', '-M'] : ['-s'];
  const format = ['--encoding=UTF-8', '--format=%H%x00%s%x00%aN'];
  const output = git.stream(
    ['diff-tree', '--stdin', '--always', '--root', ...what, ...format],
    ids.map(id => `${id}\n`).join(''),
  );
  let last: Headline | undefined;
  try {
    for await (const line of lines(output)) {
      last = line.startsWith(' ') && last ? { ...last, shortstat: line.trim() } : (headlineOf(line) ?? last);
      if (last) headlines.set(last.id, last);
    }
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
  }
  return headlines;
}

function headlineOf(line: string): Headline | undefined {
  const [id, subject, authorName] = line.split('\0').map(field => decode(Buffer.from(field, 'latin1')));
  return id && subject !== undefined && authorName !== undefined ? { id, subject, authorName } : undefined;
}
