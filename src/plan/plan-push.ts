import type { Audience } from '../model/config.ts';
import type { Edition } from '../model/edition.ts';
import type { Ledger, LedgerMove } from '../model/ledger.ts';
import type { RefChange } from '../model/push.ts';
import type { PushFacts } from '../model/push-plan.ts';
import { type Asked, planEditions } from './editions.ts';
import type { PushWish } from './plan-changes.ts';
import { reconcile } from './reconcile.ts';
import { refChanges } from './ref-stories.ts';

/** What a push comes to. */
export interface Planned {
  /** For each audience that hears something of it, in their order. */
  readonly editions: readonly Edition[];
  /** Absent for a `notify`, which leaves the ledger alone. */
  readonly move?: LedgerMove;
}

/** Decides what a push has to announce to whom, and what becomes of the ledger. Pure: the same facts give the same plan. */
export function planPush(
  facts: PushFacts,
  ledger: Ledger,
  audiences: readonly Audience[],
  asked: Asked,
): Planned {
  const { push, updates, history, skews, refsNow, commitOf } = facts;
  const plan = (changes: readonly RefChange[]) => planEditions(changes, facts, audiences, asked);
  if (push.kind === 'notify') return { editions: plan(refChanges(updates, facts)) };
  const news = new Set(history.map(commit => commit.id));
  const isNew = (id: string) => news.has(commitOf(id) ?? '');
  const reconciled = reconcile(updates, ledger, { isNew, refsNow });
  return {
    editions: plan(refChanges(reconciled.updates, facts)),
    move: { ...reconciled.move, ...(skews && skews !== ledger.skews ? { skews } : {}) },
  };
}

/** What the pusher asks for: `git push -o mail=none` or `-o mail=summary`. The last one holds; other options are for other hooks. */
export function wishOf(options: readonly string[]): PushWish {
  const last = options.findLast(option => /^mail=(all|none|summary)$/.test(option));
  return (last?.slice('mail='.length) as PushWish | undefined) ?? 'all';
}
