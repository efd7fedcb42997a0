import type { HistoryCommit } from '../model/history.ts';
import { isCreation, isDeletion, type RefChange, type RefKind } from '../model/push.ts';

/** A change of a ref and the commit that it names. */
interface Tip<Change> {
  readonly change: Change;
  readonly commit: string;
}

/**
 * Gives each commit of a history (parents before children) to the first tip that reaches it, so that a commit which several
 * refs bring is carried once. Tips that carry nothing are left out. Time: commits + tips.
 */
export function carry<Change>(history: readonly HistoryCommit[], tips: readonly Tip<Change>[]) {
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

/**
 * The order in which ref changes may carry a commit that several of them bring, where people expect it: branches before tags, existing refs before new
 * ones before deleted ones, other refs last; the branch that HEAD names before others, then by name.
 */
export function byCarrying(head: string | undefined): (a: RefChange, b: RefChange) => number {
  return (a, b) => rank(a) - rank(b) || Number(b.ref === head) - Number(a.ref === head) || byName(a, b);
}

/** The order in which the changed refs of a push are listed. */
export function byListing(a: RefChange, b: RefChange): number {
  return KIND[a.kind] - KIND[b.kind] || byName(a, b);
}

const KIND: Readonly<Record<RefKind, number>> = { branch: 0, tag: 1, other: 2 };

function rank(change: RefChange): number {
  const move = isDeletion(change) ? 2 : isCreation(change) ? 1 : 0;
  const kind = 2 * KIND[change.kind] + (change.kind === 'tag' && !change.annotated ? 1 : 0);
  const last = change.kind === 'other' ? 200 : move === 2 ? 100 : 0;
  return last + 3 * kind + move;
}

function byName(a: RefChange, b: RefChange): number {
  return a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0;
}
