import { type ClockSkew, type HistoryCommit, orderOf, outsideSkews, skewFinder } from '../model/history.ts';
import { unlessRefused, untilRefused } from './failure.ts';
import type { Git } from './git.ts';
import { answerOf, readKinds } from './questions.ts';
import { lines } from './streams.ts';

/** Commits of a range, parents before children. */
export interface History {
  readonly commits: readonly HistoryCommit[];
  /** Where clocks ran back among them, or between them and their parents. */
  readonly skews: readonly ClockSkew[];
  /** How many git takes for them: more than there are where it is misled. */
  readonly printed: number;
}

/** For all times. */
const EVER: readonly ClockSkew[] = [[0, Number.MAX_SAFE_INTEGER]];
const NOTHING: History = { commits: [], skews: [], printed: 0 };

/** `<seconds> SP <id> { SP <parent> } LF`, with `-` before the id of a commit at the boundary. */
const REV_LIST = ['rev-list', '--timestamp', '--parents', '--ignore-missing', '--stdin'];

/**
 * Commits reachable from `tips` and from none of `seen`, parents before children. Names in `seen` that git no longer has are passed over.
 * git's own answer may hold too many: it stops to look at what `seen` reaches a few commits after the dates there have fallen
 * behind (SLOP in git's revision.c). It is believed where no clock can have misled it, and checked elsewhere.
 * @param skews where clocks ran back in all that `seen` reaches. Where nobody knows, the check may read the whole history
 */
export async function readHistory(
  git: Git,
  tips: readonly string[],
  seen: Iterable<string>,
  skews?: readonly ClockSkew[],
): Promise<History> {
  if (tips.length === 0) return NOTHING;
  const past = [...new Set(seen)];
  const found = await readRange(git, tips, past);
  const { commits } = found;
  if (commits.length === 0 || past.length === 0) return found;
  const first = commits.reduce((least, { time }) => Math.min(least, orderOf(time)), Number.POSITIVE_INFINITY);
  const depth = skews ? outsideSkews(first, skews) : Number.NEGATIVE_INFINITY;
  if (depth === first && found.skews.length === 0) return found;
  if (await areUnreached(git, commits, past)) return found;
  const reached = await reachedAmong(git, commits, past, depth);
  return reached.size === 0 ? found : { ...found, commits: commits.filter(({ id }) => !reached.has(id)) };
}

/** What git says, right or not. */
async function readRange(git: Git, tips: readonly string[], seen: readonly string[]): Promise<History> {
  const commits: HistoryCommit[] = [];
  const { add, skews } = skewFinder();
  const input = [...tips, ...seen.map(id => `^${id}`)];
  for await (const line of lines(git.stream([...REV_LIST, '--topo-order', '--boundary'], input))) {
    const commit = parseCommit(line);
    const inside = !commit.id.startsWith('-');
    if (inside) commits.push(commit);
    add(inside ? commit : { ...commit, id: commit.id.slice(1) });
  }
  return { commits: commits.reverse(), skews: skews(), printed: commits.length };
}

/** Where clocks ran back in all that `tips` reach. Reads the whole history. */
export async function readSkews(git: Git, tips: Iterable<string>): Promise<readonly ClockSkew[]> {
  // Of a history that is not whole nobody knows anything.
  return unlessRefused(readAllSkews(git, tips), EVER);
}

async function readAllSkews(git: Git, tips: Iterable<string>): Promise<readonly ClockSkew[]> {
  const { add, skews } = skewFinder();
  const output = git.stream([...REV_LIST, '--date-order'], [...tips]);
  for await (const line of lines(output)) add(parseCommit(line));
  return skews();
}

/** How a commit is related to an earlier one: it reaches it, is reached by it, or neither. */
export async function relationTo(git: Git, earlier: string, later: string) {
  // Clocks do not mislead it. `--is-ancestor` would answer by its exit code alone.
  const base = await answerOf(git, ['merge-base', earlier, later]);
  return base === earlier ? 'after' : base === later ? 'before' : 'beside';
}

function parseCommit(line: string): HistoryCommit {
  const [time = '', id = '', ...parents] = line.split(' ');
  // Older versions print what is before 1970 as the unsigned number that it is to them.
  return { id, parents, time: Number(BigInt.asIntN(64, BigInt(time))) };
}

/** Commits that git is asked about, from each of which it walks: where several were seen, one may be so old that each walk is long. */
const MOST = { ofOne: 128, ofSeveral: 16 };

/**
 * True where git says that nothing in `seen` leads to any of the commits; it is enough to ask for those without a parent among the others.
 * git-merge-base(1), `--independent`, walks until all that is open is reached from both sides: clocks do not mislead it.
 */
async function areUnreached(git: Git, commits: readonly HistoryCommit[], seen: readonly string[]) {
  const news = new Set(commits.map(({ id }) => id));
  const lowest = commits.filter(({ parents }) => !parents.some(parent => news.has(parent)));
  // Nothing leads to its own descendant.
  if (lowest.every(({ parents }) => seen.every(id => parents.includes(id)))) return true;
  if (seen.length + lowest.length > (seen.length > 1 ? MOST.ofSeveral : MOST.ofOne)) return false;
  const args = ['merge-base', '--independent', ...seen, ...lowest.map(({ id }) => id)];
  const independent = new Set((await answerOf(git, args)).split('\n'));
  return lowest.every(({ id }) => independent.has(id));
}

/** Those of the commits that `seen` reaches. Reads what it reaches, the youngest first, down to what is older than `depth`. */
async function reachedAmong(
  git: Git,
  commits: readonly HistoryCommit[],
  seen: readonly string[],
  depth: number,
): Promise<ReadonlySet<string>> {
  const news = new Map(commits.map(({ id, parents }) => [id, parents]));
  const reached = new Set<string>();
  const kinds = await readKinds(git, seen);
  const tips = Array.from(kinds.values(), ({ commit }) => commit).filter(id => id !== undefined);
  // Where git finds that something is missing, what it has printed is true.
  for await (const line of untilRefused(lines(git.stream(REV_LIST, tips)))) {
    const { id, parents, time } = parseCommit(line);
    if (orderOf(time) < depth) break;
    const open = [id, ...parents];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      open.push(...(news.get(id) ?? []));
      if (news.delete(id)) reached.add(id);
    }
  }
  return reached;
}
