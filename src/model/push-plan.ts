import type { ClockSkew, HistoryCommit } from './history.ts';
import type { ObjectType, Push, RefChange, RefUpdate } from './push.ts';

/** What one mail is to say. */
export type Notice =
  /** One commit. `change` is the ref update that carries it. */
  | { readonly kind: 'commit'; readonly commit: string; readonly change: RefChange }
  /** What no commit mail says: refs created, deleted, rewound, forced, tagged. */
  | { readonly kind: 'summary'; readonly stories: readonly RefStory[] }
  /** All commits in one list, instead of one mail each. */
  | {
      readonly kind: 'digest';
      /** `many`: more than are mailed one by one. `asked`: the pusher wanted it so. */
      readonly because: 'many' | 'asked';
      /** How many commits there are. */
      readonly count: number;
      readonly groups: readonly DigestGroup[];
    };

/** The new commits that one ref update carries, oldest first. */
export interface CommitGroup {
  readonly change: RefChange;
  readonly commits: readonly string[];
}

/** The newest commits of a ref, as many as one mail can list, oldest first. */
export interface DigestGroup extends CommitGroup {
  /** Older ones that are not listed. */
  readonly unlisted: number;
}

/** Shares the room for so many commits among the refs, the first ones first; each keeps its newest commits. */
export function listAtMost(groups: readonly DigestGroup[], most: number): DigestGroup[] {
  let room = most;
  return groups.map(group => {
    const gone = Math.max(0, group.commits.length - room);
    const commits = group.commits.slice(gone);
    room -= commits.length;
    return { change: group.change, commits, unlisted: group.unlisted + gone };
  });
}

/** Commits of a ref that other refs keep: where there are so many, the others are not counted. */
export const MOST_KEPT = 100;

/** What became of one ref, beyond its new commits. */
export interface RefStory {
  readonly change: RefChange;
  /** The commit that the ref names now; for a deleted one, named last. Absent where it is no commit. */
  readonly tip?: string;
  /** Commits that this ref had and that no ref reaches any more, oldest first. */
  readonly lost: readonly string[];
  /** Commits that a rewound or forced ref had and that other refs still reach, oldest first; where there are MOST_KEPT, perhaps not all. */
  readonly kept: readonly string[];
  /** Values of the ref that git no longer has, if any. */
  readonly gone?: readonly string[];
}

/** New commits that get no mail, by the reason. */
interface LeftOut {
  /** Merges, where refpost.merges is off. */
  readonly merges: number;
  /** Older than refpost.maxAge. */
  readonly old: number;
  /** Their message or the push says so. */
  readonly muted: number;
}

/** Everything that is to be said about a push, before any diff is read. Printable. */
export interface PushPlan {
  readonly push: Push;
  readonly changes: readonly RefChange[];
  /** One mail each, in this order. */
  readonly notices: readonly Notice[];
  readonly leftOut: LeftOut;
}

/** What git knows about a push. */
export interface PushFacts {
  readonly push: Push;
  /** The last update of each announced ref. */
  readonly updates: readonly RefUpdate[];
  /** The refs as they are now; empty where every update follows from the ledger. */
  readonly refsNow: ReadonlyMap<string, string>;
  /** The branch that HEAD names; absent where it does not matter. */
  readonly head: string | undefined;
  /** The new commits, parents before children. */
  readonly history: readonly HistoryCommit[];
  /** Where clocks ran back in all that the refs reached and reach; undefined where that is not known. */
  readonly skews: readonly ClockSkew[] | undefined;
  /** What deleted, rewound and forced refs have lost, by the name of the step. */
  readonly losses: ReadonlyMap<string, Losses>;
  /** New commits whose message asks for no mail. */
  readonly muted: ReadonlySet<string>;
  /** The commit that an object name leads to, where it leads to one. */
  readonly commitOf: (id: string) => string | undefined;
  readonly typeOf: (id: string) => ObjectType;
}

/** What a ref had and has no more when it is deleted, set back or forced: commits, oldest first. */
export interface Losses {
  /** True where the new value is an ancestor of the old one. */
  readonly rewound: boolean;
  /** No ref reaches them. */
  readonly lost: readonly string[];
  /** Other refs reach them. */
  readonly kept: readonly string[];
}

/** Names a way from one value to another, whatever ref goes it. */
export function stepName({ old, new: fresh }: Pick<RefUpdate, 'old' | 'new'>): string {
  return `${old} ${fresh}`;
}
