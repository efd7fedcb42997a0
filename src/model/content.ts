import type { Commit, Headline, Rewrite, Tag } from './commit.ts';
import type { Notice } from './push-plan.ts';

/** One notice of a plan together with what was read for it. */
export type Content = CommitContent | DigestContent | SummaryContent;

export interface CommitContent {
  readonly notice: Extract<Notice, { kind: 'commit' }>;
  readonly commit: Commit;
  /** Its name in the system from which it was converted (refpost.revision). */
  readonly revision?: string;
  /** Set where the commit goes over several mails. */
  readonly part?: Position;
  /** The commit as a patch that git am takes, in place of its diff. */
  readonly patch?: Buffer;
}

export interface DigestContent {
  readonly notice: Extract<Notice, { kind: 'digest' }>;
  readonly headlines: Headlines;
}

export interface SummaryContent {
  readonly notice: Extract<Notice, { kind: 'summary' }>;
  readonly headlines: Headlines;
  /** Annotated tags by the name of their object. */
  readonly tags: ReadonlyMap<string, TagStory>;
  /** What became of the commits of a forced ref, by ref. */
  readonly rewrites: ReadonlyMap<string, readonly Rewrite[]>;
  /** How refs moved whose summaries list their commits, by ref. */
  readonly moves: ReadonlyMap<string, MoveStory>;
}

/** From a commit to another one. */
export interface MoveStory {
  readonly from: string;
  /** Commits that the ref has now and had not, oldest first, new ones or not; and those that it had and has not, newest first. Of many the newest. */
  readonly added: readonly string[];
  readonly gone: readonly string[];
  /** How the two trees differ: git's stat. */
  readonly stat: string;
}

/** Commits in lists, by id. */
export type Headlines = ReadonlyMap<string, Headline>;

/** A tag and what came with it. */
export interface TagStory {
  readonly tag: Tag;
  /** The tag before it in history, and the commits since then, oldest first. Absent where there is none. */
  readonly since?: { readonly tag: string; readonly commits: readonly string[] };
}

/** Where a mail stands in its push, or a part in its commit: 1 of 4. */
export interface Position {
  readonly number: number;
  readonly total: number;
}
