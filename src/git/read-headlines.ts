import type { Headline } from '../model/headline.ts';
import { decode } from '../model/text.ts';
import { type Git, GitFailure } from './git.ts';
import { lines } from './lines.ts';

/**
 * Subject and author of each commit, out of one git process and without looking at any diff. A commit that git cannot
 * read is missing from the answer.
 */
export async function readHeadlines(git: Git, ids: readonly string[]): Promise<Map<string, Headline>> {
  const headlines = new Map<string, Headline>();
  const args = [
    'diff-tree',
    '--stdin',
    '--always',
    '-s',
    '--root',
    '--encoding=UTF-8',
    '--format=%H%x00%s%x00%aN',
  ];
  try {
    for await (const line of lines(git.stream(args, ids.map(id => `${id}\n`).join('')))) {
      const [id, subject, authorName] = line.split('\0').map(field => decode(Buffer.from(field, 'latin1')));
      if (id) headlines.set(id, { id, subject: subject ?? '', authorName: authorName ?? '' });
    }
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
  }
  return headlines;
}
