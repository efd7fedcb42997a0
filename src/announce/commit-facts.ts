import { readIdents, readTouched } from '../git/commit-facts.ts';
import type { Git } from '../git/git.ts';
import { matchingCommits } from '../git/questions.ts';
import { readTags } from '../git/tags.ts';
import type { Audience } from '../model/config.ts';
import { globMatches } from '../model/glob.ts';
import type { Ledger } from '../model/ledger.ts';
import { type CommitFacts, type PushFacts, patternsName } from '../model/push-plan.ts';

/** What there is of a push so far. */
interface Found extends Pick<PushFacts, 'updates' | 'refsNow' | 'typeOf'> {
  /** The new commits. */
  readonly ids: readonly string[];
  readonly ledger: Ledger;
}

/** Asks git what the audiences choose commits and people by: nothing where none does. */
export async function readCommitFacts(
  git: Git,
  found: Found,
  audiences: readonly Audience[],
): Promise<CommitFacts> {
  const configs = audiences.map(({ config }) => config);
  const words = new Set(configs.flatMap(({ cc, bcc }) => [...cc.people, ...bcc.people]));
  const trailers = [...words].flatMap(word =>
    word.startsWith('trailer:') ? [word.slice('trailer:'.length)] : [],
  );
  const asksIdents =
    trailers.length > 0 ||
    words.has('author') ||
    words.has('committer') ||
    configs.some(({ authors, committers }) => authors.length + committers.length > 0);
  const lists = new Map(
    configs.flatMap(({ paths }) => (paths.length > 0 ? [[patternsName(paths), paths]] : [])),
  );
  return {
    idents: asksIdents ? await readIdents(git, found.ids, trailers) : new Map(),
    touching: await readTouching(git, found.ids, lists),
    worded: await readWorded(
      git,
      found.ids,
      configs.flatMap(({ message }) => message ?? []),
    ),
    owners: new Map(),
    taggers: words.has('tagger') ? await readTaggers(git, found) : new Map(),
  };
}

async function readTouching(git: Git, ids: readonly string[], lists: ReadonlyMap<string, readonly string[]>) {
  const touching = new Map([...lists.keys()].map(name => [name, new Set<string>()]));
  if (lists.size === 0) return touching;
  await readTouched(git, ids, (commit, path) => {
    for (const [name, patterns] of lists) {
      const commits = touching.get(name);
      if (!commits?.has(commit) && patterns.some(pattern => globMatches(pattern, path))) commits?.add(commit);
    }
  });
  return touching;
}

async function readWorded(git: Git, ids: readonly string[], expressions: readonly string[]) {
  const worded = new Map<string, ReadonlySet<string>>();
  for (const expression of new Set(expressions))
    worded.set(expression, await matchingCommits(git, ids, expression));
  return worded;
}

async function readTaggers(git: Git, { updates, typeOf }: Found) {
  const tags = updates.map(update => update.new).filter(id => typeOf(id) === 'tag');
  const taggers = new Map<string, string>();
  for (const [id, { tagger }] of await readTags(git, tags)) if (tagger) taggers.set(id, tagger.email);
  return taggers;
}
