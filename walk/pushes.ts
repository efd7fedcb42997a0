import { execFileSync } from 'node:child_process';
import type { Push } from '../src/model/push.ts';

/** Which way a repository's history is told. */
export interface Route {
  /** The branch, by its full name. */
  readonly branch: string;
  /** Its commits by first parents, oldest first. The first one is where the walk starts, and is no step. */
  readonly stations: readonly (string | undefined)[];
  /** Other branches and all tags, the oldest first, with the object and the commit that they name. */
  readonly others: readonly { readonly ref: string; readonly id: string; readonly commit: string }[];
}

/** Asks git for the way through its history: the last `limit` steps of the branch, and as many of the other refs. */
export function routeOf(gitDir: string, branch: string, limit: number): Route {
  const full = branch.startsWith('refs/') ? branch : `refs/heads/${branch}`;
  const most = Number.isFinite(limit) ? [`--max-count=${limit + 1}`] : [];
  const commits = askGit(gitDir, ['rev-list', '--first-parent', ...most, full]).reverse();
  const format = '--format=%(objectname) %(refname)';
  const listed = askGit(gitDir, ['for-each-ref', '--sort=creatordate', format, 'refs/heads', 'refs/tags'])
    .map(line => line.split(' ') as [string, string])
    .filter(([, ref]) => ref !== full)
    .slice(Number.isFinite(limit) ? -limit : 0);
  const input = listed.map(([id]) => `${id}^{}\n`).join('');
  const peeled = askGit(gitDir, ['cat-file', '--batch-check=%(objectname)'], input);
  return {
    branch: full,
    stations: commits.length > limit ? commits : [undefined, ...commits],
    others: listed.map(([id, ref], at) => ({ ref, id, commit: peeled[at] ?? id })),
  };
}

/** What git prints, in lines. */
export function askGit(gitDir: string, args: readonly string[], input = ''): string[] {
  const env = { PATH: process.env.PATH, LC_ALL: 'C', GIT_DIR: gitDir };
  const printed = execFileSync('git', args, { env, input, maxBuffer: 1 << 30, encoding: 'utf8' });
  return printed.split('\n').filter(line => line !== '');
}

/** A push of one ref, and the commit that the ref names then. */
export interface Step {
  readonly push: Push;
  readonly commit: string;
}

/** `stride` steps of the branch are a push, and then each of the other refs is created by one. */
export function* stepsOf(
  gitDir: string,
  { branch, stations, others }: Route,
  stride: number,
): Generator<Step> {
  let [old] = stations;
  let number = 0;
  const last = stations.length - 1;
  for (let at = Math.min(stride, last); old !== stations[last]; at = Math.min(at + stride, last)) {
    const commit = stations[at] as string;
    yield {
      push: pushOf(gitDir, 'push', number++, { ref: branch, old: old ?? zeros(commit), new: commit }),
      commit,
    };
    old = commit;
  }
  for (const { ref, id, commit } of others) {
    yield { push: pushOf(gitDir, 'push', number++, { ref, old: zeros(id), new: id }), commit };
  }
}

/** Commits between which a range lies. */
export interface Range {
  readonly push: Push;
  readonly from: string;
  readonly to: string;
}

/** Random ranges of the branch, as a person asks for them. */
export function* rangesOf(gitDir: string, route: Route, count: number, seed: number): Generator<Range> {
  const random = randomNumbers(seed);
  const commits = route.stations.filter(station => station !== undefined);
  for (let number = 0; number < count && commits.length > 1; number++) {
    const start = random(commits.length - 1);
    const length = 1 + random(Math.min(LONGEST, commits.length - 1 - start));
    const [from, to] = [commits[start] as string, commits[start + length] as string];
    const push = pushOf(gitDir, 'notify', number, { ref: route.branch, old: from, new: to });
    yield { push, from, to };
  }
}

/** Steps of the branch in a range, at the most. */
const LONGEST = 200;
/** Sat Jun 1 2024: every run makes the same mails. */
const BEGIN = Date.UTC(2024, 5, 1);

function pushOf(
  repository: string,
  kind: Push['kind'],
  number: number,
  update: Push['updates'][number],
): Push {
  const id = `20240601T000000-${number.toString(16).padStart(8, '0')}`;
  const time = BEGIN + 1000 * number;
  return { kind, id, repository, time, updates: [update], options: [], environment: {}, overrides: [] };
}

function zeros(id: string): string {
  return '0'.repeat(id.length);
}

/** Whole numbers below a bound, the same for the same seed (a linear congruential generator, Numerical Recipes). */
function randomNumbers(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return bound => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
