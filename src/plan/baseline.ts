import type { Push } from '../model/push.ts';
import { isZero } from '../model/ref-update.ts';

/**
 * The refs of a repository as they were before the pushes at hand: its first ledger. Each pushed ref is set back to the
 * value from which its recorded updates start.
 */
export function baseline(
  refsNow: ReadonlyMap<string, string>,
  pushes: readonly Push[],
): ReadonlyMap<string, string> {
  const refs = new Map(refsNow);
  const updates = pushes.flatMap(push => (push.kind === 'push' ? push.updates : []));
  const reached = new Set(updates.map(update => `${update.ref} ${update.new}`));
  const seen = new Set<string>();
  for (const update of updates) {
    // An old value that another recorded push made is not the first; the oldest push decides where they form a ring.
    const first = !reached.has(`${update.ref} ${update.old}`) || !seen.has(update.ref);
    seen.add(update.ref);
    if (!first) continue;
    if (isZero(update.old)) refs.delete(update.ref);
    else refs.set(update.ref, update.old);
  }
  return refs;
}
