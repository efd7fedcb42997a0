import type { ClockSkew, HistoryCommit } from './history.ts';
import type { RefScope } from './ledger.ts';
import type { ObjectType, Push, RefChange, RefUpdate } from './push.ts';

/** What one mail is to say. */
export type Notice =
  /** One commit. `change` is the ref update that carries it. */
  | {
      readonly kind: 'commit';
      readonly commit: string;
      readonly change: RefChange;
      /** Where each ref has a thread of its own. */
      readonly place?: Place;
      /** What there is to tell of its ref, where this is the one mail about both. */
      readonly story?: RefStory;
    }
  /** What no commit mail says: refs created, deleted, rewound, forced, tagged. `ref` is the one that it is about, where each has its own. */
  | { readonly kind: 'summary'; readonly stories: readonly RefStory[]; readonly ref?: string }
  /** All commits in one list, instead of one mail each. */
  | {
      readonly kind: 'digest';
      /** `many`: more than are mailed one by one. `asked`: the pusher wanted it so. `kinds`: the audience hears no single commits. */
      readonly because: 'many' | 'asked' | 'kinds';
      /** How many commits there are. */
      readonly count: number;
      readonly groups: readonly DigestGroup[];
    };

/** Where a commit is among those of its ref, and the name (`noticeName`) of the mail that starts their thread. */
interface Place {
  readonly number: number;
  readonly total: number;
  readonly thread: string;
}

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
  /** The new commits that it carries, oldest first, where its summary lists them; and how many of them get a mail of their own. */
  readonly brings?: { readonly commits: readonly string[]; readonly mailed: number };
}

/**
 * Why a new commit gets no mail: `merges`, `old`: the settings of that name (refpost.maxAge). `muted`: its message or the push says so. `kinds`,
 * `paths`, `authors`, `committers`, `message`: the audience does not hear of such. `elsewhere`: all who would get it do so from another audience.
 * `nobody`: the audience is people of the push alone, and this commit names none who may get it.
 */
export type Reason =
  | 'merges'
  | 'old'
  | 'muted'
  | 'kinds'
  | 'paths'
  | 'authors'
  | 'committers'
  | 'message'
  | 'elsewhere'
  | 'nobody';

/** Everything that is to be said to an audience about a push, before any diff is read. Printable. */
export interface PushPlan {
  readonly push: Push;
  /** Tells the editions of an audience apart in Message-IDs; absent in the first one. */
  readonly share?: number;
  /** Those of the audience's refs. */
  readonly changes: readonly RefChange[];
  /** One mail each, in this order. */
  readonly notices: readonly Notice[];
  /** New commits of which it tells, by a mail each or in a digest. */
  readonly told: ReadonlySet<string>;
  /** New commits of its refs that get no mail. */
  readonly leftOut: ReadonlyMap<string, Reason>;
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
  /** The commits of `history` and of `histories`, parents before children. */
  readonly all: readonly HistoryCommit[];
  /** What is new for audiences that hear of other refs, by the name of their scope (`scopeName`); the others hear of `history`. */
  readonly histories: ReadonlyMap<string, readonly HistoryCommit[]>;
  readonly about: CommitFacts;
  /** The commit that an object name leads to, where it leads to one. */
  readonly commitOf: (id: string) => string | undefined;
  readonly typeOf: (id: string) => ObjectType;
}

/** Somebody whom a push or a file of the repository names. */
export interface Named {
  /** An address, a mailbox, or a handle such as `@ann` or `@example/core`. */
  readonly who: string;
  /** What names them, for people: `author`, `CODEOWNERS line 12: docs/`. */
  readonly why: string;
}

/** What audiences choose commits and people by. Of each only what one of them asks for is there. */
export interface CommitFacts {
  readonly idents: ReadonlyMap<string, CommitIdents>;
  /** Commits that change a file of these patterns, by `patternsName`. */
  readonly touching: ReadonlyMap<string, ReadonlySet<string>>;
  /** Commits whose message an expression matches. */
  readonly worded: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whom the people files of an audience name for each commit, by the audience. */
  readonly owners: ReadonlyMap<string, ReadonlyMap<string, readonly Named[]>>;
  /** What keeps people files from naming all whom they should, by the audience. */
  readonly peopleFaults: ReadonlyMap<string, readonly string[]>;
  /** Addresses of taggers, by the tag's object. */
  readonly taggers: ReadonlyMap<string, string>;
}

/** Addresses as a commit has them, right or not. */
export interface CommitIdents {
  readonly author: string;
  readonly committer: string;
  /** Values of the trailers that are asked for, such as `Ann <ann@example.org>`, by the trailer's name. */
  readonly trailers: ReadonlyMap<string, readonly string[]>;
}

export const patternsName = (patterns: readonly string[]): string => patterns.join('\0');

export const scopeName = ({ refs, excludeRefs }: RefScope): string => JSON.stringify([refs, excludeRefs]);

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
