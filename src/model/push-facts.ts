import type { ClockSkew } from './clock-skew.ts';
import type { HistoryCommit } from './history-commit.ts';
import type { Push } from './push.ts';
import type { ObjectType } from './ref-change.ts';
import type { RefUpdate } from './ref-update.ts';

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
