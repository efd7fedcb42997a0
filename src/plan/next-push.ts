import type { Ledger, RefScope } from '../model/ledger.ts';
import { isZero, type Push } from '../model/push.ts';
import { isAnnounced } from './announced-refs.ts';

/** How long a push that does not follow from what was announced waits for the one before it, in milliseconds. */
export const PATIENCE = 3_000;

/** The push to take next, or the moment to look again: a push before the ones at hand may still be on its way. */
export type NextPush = { readonly push: Push } | { readonly waitUntil: number };

/** Pushes by age. A recorded time is whole seconds: within one, the order in which they are given holds. */
export function oldestFirst(pushes: readonly Push[]): Push[] {
  return pushes.toSorted((a, b) => a.time - b.time);
}

/**
 * Chooses among the recorded pushes of one repository, given oldest first. Hooks of two pushes to one ref may finish in either order: the push
 * whose old values are what was last announced goes first. One that does not follow is given a moment for its predecessor to arrive,
 * then it is taken as it is: what lies between is caught up with it.
 */
export function nextPush(
  pushes: Iterable<Push>,
  ledger: Ledger,
  scope: RefScope,
  now: number,
): NextPush | undefined {
  const [oldest] = pushes;
  if (!oldest) return undefined;
  for (const push of pushes) if (follows(push, ledger, scope)) return { push };
  const waitUntil = oldest.time + PATIENCE;
  // A time to come means that the clock was set back: do not wait for it.
  return now >= waitUntil || oldest.time > now + PATIENCE ? { push: oldest } : { waitUntil };
}

/** True if every announced ref of the push still has, as far as announced, the value that the push found. */
function follows(push: Push, ledger: Ledger, scope: RefScope): boolean {
  if (push.kind === 'notify') return true;
  return push.updates.every(update => {
    if (!isAnnounced(update.ref, scope)) return true;
    const known = ledger.refs.get(update.ref);
    return known === undefined ? isZero(update.old) : known === update.old;
  });
}
