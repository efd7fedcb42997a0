/** For each announced ref of a repository, the value that was last announced. New is what no value in here reaches. */
export interface Ledger {
  readonly refs: ReadonlyMap<string, string>;
  /** Which refs were announced when it was last moved. Absent in one that has not been moved yet. */
  readonly scope?: RefScope;
}

/** Patterns of the refs that are announced, and of those that are not though they would be. */
export interface RefScope {
  readonly refs: readonly string[];
  readonly excludeRefs: readonly string[];
}

/** How a push changes the ledger. */
export interface LedgerMove {
  /** New value of each changed ref; null where it is no more in the ledger. */
  readonly refs: Readonly<Record<string, string | null>>;
  readonly scope?: RefScope;
}

export function moved(ledger: Ledger, move: LedgerMove): Ledger {
  const refs = new Map(ledger.refs);
  for (const [ref, value] of Object.entries(move.refs)) {
    if (value === null) refs.delete(ref);
    else refs.set(ref, value);
  }
  const scope = move.scope ?? ledger.scope;
  return { refs, ...(scope ? { scope } : {}) };
}
