import type { Headline } from '../model/commit.ts';
import { decode } from '../model/text.ts';
import { isRefusal } from './failure.ts';
import type { Git } from './git.ts';
import { openObjects } from './open-objects.ts';
import { isReadByGit, readWords } from './reread-commits.ts';
import { lines, whileRead } from './streams.ts';

/** Bytes of a message in which a subject is looked for, where it is read from the object. */
const SUBJECT = 16_384;

/**
 * Subject and author of each commit, out of one git process; with `shortstat` the size of its change too, otherwise without
 * looking at any diff. A commit that git cannot read is missing from the answer, and so are those after it.
 *
 *   <id> NUL <encoding> NUL <subject> NUL <author> LF
 *   LF
 *    2 files changed, 7 insertions(+) LF
 */
export async function readHeadlines(
  git: Git,
  ids: readonly string[],
  { shortstat = false }: { readonly shortstat?: boolean } = {},
): Promise<Map<string, Headline>> {
  const headlines = new Map<string, Headline>();
  const doubtful: string[] = [];
  const what = shortstat ? ['--shortstat', '-M'] : ['-s'];
  const format = ['--encoding=UTF-8', '--format=%H%x00%e%x00%s%x00%aN'];
  const output = git.stream(
    ['diff-tree', '--stdin', '--always', '--root', ...what, ...format],
    ids.map(id => `${id}\n`).join(''),
  );
  let last: Headline | undefined;
  try {
    for await (const line of lines(output)) {
      const [id = '', encoding = '', subject, authorName] = line.split('\0').map(text);
      if (line.startsWith(' ') && last) last = { ...last, shortstat: line.trim() };
      else if (id !== '' && subject !== undefined && authorName !== undefined) {
        last = { id, subject, authorName };
        if (!isReadByGit(encoding)) doubtful.push(id);
      }
      if (last) headlines.set(last.id, last);
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  await rereadHeadlines(git, headlines, doubtful);
  return headlines;
}

/** Those of which git shows what is not there, from the commits themselves. */
async function rereadHeadlines(
  git: Git,
  headlines: Map<string, Headline>,
  doubtful: readonly string[],
): Promise<void> {
  const found = whileRead(git, async function* (own) {
    const objects = openObjects(own);
    for (const id of doubtful) yield [id, await readWords(objects, id, SUBJECT)] as const;
  });
  for await (const [id, words] of found) {
    const headline = headlines.get(id);
    if (!headline || !words) continue;
    headlines.set(id, { ...headline, subject: words.subject, authorName: words.author.name });
  }
}

function text(bytes: string): string {
  return decode(Buffer.from(bytes, 'latin1'));
}
