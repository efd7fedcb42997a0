/**
 * What became of one commit of a ref that was forced, as git-range-diff(1) sees it. `same`: the same patch under
 * another name; `changed`: a changed patch; `gone`: no counterpart; `added`: a new commit without one.
 */
export interface Rewrite {
  readonly fate: 'same' | 'changed' | 'gone' | 'added';
  /** Absent for an added commit. */
  readonly old?: string;
  /** Absent for one that is gone. */
  readonly new?: string;
  readonly subject: string;
}
