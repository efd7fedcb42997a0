/** What a walk has come to. */
export interface Tally {
  pushes: number;
  commits: number;
  mails: number;
  /** Files of diffs that a mail shows whole, as git prints them. */
  files: number;
  /** Those among them that are git's bytes, but for the index line. */
  exact: number;
  /** Mails that say how much of the diff they leave out. */
  cut: number;
  /** Commits that git itself cannot show; their mail has its words. */
  unshown: number;
  /** Pushes that made refpost fail. */
  failures: number;
  lost: number;
  doubled: number;
  /** Commits that were told before one of their parents. */
  early: number;
  /** Mails whose diff is not git's. */
  differences: number;
}

export function newTally(): Tally {
  return {
    pushes: 0,
    commits: 0,
    mails: 0,
    files: 0,
    exact: 0,
    cut: 0,
    unshown: 0,
    failures: 0,
    lost: 0,
    doubled: 0,
    early: 0,
    differences: 0,
  };
}

/** True if the walk found no fault. */
export function isClean(tally: Tally): boolean {
  return tally.failures + tally.lost + tally.doubled + tally.early + tally.differences === 0;
}

export function summaryOf(tally: Tally): string {
  return [
    `${tally.pushes} pushes, ${tally.commits} commits, ${tally.mails} mails`,
    `${tally.files} files shown whole (${tally.exact} byte for byte), ${tally.cut} mails cut, ${tally.unshown} commits that git cannot show`,
    `${tally.failures} failures, ${tally.lost} lost, ${tally.doubled} doubled, ${tally.early} out of order, ${tally.differences} differences`,
  ].join('\n');
}
