import type { Commit, NotedObjects } from '../model/commit.ts';
import type { Git } from './git.ts';
import { readKinds } from './questions.ts';
import { readHeadlines } from './read-headlines.ts';

/** Objects that are named of a commit. */
const MOST = 10;

/**
 * The commits; those of a notes ref with the objects that their notes are about, out of two git processes each.
 * @param isNotes whether a commit is on a notes ref
 */
export async function* readNoted(
  git: Git,
  commits: AsyncIterable<Commit>,
  isNotes: (id: string) => boolean,
): AsyncGenerator<Commit> {
  for await (const commit of commits) {
    const names = isNotes(commit.id) ? notedNames(commit) : [];
    yield names.length > 0 ? { ...commit, noted: await noted(git, names) } : commit;
  }
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
