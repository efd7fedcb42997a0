/** For each ref of a repository, the value that was last announced. New is what no value in here reaches. */
export interface Ledger {
  readonly refs: ReadonlyMap<string, string>;
}

/** How a push changes the ledger. */
export interface LedgerMove {
  /** New value of each changed ref; null where it was deleted. */
  readonly refs: Readonly<Record<string, string | null>>;
}

export function moved(ledger: Ledger, move: LedgerMove): Ledger {
  const refs = new Map(ledger.refs);
  for (const [ref, value] of Object.entries(move.refs)) {
    if (value === null) refs.delete(ref);
    else refs.set(ref, value);
  }
  return { refs };
}
