/** A commit in a list. */
export interface Headline {
  readonly id: string;
  readonly subject: string;
  readonly authorName: string;
  /** `2 files changed, 7 insertions(+)`; absent where it was not asked for, or nothing changed. */
  readonly shortstat?: string;
}
