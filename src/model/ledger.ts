import type { RefUpdate } from './ref-update.ts';

/** For each ref of a repository, the value that was last announced. New is what no value in here reaches. */
export interface Ledger {
  readonly refs: ReadonlyMap<string, string>;
  /**
   * Stretches that a later push has caught up before their own record came: ref `r` was announced as `old` → `new`
   * by a push that began elsewhere. When the late record arrives, it is known to be announced already.
   */
  readonly gaps: readonly RefUpdate[];
}

/** How a push changes the ledger. */
export interface LedgerMove {
  /** New value of each changed ref; null where it was deleted. */
  readonly refs: Readonly<Record<string, string | null>>;
  /** All gaps that remain after this push. */
  readonly gaps: readonly RefUpdate[];
}

export function moved(ledger: Ledger, move: LedgerMove): Ledger {
  const refs = new Map(ledger.refs);
  for (const [ref, value] of Object.entries(move.refs)) {
    if (value === null) refs.delete(ref);
    else refs.set(ref, value);
  }
  return { refs, gaps: move.gaps };
}
