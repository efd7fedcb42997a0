import type { Git } from '../git/git.ts';
import { readSkews } from '../git/history.ts';
import { readKinds, readRefs } from '../git/questions.ts';
import { type Ledger, type LedgerMove, moved, type RefScope } from '../model/ledger.ts';
import { isZero, type Push } from '../model/push.ts';
import type { Intake } from '../outbox/outbox.ts';
import { announcedOnly, baseline, hasScope, rescope } from '../plan/announced-refs.ts';
import { giveIdentity, readIdentity } from '../repository/identity.ts';

export interface OpenLedger {
  readonly ledger: Ledger;
  /** What settings have changed in it since it was stored: to be stored with the next push. */
  readonly rescoped?: LedgerMove;
  /** True where the stored ledger was that of another repository, which was at this path before. It is gone. */
  readonly replaced: boolean;
  /** Recorded pushes to that one. */
  readonly strangers: readonly Push[];
}

/**
 * The ledger of a repository, as the settings of today want it. The first one, of the refs before the recorded pushes, is stored.
 * @param late pushes that may have moved their refs already and were recorded since: asked for where there is no ledger yet
 */
export async function openLedger(
  outbox: Pick<Intake, 'ledger' | 'baseline' | 'forget'>,
  git: Git,
  scope: RefScope,
  recorded: readonly Push[],
  late: () => Promise<readonly Push[]> = async () => [],
): Promise<OpenLedger> {
  const found = await outbox.ledger(git.gitDir);
  const known = await readIdentity(git.gitDir);
  const replaced = found !== undefined && (await isOfAnother(git, found, known));
  if (replaced) await outbox.forget(git.gitDir);
  const stored = replaced ? undefined : found;
  const identity = known ?? (await giveIdentity(git.gitDir, stored?.identity));
  const strangers = await pushesToAnother(git, recorded, identity, replaced);
  const rest = { replaced, strangers };
  if (stored && stored.identity === identity && hasScope(stored, scope)) return { ledger: stored, ...rest };
  const ours = recorded.filter(push => !strangers.includes(push));
  const others = stored ? [] : await late();
  const before = baseline(await readRefs(git), [...ours, ...others]);
  const start = stored ?? { refs: announcedOnly(before, scope) };
  const move = { ...rescope(start, scope, before), ...(identity ? { identity } : {}) };
  const { refs, outside = [] } = moved(start, move);
  const rescoped = { ...move, skews: await readSkews(git, [...refs.values(), ...outside]) };
  const ledger = moved(start, rescoped);
  if (stored) return { ledger, rescoped, ...rest };
  return { ledger: await outbox.baseline(git.gitDir, ledger), ...rest };
}

/**
 * A repository that was restored from an old copy, or had its ledger from an older version of refpost, may lack its identity: as long
 * as it has anything of what the ledger names, it is the same one.
 */
async function isOfAnother(git: Git, ledger: Ledger, identity: string | undefined): Promise<boolean> {
  if (identity !== undefined && ledger.identity !== undefined) return identity !== ledger.identity;
  return hasNone(git, [...ledger.refs.values()]);
}

/** Those that the hook of another repository has recorded, and of which this one has nothing. */
async function pushesToAnother(
  git: Git,
  recorded: readonly Push[],
  identity: string | undefined,
  replaced: boolean,
): Promise<Push[]> {
  const strangers: Push[] = [];
  for (const push of recorded) {
    const doubtful = push.identity === undefined ? replaced : push.identity !== identity;
    const named = push.updates.flatMap(update => [update.old, update.new]).filter(id => !isZero(id));
    if (doubtful && (await hasNone(git, named))) strangers.push(push);
  }
  return strangers;
}

async function hasNone(git: Git, ids: readonly string[]): Promise<boolean> {
  const kinds = await readKinds(git, ids);
  return ids.length > 0 && [...kinds.values()].every(({ type }) => type === 'missing');
}
