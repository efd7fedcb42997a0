import type { Ledger, LedgerMove } from '../model/ledger.ts';
import type { RefChange } from '../model/push.ts';
import {
  type CommitGroup,
  listAtMost,
  type Notice,
  type PushFacts,
  type PushPlan,
} from '../model/push-plan.ts';
import { byCarrying, byListing, carry } from './carry.ts';
import { reconcile } from './reconcile.ts';
import { refChanges, refStories } from './ref-stories.ts';

/** What a push comes to. */
export interface Planned {
  readonly plan: PushPlan;
  /** Absent for a `notify`, which leaves the ledger alone. */
  readonly move?: LedgerMove;
}

export interface PlanPolicy {
  /** Commit mails a push may bring before a digest takes their place. */
  readonly maxMails: number;
  /** Commits that a digest may list. */
  readonly maxListed: number;
  /** False: merges get no mail. */
  readonly merges: boolean;
  /** Commits that are older than this when they are pushed get no mail, in milliseconds. */
  readonly maxAge: number | undefined;
  /** What the pusher asks for, as far as he may. */
  readonly wish: PushWish;
}

/** `all`: a mail a commit. `summary`: one mail. `none`: none. */
export type PushWish = 'all' | 'summary' | 'none';

/** Decides what a push has to announce, and what becomes of the ledger. Pure: the same facts give the same plan. */
export function planPush(facts: PushFacts, ledger: Ledger, policy: PlanPolicy): Planned {
  const { push, updates, history, skews, refsNow, commitOf } = facts;
  if (push.kind === 'notify') return { plan: planChanges(refChanges(updates, facts), facts, policy) };
  const news = new Set(history.map(commit => commit.id));
  const isNew = (id: string) => news.has(commitOf(id) ?? '');
  const reconciled = reconcile(updates, ledger, { isNew, refsNow });
  return {
    plan: planChanges(refChanges(reconciled.updates, facts), facts, policy),
    move: { ...reconciled.move, ...(skews && skews !== ledger.skews ? { skews } : {}) },
  };
}

/** Decides which mails the changes of a push make, in which order. */
export function planChanges(
  listed: readonly RefChange[],
  facts: Pick<PushFacts, 'push' | 'head' | 'history' | 'losses' | 'muted' | 'commitOf' | 'typeOf'>,
  policy: PlanPolicy,
): PushPlan {
  const { push, history, commitOf } = facts;
  const carriers = listed.toSorted(byCarrying(facts.head));
  const tips = carriers.flatMap(change => {
    const commit = commitOf(change.new);
    return commit === undefined ? [] : [{ change, commit }];
  });
  const { told, leftOut } = sift(facts, policy);
  const changes = listed.toSorted(byListing);
  const groups = carry(history, tips).flatMap(group => {
    const commits = group.commits.filter(id => told.has(id));
    return commits.length > 0 ? [{ ...group, commits }] : [];
  });
  const commitNotices = policy.wish === 'none' ? [] : tellCommits(groups, told, policy);
  const stories = policy.wish === 'none' ? [] : refStories(changes, facts, commitNotices.length > 0);
  const summary: Notice[] = stories.length > 0 ? [{ kind: 'summary', stories }] : [];
  return { push, changes, notices: [...commitNotices, ...summary], leftOut };
}

/** The commits that are told, in order, and how many are not. */
function sift(
  { push, history, muted }: Pick<PushFacts, 'push' | 'history' | 'muted'>,
  { merges, maxAge, wish }: PlanPolicy,
) {
  const told = new Set<string>();
  const leftOut = { merges: 0, old: 0, muted: 0 };
  const oldest = maxAge === undefined ? Number.NEGATIVE_INFINITY : (push.time - maxAge) / 1000;
  for (const { id, parents, time } of history) {
    if (wish === 'none' || muted.has(id)) leftOut.muted++;
    else if (!merges && parents.length > 1) leftOut.merges++;
    else if (time < oldest) leftOut.old++;
    else told.add(id);
  }
  return { told, leftOut };
}

function tellCommits(
  groups: readonly CommitGroup[],
  told: ReadonlySet<string>,
  policy: PlanPolicy,
): Notice[] {
  const because = policy.wish === 'summary' ? 'asked' : told.size > policy.maxMails ? 'many' : undefined;
  if (because && told.size > 0) {
    const whole = groups.map(group => ({ ...group, unlisted: 0 }));
    return [{ kind: 'digest', because, count: told.size, groups: listAtMost(whole, policy.maxListed) }];
  }
  const carrier = new Map(groups.flatMap(group => group.commits.map(commit => [commit, group.change])));
  return [...told].flatMap(commit => {
    const change = carrier.get(commit);
    return change ? [{ kind: 'commit' as const, commit, change }] : [];
  });
}

/** What the pusher asks for: `git push -o mail=none` or `-o mail=summary`. The last one holds; other options are for other hooks. */
export function wishOf(options: readonly string[]): PushWish {
  const last = options.findLast(option => /^mail=(all|none|summary)$/.test(option));
  return (last?.slice('mail='.length) as PushWish | undefined) ?? 'all';
}
