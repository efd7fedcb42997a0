import type { Commit } from '../model/commit.ts';
import { remembered } from '../model/remembered.ts';
import type { DraftCommit } from './draft.ts';
import type { Stats } from './open-stats.ts';

/** The commits with the stats that could not be counted while their diffs passed. */
export async function* tellStats(commits: AsyncIterable<DraftCommit>, stats: Stats): AsyncGenerator<Commit> {
  // The pieces of a commit come one behind the other.
  const statOf = remembered(
    1,
    (id: string) => stats.read(id),
    id => id,
  );
  for await (const { uncounted, ...commit } of commits) {
    yield uncounted ? { ...commit, ...(await statOf(commit.id)) } : commit;
  }
}
