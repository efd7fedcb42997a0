import { type AttributeRules, parseAttributes } from './attributes.ts';
import { type Git, isRefusal } from './git.ts';
import { lines } from './lines.ts';
import { readObjects } from './read-objects.ts';

/**
 * What the .gitattributes file at the root of each commit says, by commit, out of two git processes. Commits without
 * such a file are missing from the answer. git itself looks at no such file in a bare repository (gitattributes(5)).
 */
export async function readAttributes(
  git: Git,
  commits: readonly string[],
): Promise<ReadonlyMap<string, AttributeRules>> {
  const files = await filesOf(git, commits);
  const contents = await readObjects(git, [...new Set(files.values())]);
  const rules = new Map([...contents].map(([id, content]) => [id, parseAttributes(content)]));
  return new Map(
    [...files].flatMap(([commit, id]) => {
      const found = rules.get(id);
      return found ? [[commit, found]] : [];
    }),
  );
}

/** The id of each commit's file. `<id> SP blob LF`, or `<name> missing LF`: one line a commit, in their order. */
async function filesOf(git: Git, commits: readonly string[]): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  if (commits.length === 0) return files;
  const asked = commits[Symbol.iterator]();
  const args = ['cat-file', '--batch-check=%(objectname) %(objecttype)'];
  const input = commits.map(id => `${id}:.gitattributes\n`).join('');
  try {
    for await (const line of lines(git.stream(args, input))) {
      const commit = asked.next().value;
      const id = /^([0-9a-f]+) blob$/.exec(line)?.[1];
      if (commit !== undefined && id !== undefined) files.set(commit, id);
    }
  } catch (error) {
    // Without attributes a mail shows more than it had to, and nothing is lost.
    if (!isRefusal(error)) throw error;
  }
  return files;
}
