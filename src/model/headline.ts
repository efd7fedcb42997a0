/** A commit in a list. */
export interface Headline {
  readonly id: string;
  readonly subject: string;
  readonly authorName: string;
}
