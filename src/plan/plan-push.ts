import type { HistoryCommit } from '../model/history-commit.ts';
import type { Push } from '../model/push.ts';
import {
  type CommitGroup,
  type DigestReason,
  type LeftOut,
  listAtMost,
  type Notice,
  type PushPlan,
} from '../model/push-plan.ts';
import type { RefChange } from '../model/ref-change.ts';
import { carry } from './carry.ts';
import { byCarrying, byListing } from './order.ts';
import { type Losses, refStories } from './ref-stories.ts';

/** What git knows about a push. */
export interface PlanFacts {
  readonly push: Push;
  readonly changes: readonly RefChange[];
  /** The new commits, parents before children. */
  readonly history: readonly HistoryCommit[];
  /** What deleted, rewound and forced refs have lost, by ref. */
  readonly losses: ReadonlyMap<string, Losses>;
  /** New commits whose message asks for no mail. */
  readonly muted: ReadonlySet<string>;
  /** The commit that an object name leads to, where it leads to one. */
  readonly commitOf: (id: string) => string | undefined;
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

/** Decides which mails a push makes, in which order. Pure: the same facts give the same plan. */
export function planPush(facts: PlanFacts, policy: PlanPolicy): PushPlan {
  const { push, history, commitOf } = facts;
  const carriers = facts.changes.toSorted(byCarrying);
  const tips = carriers.flatMap(change => {
    const commit = commitOf(change.new);
    return commit === undefined ? [] : [{ change, commit }];
  });
  const { told, leftOut } = sift(facts, policy);
  const changes = facts.changes.toSorted(byListing);
  const groups = carry(history, tips).flatMap(group => {
    const commits = group.commits.filter(id => told.has(id));
    return commits.length > 0 ? [{ ...group, commits }] : [];
  });
  const commitNotices = policy.wish === 'none' ? [] : tellCommits(groups, told, policy);
  const stories = policy.wish === 'none' ? [] : refStories(changes, facts, commitNotices.length > 0);
  const summary: Notice[] = stories.length > 0 ? [{ kind: 'summary', stories }] : [];
  return { push, changes, notices: [...commitNotices, ...summary], leftOut };
}

interface Sifted {
  /** The commits that are told, in order. */
  readonly told: ReadonlySet<string>;
  readonly leftOut: LeftOut;
}

function sift({ push, history, muted }: PlanFacts, { merges, maxAge, wish }: PlanPolicy): Sifted {
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
  const because: DigestReason | undefined =
    policy.wish === 'summary' ? 'asked' : told.size > policy.maxMails ? 'many' : undefined;
  if (because && told.size > 0) {
    return [
      {
        kind: 'digest',
        because,
        count: told.size,
        groups: listAtMost(
          groups.map(group => ({ ...group, unlisted: 0 })),
          policy.maxListed,
        ),
      },
    ];
  }
  const carrier = new Map(groups.flatMap(group => group.commits.map(commit => [commit, group.change])));
  return [...told].flatMap(commit => {
    const change = carrier.get(commit);
    return change ? [{ kind: 'commit' as const, commit, change }] : [];
  });
}
