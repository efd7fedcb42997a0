import type { Commit, Headline, NotedObjects } from '../model/commit.ts';
import { decode } from '../model/text.ts';
import { isReadByGit, readWords } from './commit-object.ts';
import { openObjects } from './conversation.ts';
import { untilRefused } from './failure.ts';
import type { Git } from './git.ts';
import { readKinds } from './questions.ts';
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
export async function readHeadlines(git: Git, ids: readonly string[], { shortstat = false } = {}) {
  const headlines = new Map<string, Headline>();
  const found = whileRead(git, own => headlinesOf(own, ids, shortstat ? ['--shortstat', '-M'] : ['-s']));
  for await (const headline of found) headlines.set(headline.id, headline);
  return headlines;
}

/** Each headline; once more with its shortstat. Those of which git shows what is not there come from the commits themselves. */
async function* headlinesOf(git: Git, ids: readonly string[], what: string[]): AsyncGenerator<Headline> {
  const objects = openObjects(git);
  const format = ['--encoding=UTF-8', '--format=%H%x00%e%x00%s%x00%aN'];
  const output = git.stream(['diff-tree', '--stdin', '--always', '--root', ...what, ...format], ids);
  let last: Headline | undefined;
  for await (const line of untilRefused(lines(output))) {
    const [id = '', encoding = '', subject, authorName] = line.split('\0').map(decode);
    if (line.startsWith(' ') && last) yield { ...last, shortstat: line.trim() };
    if (id === '' || subject === undefined || authorName === undefined) continue;
    // Where a commit names no author, git leaves the placeholder as it is.
    const isPlain = isReadByGit(encoding) && authorName !== '%aN';
    const words = isPlain ? undefined : await readWords(objects, id, SUBJECT);
    last = { id, subject: words?.subject ?? subject, authorName: words?.author.name ?? authorName };
    yield last;
  }
}

/** Objects that are named of a commit. */
const MOST = 10;

/** A commit of a notes ref with the objects that its notes are about, out of two git processes. */
export async function withNoted(git: Git, commit: Commit): Promise<Commit> {
  const names = notedNames(commit);
  return names.length > 0 ? { ...commit, noted: await noted(git, names) } : commit;
}

/** The path of a note is the object's name, with a slash after each of its first pairs of digits where there are many (git-notes(1)). */
function notedNames(commit: Commit): string[] {
  const names = commit.files.map(({ path }) => path.toString('latin1').replaceAll('/', ''));
  return [...new Set(names)].filter(name => /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(name));
}

async function noted(git: Git, names: readonly string[]): Promise<NotedObjects> {
  const shown = names.slice(0, MOST);
  const kinds = await readKinds(git, shown);
  const commits = shown.filter(id => kinds.get(id)?.type === 'commit');
  const headlines = await readHeadlines(git, commits);
  return {
    objects: shown.map(id => ({ id, type: kinds.get(id)?.type ?? 'missing', ...headlines.get(id) })),
    more: names.length - shown.length,
  };
}
