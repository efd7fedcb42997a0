/** A commit's place in history. */
export interface HistoryCommit {
  readonly id: string;
  readonly parents: readonly string[];
  /** When it was committed, in seconds since 1970. */
  readonly time: number;
}
