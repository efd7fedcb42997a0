import { renderContext } from '../src/announce/render-context.ts';
import { readSkews } from '../src/git/history.ts';
import type { Ledger } from '../src/model/ledger.ts';
import type { Override } from '../src/model/push.ts';
import type { World } from '../src/model/world.ts';
import { openWorkplace } from '../src/repository/workplace.ts';
import { graphOf, reach } from './graph.ts';
import { openPrinter } from './printed.ts';
import { askGit, rangesOf, routeOf, stepsOf } from './pushes.ts';
import { newTally, type Tally } from './tally.ts';
import { type Walker, walkPush } from './walk-push.ts';

export interface WalkOptions {
  /** Where the steps are; undefined for what HEAD names. */
  readonly branch: string | undefined;
  /** The last steps of the branch, and as many of the other refs; Infinity for all. */
  readonly limit: number;
  /** How many steps of the branch are one push. */
  readonly stride: number;
  /** How many random ranges. */
  readonly ranges: number;
  readonly seed: number;
  readonly settings: readonly Override[];
}

/** How the walk is followed. */
export interface Watch {
  /** Told of each fault, in a sentence. */
  readonly report: (sentence: string) => void;
  /** Told after each push. */
  readonly progress: (tally: Tally, pushes: number) => void;
  /** Asked before each push: true ends the walk. */
  readonly stopped: () => boolean;
}

/** Every commit has a mail of its own, and nearly every diff has room in it. */
const SETTINGS: readonly Override[] = [
  { key: 'refpost.to', value: 'walk@example.org' },
  { key: 'refpost.maxMails', value: '1000000' },
  { key: 'refpost.maxSize', value: '1m' },
  // A pattern that no file has: the diffs of all are compared.
  { key: 'refpost.quietPaths', value: '/no such file/' },
];

/** Announces a repository's history push by push, and checks what comes out. Nothing is stored or sent. */
export async function walkRepository(
  world: World,
  folder: string,
  options: WalkOptions,
  { report, progress, stopped }: Watch,
): Promise<Tally> {
  const workplace = await openWorkplace(world, folder, [...SETTINGS, ...options.settings]);
  const { gitDir } = workplace.git;
  const route = routeOf(gitDir, options.branch ?? headOf(gitDir), options.limit);
  const tips = [route.branch, ...route.others.map(({ ref }) => ref)];
  const graph = graphOf(askGit(gitDir, ['rev-list', '--parents', '--stdin'], `${tips.join('\n')}\n`));
  const walker: Walker = {
    git: workplace.git,
    context: await renderContext(world, workplace),
    printers: { commits: openPrinter(gitDir, 'commits'), merges: openPrinter(gitDir, 'merges') },
    graph,
    tally: newTally(),
    report,
  };
  const steps = Math.ceil((route.stations.length - 1) / options.stride);
  const all = steps + route.others.length + options.ranges;
  const told = () => progress(walker.tally, all);

  const [begin] = route.stations;
  const refs = new Map(begin === undefined ? [] : [[route.branch, begin]]);
  let ledger: Ledger = { refs, skews: await readSkews(workplace.git, refs.values()) };
  const seen = begin === undefined ? new Set<string>() : reach(graph, begin);
  for (const { push, commit } of stepsOf(gitDir, route, options.stride)) {
    if (stopped()) break;
    const expected = reach(graph, commit, seen);
    for (const id of expected) seen.add(id);
    ledger = await walkPush(walker, push, ledger, expected);
    told();
  }
  for (const { push, from, to } of rangesOf(gitDir, route, options.ranges, options.seed)) {
    if (stopped()) break;
    await walkPush(walker, push, { refs: new Map() }, reach(graph, to, reach(graph, from)));
    told();
  }
  for (const printer of Object.values(walker.printers)) printer.close();
  return walker.tally;
}

function headOf(gitDir: string): string {
  return askGit(gitDir, ['symbolic-ref', 'HEAD'])[0] ?? '';
}
