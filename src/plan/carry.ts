import type { HistoryCommit } from '../model/history-commit.ts';
import type { CommitGroup } from '../model/push-plan.ts';
import type { RefChange } from '../model/ref-change.ts';

/** A ref change and the commit its ref names. */
export interface Tip {
  readonly change: RefChange;
  readonly commit: string;
}

/**
 * Gives each commit of a history (parents before children) to the first tip that reaches it, so that a commit which several
 * refs bring is carried once. Tips that carry nothing are left out. Time: commits + tips.
 */
export function carry(history: readonly HistoryCommit[], tips: readonly Tip[]): CommitGroup[] {
  const parents = new Map(history.map(commit => [commit.id, commit.parents]));
  const carrier = new Map<string, Tip>();
  for (const tip of tips) {
    const open = [tip.commit];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const known = parents.get(id);
      if (!known || carrier.has(id)) continue;
      carrier.set(id, tip);
      open.push(...known);
    }
  }
  const commits = new Map<Tip, string[]>(tips.map(tip => [tip, []]));
  for (const { id } of history) {
    const tip = carrier.get(id);
    if (tip) commits.get(tip)?.push(id);
  }
  return tips.flatMap(tip => {
    const carried = commits.get(tip) ?? [];
    return carried.length > 0 ? [{ change: tip.change, commits: carried }] : [];
  });
}
