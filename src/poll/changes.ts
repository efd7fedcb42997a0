import { isZero, type RefUpdate, refKind } from '../model/push.ts';

/** A move of a ref that a webhook has told of. */
export interface ToldUpdate extends RefUpdate {
  /** Who pushed it; absent where the host does not say it. */
  readonly pusher?: string;
}

type Refs = ReadonlyMap<string, string>;

/** What has to happen to the first refs to have the second. Branches first. */
export function changesBetween(before: Refs, after: Refs): RefUpdate[] {
  const zeros = '0'.repeat([...after.values(), ...before.values()][0]?.length ?? 40);
  const gone = [...before]
    .filter(([ref]) => !after.has(ref))
    .map(([ref, id]) => ({ ref, old: id, new: zeros }));
  const moved = [...after].flatMap(([ref, id]) => {
    const old = before.get(ref) ?? zeros;
    return old === id ? [] : [{ ref, old, new: id }];
  });
  const all = [...moved, ...gone];
  const isBranch = ({ ref }: RefUpdate) => refKind(ref) === 'branch';
  return [...all.filter(isBranch), ...all.filter(update => !isBranch(update))];
}

export function isSame(one: Refs, other: Refs): boolean {
  return one.size === other.size && [...one].every(([ref, id]) => other.get(ref) === id);
}

/** The refs after the updates, in their order. */
export function after(refs: Refs, updates: readonly RefUpdate[]): Map<string, string> {
  const moved = new Map(refs);
  for (const { ref, new: id } of updates) {
    if (isZero(id)) moved.delete(ref);
    else moved.set(ref, id);
  }
  return moved;
}

/**
 * The updates of one look, by who pushed them: each group is a record of its own. A name counts only where webhooks tell of all of an update,
 * in one step or in several, and of one person: else it would be somebody's for what others pushed.
 */
export function byPusher(
  updates: readonly RefUpdate[],
  told: readonly ToldUpdate[],
): Map<string | undefined, RefUpdate[]> {
  const groups = new Map<string | undefined, RefUpdate[]>();
  for (const update of updates) {
    const pusher = pusherOf(update, told);
    groups.set(pusher, [...(groups.get(pusher) ?? []), update]);
  }
  return groups;
}

function pusherOf(update: RefUpdate, told: readonly ToldUpdate[]): string | undefined {
  const steps = told.filter(({ ref }) => ref === update.ref);
  let [at, pusher] = [update.new, undefined as string | undefined];
  // The last step first. Each is taken once, since a ref may come back to what it was.
  for (const step of steps.toReversed()) {
    if (step.new !== at) continue;
    if (step.pusher === undefined || (pusher !== undefined && pusher !== step.pusher)) return undefined;
    pusher = step.pusher;
    at = step.old;
    if (at === update.old) return pusher;
  }
  return undefined;
}
