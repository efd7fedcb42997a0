import type { RefChange, RefKind } from '../model/ref-change.ts';
import { isCreation, isDeletion } from '../model/ref-update.ts';

/**
 * The order in which ref changes may carry a commit that several of them bring: branches before tags before others,
 * existing refs before new ones, the branch that HEAD names before others, then by name. So a commit is told where people
 * expect it.
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
  return 3 * kind + move;
}

function byName(a: RefChange, b: RefChange): number {
  return a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0;
}
