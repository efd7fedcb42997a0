import type { Commit } from '../model/commit.ts';
import type { DraftCommit } from './draft.ts';
import type { Stat, Stats } from './open-stats.ts';

/** The commits with the stats that could not be counted while their diffs passed. */
export async function* tellStats(commits: AsyncIterable<DraftCommit>, stats: Stats): AsyncGenerator<Commit> {
  let last: { readonly id: string; readonly stat: Stat | undefined } | undefined;
  for await (const { uncounted, ...commit } of commits) {
    if (!uncounted) yield commit;
    else {
      // The pieces of a commit come one behind the other.
      if (last?.id !== commit.id) last = { id: commit.id, stat: await stats.read(commit.id) };
      yield { ...commit, ...last.stat };
    }
  }
}
