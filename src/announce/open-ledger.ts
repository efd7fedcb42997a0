import type { Git } from '../git/git.ts';
import { readSkews } from '../git/history.ts';
import { readRefs } from '../git/questions.ts';
import { type Ledger, type LedgerMove, moved, type RefScope } from '../model/ledger.ts';
import type { Push } from '../model/push.ts';
import type { Intake } from '../outbox/outbox.ts';
import { announcedOnly } from '../plan/announced-refs.ts';
import { baseline } from '../plan/baseline.ts';
import { hasScope, rescope } from '../plan/rescope.ts';

export interface OpenLedger {
  readonly ledger: Ledger;
  /** What settings have changed in it since it was stored: to be stored with the next push. */
  readonly rescoped?: LedgerMove;
}

/**
 * The ledger of a repository, as the settings of today want it. The first one, from the refs as they were before the recorded
 * pushes, is stored.
 */
export async function openLedger(
  outbox: Pick<Intake, 'ledger' | 'baseline'>,
  git: Git,
  scope: RefScope,
  recorded: readonly Push[],
): Promise<OpenLedger> {
  const stored = await outbox.ledger(git.gitDir);
  if (stored && hasScope(stored, scope)) return { ledger: stored };
  const before = baseline(await readRefs(git), recorded);
  const known = stored ?? { refs: announcedOnly(before, scope) };
  const move = rescope(known, scope, before);
  const { refs, outside = [] } = moved(known, move);
  const rescoped = { ...move, skews: await readSkews(git, [...refs.values(), ...outside]) };
  const ledger = moved(known, rescoped);
  return stored ? { ledger, rescoped } : { ledger: await outbox.baseline(git.gitDir, ledger) };
}
