import type { HistoryCommit } from '../model/history-commit.ts';

/** A change of a ref and the commit that it names. */
interface Tip<Change> {
  readonly change: Change;
  readonly commit: string;
}

/**
 * Gives each commit of a history (parents before children) to the first tip that reaches it, so that a commit which several
 * refs bring is carried once. Tips that carry nothing are left out. Time: commits + tips.
 */
export function carry<Change>(
  history: readonly HistoryCommit[],
  tips: readonly Tip<Change>[],
): { readonly change: Change; readonly commits: readonly string[] }[] {
  const parents = new Map(history.map(commit => [commit.id, commit.parents]));
  const carrier = new Map<string, Tip<Change>>();
  for (const tip of tips) {
    const open = [tip.commit];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const known = parents.get(id);
      if (!known || carrier.has(id)) continue;
      carrier.set(id, tip);
      open.push(...known);
    }
  }
  const commits = new Map<Tip<Change>, string[]>(tips.map(tip => [tip, []]));
  for (const { id } of history) {
    const tip = carrier.get(id);
    if (tip) commits.get(tip)?.push(id);
  }
  return tips.flatMap(tip => {
    const carried = commits.get(tip) ?? [];
    return carried.length > 0 ? [{ change: tip.change, commits: carried }] : [];
  });
}
