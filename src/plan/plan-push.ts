import type { HistoryCommit } from '../model/history-commit.ts';
import type { Push } from '../model/push.ts';
import type { CommitGroup, Notice, PushPlan } from '../model/push-plan.ts';
import type { RefChange } from '../model/ref-change.ts';
import { carry } from './carry.ts';
import { byCarrying, byListing } from './order.ts';

/** What git knows about a push. */
export interface PlanFacts {
  readonly push: Push;
  readonly changes: readonly RefChange[];
  /** The new commits, parents before children. */
  readonly history: readonly HistoryCommit[];
  /** Commits that no ref reaches any more, parents before children. */
  readonly lostHistory: readonly HistoryCommit[];
  /** The commit that an object name leads to, where it leads to one. */
  readonly commitOf: (id: string) => string | undefined;
}

export interface PlanPolicy {
  /** Commit mails a push may bring before a digest takes their place. */
  readonly maxMails: number;
}

/** Decides which mails a push makes, in which order. Pure: the same facts give the same plan. */
export function planPush(facts: PlanFacts, policy: PlanPolicy): PushPlan {
  const { push, changes, commitOf } = facts;
  const carriers = [...changes].sort(byCarrying);
  const groups = carry(
    facts.history,
    tipsOf(carriers, change => commitOf(change.new)),
  );
  const lost = carry(
    facts.lostHistory,
    tipsOf(carriers, change => commitOf(change.old)),
  );
  return { push, changes: [...changes].sort(byListing), notices: notices(facts, groups, policy), lost };
}

function tipsOf(changes: readonly RefChange[], tip: (change: RefChange) => string | undefined) {
  return changes.flatMap(change => {
    const commit = tip(change);
    return commit === undefined ? [] : [{ change, commit }];
  });
}

function notices(facts: PlanFacts, groups: readonly CommitGroup[], policy: PlanPolicy): Notice[] {
  if (facts.changes.length === 0) return [];
  if (facts.history.length === 0) return [{ kind: 'summary' }];
  if (facts.history.length > policy.maxMails) return [{ kind: 'digest', groups }];
  const carrier = new Map(groups.flatMap(group => group.commits.map(commit => [commit, group.change])));
  return facts.history.flatMap(({ id }) => {
    const change = carrier.get(id);
    return change ? [{ kind: 'commit' as const, commit: id, change }] : [];
  });
}
