import type { ClockSkew } from './history.ts';

/** What was announced of a repository. New is what nothing in here reaches. */
export interface Ledger {
  /** For each announced ref the value that was last announced. */
  readonly refs: ReadonlyMap<string, string>;
  /** What branches and tags outside the scope had when it came into force, excluded ones apart: for a ref that is created that is no news. */
  readonly outside?: readonly string[];
  /** Of the repository (repository/identity.ts); absent where it has none. */
  readonly identity?: string;
  /** Where clocks ran back in all that these values reach: git's answers depend on it (git/history.ts). */
  readonly skews?: readonly ClockSkew[];
  /** What has run the hook of the last push of which that is known (host/hosts.ts), plain git apart. */
  readonly host?: string;
  /** Which refs were announced when it was last moved. Absent in one that has not been moved yet. */
  readonly scope?: RefScope;
}

/** Patterns of the refs that are announced, and of those that are not though they would be. */
export interface RefScope {
  readonly refs: readonly string[];
  readonly excludeRefs: readonly string[];
}

/** How a push changes the ledger. */
export interface LedgerMove extends Partial<Omit<Ledger, 'refs'>> {
  /** New value of each changed ref; null where it is no more in the ledger. */
  readonly refs: Readonly<Record<string, string | null>>;
}

export function moved(ledger: Ledger, move: LedgerMove): Ledger {
  const refs = new Map(ledger.refs);
  for (const [ref, value] of Object.entries(move.refs)) {
    if (value === null) refs.delete(ref);
    else refs.set(ref, value);
  }
  return { ...ledger, ...move, refs };
}
