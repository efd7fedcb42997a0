import type { Audience } from '../model/config.ts';
import { refMatches } from '../model/glob.ts';
import type { Ledger, RefScope } from '../model/ledger.ts';
import { inNamespace, isZero, type Push } from '../model/push.ts';
import { scopeName } from '../model/push-plan.ts';

/**
 * True for a ref that is announced. To a ref that is not, refpost is blind: it is neither mailed nor counts as seen. An exclusion
 * wins. Patterns mean full names, and in a namespace (gitnamespaces(7)) also those below it.
 */
export function isAnnounced(ref: string, scope: RefScope): boolean {
  const { namespace, name } = inNamespace(ref);
  const matches = (pattern: string) =>
    refMatches(pattern, ref) || (namespace !== '' && refMatches(pattern, name));
  return scope.refs.some(matches) && !scope.excludeRefs.some(matches);
}

/** The refs that somebody hears of. What all exclude is not looked at; what only some do is announced to the others. */
export function wholeScope(audiences: readonly Audience[]): RefScope {
  const [first, ...others] = audiences.map(({ config }) => config);
  const all = new Set([...(first?.refs ?? []), ...others.flatMap(({ refs }) => refs)]);
  const excluded = first?.excludeRefs ?? [];
  return {
    refs: [...all],
    excludeRefs: excluded.filter(pattern => others.every(({ excludeRefs }) => excludeRefs.includes(pattern))),
  };
}

/** The entries of refs that are announced. */
export function announcedOnly(refs: ReadonlyMap<string, string>, scope: RefScope): Map<string, string> {
  return new Map([...refs].filter(([ref]) => isAnnounced(ref, scope)));
}

/**
 * The values of branches and tags that are not announced, excluded ones apart: what these had before is no news where a ref is
 * created. Other refs (changes under review, pull requests) may hold what is only to come.
 */
export function outsideOf(refs: ReadonlyMap<string, string>, scope: RefScope): string[] {
  const published = { refs: ['refs/heads', 'refs/tags'], excludeRefs: scope.excludeRefs };
  const outside = [...refs].filter(([ref]) => isAnnounced(ref, published) && !isAnnounced(ref, scope));
  return [...new Set(outside.map(([, id]) => id))];
}

/** The first ledger: the refs as they were before the pushes at hand. Each pushed ref is set back to the value from which its updates start. */
export function baseline(refsNow: ReadonlyMap<string, string>, pushes: readonly Push[]) {
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

/** True if the ledger was last moved under the same settings, and lacks nothing that later versions of refpost note in it. */
export function hasScope(ledger: Ledger, scope: RefScope): boolean {
  const whole = ledger.outside !== undefined && ledger.skews !== undefined;
  return whole && ledger.scope !== undefined && scopeName(ledger.scope) === scopeName(scope);
}

/**
 * What has to change in a ledger when other refs are announced than before. Those that are not any more go: should they come back, their old
 * values must not make years of commits new. Those that were not come in as they were before the recorded pushes: what they have is no news.
 */
export function rescope(ledger: Ledger, scope: RefScope, refsBefore: ReadonlyMap<string, string>) {
  const gone = [...ledger.refs.keys()]
    .filter(ref => !isAnnounced(ref, scope))
    .map(ref => [ref, null] as const);
  const { scope: old } = ledger;
  const come = old
    ? [...refsBefore].filter(([ref]) => isAnnounced(ref, scope) && !isAnnounced(ref, old))
    : [];
  return {
    refs: Object.fromEntries([...gone, ...come]),
    scope: { refs: scope.refs, excludeRefs: scope.excludeRefs },
    outside: outsideOf(refsBefore, scope),
  };
}
