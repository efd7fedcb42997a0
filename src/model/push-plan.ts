import type { Push } from './push.ts';
import type { RefChange } from './ref-change.ts';

/** What one mail is to say. */
export type Notice =
  /** One commit. `change` is the ref update that carries it. */
  | { readonly kind: 'commit'; readonly commit: string; readonly change: RefChange }
  /** A push that brings no commit of its own: refs created, deleted or moved. */
  | { readonly kind: 'summary' }
  /** More commits than are mailed one by one: all of them in one list. */
  | { readonly kind: 'digest'; readonly groups: readonly CommitGroup[] };

/** The new commits that one ref update carries, oldest first. */
export interface CommitGroup {
  readonly change: RefChange;
  readonly commits: readonly string[];
}

/** Everything that is to be said about a push, before any diff is read. Printable. */
export interface PushPlan {
  readonly push: Push;
  readonly changes: readonly RefChange[];
  /** One mail each, in this order. */
  readonly notices: readonly Notice[];
  /** Commits that a deleted, rewound or forced ref had and that no ref reaches any more, oldest first. */
  readonly lost: readonly CommitGroup[];
}
