/** The commits of a repository and their parents, as far as the walk knows them. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** The graph out of the lines of `git rev-list --parents`: a commit and its parents, with blanks between. */
export function graphOf(lines: Iterable<string>): Graph {
  const graph = new Map<string, readonly string[]>();
  for (const line of lines) {
    const [id = '', ...parents] = line.split(' ');
    if (id !== '') graph.set(id, parents);
  }
  return graph;
}

/** The commits that `tip` reaches, itself included, without those in `seen` and what lies behind them. */
export function reach(graph: Graph, tip: string, seen: ReadonlySet<string> = new Set()): Set<string> {
  const reached = new Set<string>();
  const open = [tip];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id) || reached.has(id) || !graph.has(id)) continue;
    reached.add(id);
    open.push(...(graph.get(id) ?? []));
  }
  return reached;
}

/** What is wrong with the commits that a push announced: `lost` and `doubled` ones, and those told before a parent. */
export interface Mistakes {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly early: readonly string[];
}

/** Compares what was announced, in its order, with what was to be announced. */
export function mistakesIn(
  graph: Graph,
  announced: readonly string[],
  expected: ReadonlySet<string>,
): Mistakes {
  const told = new Set<string>();
  const [doubled, early]: [string[], string[]] = [[], []];
  for (const id of announced) {
    if (told.has(id) || !expected.has(id)) doubled.push(id);
    told.add(id);
    const parents = graph.get(id) ?? [];
    if (parents.some(parent => expected.has(parent) && !told.has(parent))) early.push(id);
  }
  return { lost: [...expected].filter(id => !told.has(id)), doubled, early };
}
