import type { Push } from './push.ts';
import type { RefChange } from './ref-change.ts';

/** What one mail is to say. */
export type Notice =
  /** One commit. `change` is the ref update that carries it. */
  | { readonly kind: 'commit'; readonly commit: string; readonly change: RefChange }
  /** What no commit mail says: refs created, deleted, rewound, forced, tagged. */
  | { readonly kind: 'summary'; readonly stories: readonly RefStory[] }
  /** All commits in one list, instead of one mail each. */
  | {
      readonly kind: 'digest';
      readonly because: DigestReason;
      /** How many commits there are. */
      readonly count: number;
      readonly groups: readonly DigestGroup[];
    };

/** `many`: more than are mailed one by one. `asked`: the pusher wanted it so. */
export type DigestReason = 'many' | 'asked';

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
export interface LeftOut {
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
