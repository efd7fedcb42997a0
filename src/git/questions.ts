import type { HistoryCommit } from '../model/history-commit.ts';
import { decode } from '../model/text.ts';
import { type Git, isRefusal } from './git.ts';
import { collect, lines } from './lines.ts';

/** What a name stands for. `commit` is the commit that it leads to through any number of tags. */
export interface ObjectKind {
  /** The full name of the object; empty where there is none. */
  readonly id: string;
  readonly type: 'commit' | 'tag' | 'tree' | 'blob' | 'missing';
  readonly commit?: string;
}

/** Every ref of the repository and the object it names. */
export async function readRefs(git: Git): Promise<Map<string, string>> {
  const refs = new Map<string, string>();
  for await (const line of lines(git.stream(['for-each-ref', '--format=%(objectname) %(refname)'], ''))) {
    const blank = line.indexOf(' ');
    refs.set(decode(Buffer.from(line.slice(blank + 1), 'latin1')), line.slice(0, blank));
  }
  return refs;
}

/**
 * What each name stands for, out of one git process. A name is anything that git-rev-parse(1) takes for an object, and has
 * no line end in it.
 */
export async function readKinds(git: Git, names: readonly string[]): Promise<Map<string, ObjectKind>> {
  const kinds = new Map<string, ObjectKind>();
  if (names.length === 0) return kinds;
  const asked = names.flatMap(name => [name, `${name}^{}`]);
  // <id> SP <type> SP <size> LF; or <name> SP missing LF, <name> SP ambiguous LF: one line a name, in their order.
  const answers = (await git.ask(['cat-file', '--batch-check'], `${asked.join('\n')}\n`))
    .split('\n')
    .map(found);
  names.forEach((name, index) => {
    const [object, peeled] = [answers[2 * index], answers[2 * index + 1]];
    const commit = peeled?.type === 'commit' ? { commit: peeled.id } : {};
    kinds.set(name, { id: object?.id ?? '', type: object?.type ?? 'missing', ...commit });
  });
  return kinds;
}

function found(answer: string): Pick<ObjectKind, 'id' | 'type'> | undefined {
  const [, id = '', type] = /^([0-9a-f]+) (commit|tag|tree|blob) \d+$/.exec(answer) ?? [];
  return type === undefined ? undefined : { id, type: type as ObjectKind['type'] };
}

/**
 * Commits reachable from `tips` and from none of `seen`, parents before children (topological order, so that
 * clocks do not matter). Names in `seen` that git no longer has are passed over.
 */
export async function readHistory(
  git: Git,
  tips: readonly string[],
  seen: Iterable<string>,
): Promise<HistoryCommit[]> {
  if (tips.length === 0) return [];
  const input = [...tips, ...Array.from(new Set(seen), id => `^${id}`), ''].join('\n');
  const args = [
    'rev-list',
    '--topo-order',
    '--reverse',
    '--timestamp',
    '--parents',
    '--ignore-missing',
    '--stdin',
  ];
  const history: HistoryCommit[] = [];
  for await (const line of lines(git.stream(args, input))) {
    const [time, id, ...parents] = line.split(' ') as [string, string, ...string[]];
    history.push({ id, parents, time: Number(time) });
  }
  return history;
}

/** Those of the commits whose message matches an extended regular expression, in any case of letters. */
export async function matchingCommits(
  git: Git,
  ids: readonly string[],
  pattern: string,
): Promise<Set<string>> {
  const found = new Set<string>();
  if (ids.length === 0) return found;
  const args = ['rev-list', '--no-walk=unsorted', '-E', '-i', `--grep=${pattern}`, '--stdin'];
  for await (const line of lines(git.stream(args, `${ids.join('\n')}\n`))) found.add(line);
  return found;
}

/** Commits that `from` reaches and `without` does not, newest first, no more than `most`. */
export async function commitsOnlyIn(
  git: Git,
  from: string,
  without: string,
  most: number,
): Promise<string[]> {
  const args = ['rev-list', '--topo-order', `--max-count=${most}`, from, `^${without}`];
  const found: string[] = [];
  for await (const line of lines(git.stream(args, ''))) found.push(line);
  return found;
}

/** True if every commit that `older` reaches is reached by `newer` too: moving from one to the other loses nothing. */
export async function isAncestor(git: Git, older: string, newer: string): Promise<boolean> {
  // Counting prints something in either case; `merge-base --is-ancestor` answers by its exit code alone.
  return (await git.ask(['rev-list', '--count', '--max-count=1', older, `^${newer}`])).trim() === '0';
}

/** The annotated tag that comes before a commit in history; undefined where there is none. */
export async function previousTag(git: Git, commit: string): Promise<string | undefined> {
  try {
    const answer = await collect(git.stream(['describe', '--abbrev=0', `${commit}^`], ''));
    return answer.toString('utf8').trim() || undefined;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return undefined;
  }
}
