/** A commit's place in history. */
export interface HistoryCommit {
  readonly id: string;
  readonly parents: readonly string[];
}
