import type { Kind } from '../model/config.ts';
import type { HistoryCommit } from '../model/history.ts';
import type { RefChange } from '../model/push.ts';
import {
  type CommitGroup,
  listAtMost,
  type Notice,
  type PushFacts,
  type PushPlan,
  type Reason,
} from '../model/push-plan.ts';
import { byCarrying, byListing, carry } from './carry.ts';
import { refStories } from './ref-stories.ts';
import { refThreads } from './ref-threads.ts';

/** What an audience is told, and how. */
export interface PlanPolicy {
  readonly kinds: readonly Kind[];
  /** `first`: for each ref a thread that starts with its summary. `last`: one summary, of what no commit mail says. */
  readonly summary: 'first' | 'last';
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
  /** Why the audience does not hear of a commit; undefined for one that it hears of. */
  readonly unwanted: (commit: string) => Reason | undefined;
  /** False for a ref of which all who would hear do so from another audience, or of which there is nobody to tell. */
  readonly wantsRef: (change: RefChange) => boolean;
}

/** `all`: a mail a commit. `summary`: one mail. `none`: none. */
export type PushWish = 'all' | 'summary' | 'none';

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
  const carried = carry(history, tips);
  const isCarried = new Set(carried.flatMap(group => group.commits));
  const { told, leftOut } = sift(facts, policy, id => isCarried.has(id));
  const changes = listed.toSorted(byListing);
  const groups = carried.flatMap(group => {
    const commits = group.commits.filter(id => told.has(id));
    return commits.length > 0 ? [{ ...group, commits }] : [];
  });
  const because = whyDigest(told.size, policy);
  const hearsCommits = hears(policy, 'commit') || hears(policy, 'digest');
  const refsTold = new Set(groups.map(({ change }) => change.ref));
  const isChosen = (id = '') => !CHOOSING.has(leftOut.get(id) ?? 'kinds');
  const hearsOf = ({ ref, new: tip }: RefChange) => refsTold.has(ref) || isChosen(commitOf(tip));
  const heard = changes.filter(
    change => policy.wantsRef(change) && kindsOf(change).some(kind => hears(policy, kind)),
  );
  const tellAll = (): Notice[] => {
    if (policy.summary === 'first' && heard.length <= policy.maxMails) return tellByRef();
    const mails = because ? tellTogether(groups, because, policy) : tellOneByOne(groups, told);
    const stories = refStories(heard, facts, { hearsCommits, hasCommitMails: mails.length > 0, hearsOf });
    return stories.length > 0 ? [...mails, { kind: 'summary', stories }] : mails;
  };
  /** Commits that are too many for mails of their own are in the summaries; in a digest where these are not heard. */
  const tellByRef = (): Notice[] => {
    const [carriedBy, toldBy] = [carried, groups].map(
      some => new Map(some.map(({ change, commits }) => [change, commits])),
    );
    const summed = new Set(heard.filter(change => change.move !== 'updated' || hearsOf(change)));
    const refs = carriers.map(change => ({
      change,
      isHeard: summed.has(change),
      carried: carriedBy?.get(change) ?? [],
      mailed: (!because && toldBy?.get(change)) || [],
    }));
    const others = groups.filter(({ change }) => !summed.has(change));
    return [...refThreads(refs, facts), ...(because ? tellTogether(others, because, policy) : [])];
  };
  return {
    push,
    changes,
    notices: policy.wish === 'none' ? [] : tellAll(),
    told: policy.wish === 'none' ? new Set() : told,
    leftOut,
  };
}

/** Why a commit is not told, were it new. */
export function reasonAgainst(
  { id, parents, time }: HistoryCommit,
  { push, muted }: Pick<PushFacts, 'push' | 'muted'>,
  policy: PlanPolicy,
): Reason | undefined {
  const { merges, maxAge, wish, unwanted } = policy;
  if (wish === 'none' || muted.has(id)) return 'muted';
  if (!hears(policy, 'commit') && !hears(policy, 'digest')) return 'kinds';
  if (!merges && parents.length > 1) return 'merges';
  const isOld = maxAge !== undefined && time < (push.time - maxAge) / 1000;
  return isOld ? 'old' : unwanted(id);
}

/** By these an audience chooses among commits. */
const CHOOSING: ReadonlySet<Reason> = new Set<Reason>(['paths', 'authors', 'committers', 'message']);

function hears({ kinds }: Pick<PlanPolicy, 'kinds'>, kind: Kind): boolean {
  return kinds.length === 0 || kinds.includes(kind);
}

function kindsOf({ kind, move }: RefChange): Kind[] {
  const moved: Kind[] =
    move === 'deleted' ? ['deleted'] : move === 'forced' || move === 'rewound' ? ['forced'] : [];
  return [kind === 'tag' ? 'tag' : 'branch', ...moved];
}

/** The commits that are told, in order, and why others are not. */
function sift(
  facts: Pick<PushFacts, 'push' | 'history' | 'muted'>,
  policy: PlanPolicy,
  carried: (commit: string) => boolean,
) {
  const told = new Set<string>();
  const leftOut = new Map<string, Reason>();
  for (const commit of facts.history) {
    if (!carried(commit.id)) continue;
    const reason = reasonAgainst(commit, facts, policy);
    if (reason) leftOut.set(commit.id, reason);
    else told.add(commit.id);
  }
  return { told, leftOut };
}

/** One mail for all, or none where there are no commits. */
function tellTogether(groups: readonly CommitGroup[], because: Because, { maxListed }: PlanPolicy): Notice[] {
  const count = groups.reduce((sum, { commits }) => sum + commits.length, 0);
  const whole = groups.map(group => ({ ...group, unlisted: 0 }));
  return count === 0 ? [] : [{ kind: 'digest', because, count, groups: listAtMost(whole, maxListed) }];
}

function tellOneByOne(groups: readonly CommitGroup[], told: ReadonlySet<string>): Notice[] {
  const carrier = new Map(groups.flatMap(group => group.commits.map(commit => [commit, group.change])));
  return [...told].flatMap(commit => {
    const change = carrier.get(commit);
    return change ? [{ kind: 'commit' as const, commit, change }] : [];
  });
}

type Because = Extract<Notice, { kind: 'digest' }>['because'];

function whyDigest(commits: number, policy: PlanPolicy): Because | undefined {
  if (policy.wish === 'summary') return 'asked';
  if (!hears(policy, 'commit')) return 'kinds';
  return commits > policy.maxMails ? 'many' : undefined;
}
