import type { Ledger, LedgerMove, RefScope } from '../model/ledger.ts';
import { isAnnounced, outsideOf } from './announced-refs.ts';

/** True if the ledger was last moved under the same settings, and lacks nothing that later versions of refpost note in it. */
export function hasScope(ledger: Ledger, scope: RefScope): boolean {
  const text = ({ refs, excludeRefs }: RefScope) => JSON.stringify([refs, excludeRefs]);
  const whole = ledger.outside !== undefined && ledger.skews !== undefined;
  return whole && ledger.scope !== undefined && text(ledger.scope) === text(scope);
}

/**
 * What has to change in a ledger when other refs are announced than before. Those that are not any more
 * go: should they come back, their old values must not make years of commits new. Those that were not
 * before come in as they stood before the recorded pushes, so that what they have already is no news.
 */
export function rescope(
  ledger: Ledger,
  scope: RefScope,
  refsBefore: ReadonlyMap<string, string>,
): LedgerMove {
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
