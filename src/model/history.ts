/** A commit's place in history. */
export interface HistoryCommit {
  readonly id: string;
  readonly parents: readonly string[];
  /** When it was committed, in seconds since 1970. */
  readonly time: number;
}

/**
 * A stretch of time in which a clock ran back, in seconds since 1970: a commit dated at its start has a parent dated at its end.
 * No commit leads to one on the other side of a moment at which no such stretch is open.
 */
export type ClockSkew = readonly [start: number, end: number];

/** From here on versions of git do not agree what a date is: some wrap those before 1970, a commit-graph file cuts others. */
const DOUBTFUL = 2 ** 33;
/** So many stretches are remembered of a repository at the most: if there are more, near ones become one. */
const MOST = 500;

/** A moment as git orders by it: what is before 1970 is the far future to older versions. */
export function orderOf(time: number): number {
  return time < 0 ? Number.MAX_SAFE_INTEGER : time;
}

/** Looks for clock skews among commits that come one by one, parents after all of their children. */
export function skewFinder() {
  const earliestChild = new Map<string, number>();
  const skews: ClockSkew[] = [];
  return {
    add({ id, parents, time }: HistoryCommit): void {
      const own = orderOf(time);
      const child = earliestChild.get(id) ?? own;
      if (child < own) skews.push([child, own]);
      earliestChild.delete(id);
      const start = own < DOUBTFUL ? own : 0;
      for (const parent of parents)
        earliestChild.set(parent, Math.min(start, earliestChild.get(parent) ?? start));
    },
    skews: (): ClockSkew[] => mergedSkews(skews),
  };
}

/** In order, those that meet as one. */
export function mergedSkews(skews: readonly ClockSkew[], gap = 0): ClockSkew[] {
  const merged: ClockSkew[] = [];
  for (const [start, end] of skews.toSorted(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last && start - last[1] <= gap) merged[merged.length - 1] = [last[0], Math.max(last[1], end)];
    else merged.push([start, end]);
  }
  return merged.length > MOST ? mergedSkews(merged, 60 + 4 * gap) : merged;
}

/** The latest moment, not after the one given, that lies in no stretch. @param skews merged */
export function outsideSkews(time: number, skews: readonly ClockSkew[]): number {
  return skews.reduceRight(
    (moment, [start, end]) => (start <= moment && moment <= end ? start - 1 : moment),
    time,
  );
}

/** The commits of all histories, parents before children, those of the last one in its order. */
export function unionOf(histories: readonly (readonly HistoryCommit[])[]): readonly HistoryCommit[] {
  const [last = [], ...before] = histories.toReversed();
  const own = new Set(last.map(({ id }) => id));
  // What is new to all is the child of nothing that is new to some alone.
  const extra = new Map(before.flat().flatMap(commit => (own.has(commit.id) ? [] : [[commit.id, commit]])));
  const sorted = new Map<string, HistoryCommit>();
  for (const start of extra.values()) {
    const open = [start];
    for (let commit = open.at(-1); commit !== undefined; commit = open.at(-1)) {
      const missing = commit.parents.flatMap(id => (sorted.has(id) ? [] : (extra.get(id) ?? [])));
      if (missing.length > 0) open.push(...missing);
      else {
        sorted.set(commit.id, commit);
        open.pop();
      }
    }
  }
  return [...sorted.values(), ...last];
}

/** Those of `all` that are among some. */
export function inOrderOf(
  all: readonly HistoryCommit[],
  some: readonly HistoryCommit[],
): readonly HistoryCommit[] {
  const ids = new Set(some.map(({ id }) => id));
  return all.filter(({ id }) => ids.has(id));
}
