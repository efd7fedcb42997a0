import { Readable } from 'node:stream';
import { parseCommits } from './commit-parser.ts';
import { printedCommits } from './conversation.ts';
import { diffTree, emptyCommit, markedFormat, NO_PATCH, plainFormat, WITH_STAT } from './diff-tree.ts';
import type { DraftOptions } from './draft.ts';
import { GitFailure } from './failure.ts';
import type { Git } from './git.ts';

export interface LaneOptions extends DraftOptions {
  /** What git is asked to print of each commit. */
  readonly output: readonly string[];
  /** False: its signature is not checked. */
  readonly verified?: boolean;
}

/**
 * Metadata, stat and diff of the commits, in the order given, out of ONE git process and with bounded memory. Where git fails on a
 * commit (a missing object, a damaged pack), that commit comes with `failure` set and git is started again after it. With `keep: 'pieces'`
 * a commit may come as several, each but the last with `more` set. Where the stats of many could not be counted, git is started once more
 * and prints them.
 */
export async function* readLane(git: Git, ids: readonly string[], options: LaneOptions) {
  let next = 0;
  let pieces = 0;
  let asked = 0;
  let { output } = options;
  while (next < ids.length) {
    let failure: GitFailure | undefined;
    let isTooSlow = false;
    for await (const read of readStretch(git, ids.slice(next), { ...options, output })) {
      if (read instanceof GitFailure) {
        failure = read;
        break;
      }
      // git passes over the name of an object that is not there without a word.
      for (; ids[next] !== read.id; next++) yield* readAlone(git, ids[next] as string, options);
      yield read;
      pieces = read.more ? pieces + 1 : 0;
      if (read.more) continue;
      next++;
      isTooSlow = read.uncounted === true && output === options.output && isOften(++asked, next);
      if (isTooSlow) break;
    }
    if (isTooSlow) output = [...output, WITH_STAT];
    else if (failure) yield* readAlone(git, ids[next++] as string, options, pieces);
    else for (; next < ids.length; next++) yield* readAlone(git, ids[next] as string, options);
    pieces = 0;
  }
}

/** To ask git for every stat apart takes longer than to have it print them all, as where each commit has a binary file. */
function isOften(asked: number, commits: number): boolean {
  return asked > 8 && asked * 4 > commits;
}

/** Pieces of up to 64 KB that are read of a git before they are wanted: otherwise it stops while another lane is listened to (bench, set `mails`). */
const AHEAD = 16;
/** So few commits are asked of a git that may be kept. */
const FEW = 16;

function readStretch(git: Git, ids: readonly string[], options: LaneOptions) {
  const output = Readable.from(orFailure(printed(git, ids, options)), { highWaterMark: AHEAD });
  return parseCommits(output, options);
}

function printed(git: Git, ids: readonly string[], { mark, verified, output }: LaneOptions) {
  if (git.lender?.keepsDiffs && ids.length <= FEW)
    return printedCommits(git, diffTree(plainFormat(verified), output), ids, mark);
  return git.stream(diffTree(markedFormat(mark, verified), output), ids);
}

/** What git prints and, where it fails, why: so that the failure of another git, that is asked meanwhile, is not taken for one of this. */
async function* orFailure(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer | GitFailure> {
  try {
    yield* bytes;
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    yield error;
  }
}

/**
 * One commit with its diff or, where git fails again, with git's words in place of it. A git that is killed is started
 * again a few times: over one commit that takes all memory, all others shall not wait for ever. A signature may be what git
 * dies of: where ssh-keygen turns one down without reading the commit, git gets SIGPIPE from telling it.
 * @param given pieces of it that have been given before git failed
 */
async function* readAlone(git: Git, id: string, options: LaneOptions, given = 0) {
  let verified = true;
  for (let left = TRIES; ; ) {
    let seen = 0;
    let failure: GitFailure | undefined;
    for await (const read of readStretch(git, [id], { ...options, verified })) {
      if (read instanceof GitFailure) failure = read;
      else if (++seen > given) {
        given = seen;
        yield read;
      }
    }
    if (failure?.killed && --left > 0) continue;
    if (failure && seen === 0 && verified && !failure.killed) {
      verified = false;
      continue;
    }
    if (failure && seen === 0) yield await readWithoutDiff(git, id, failure.words, options);
    else if (failure || seen === 0)
      yield { ...emptyCommit(id), failure: failure?.words ?? `object ${id} is not in the repository` };
    return;
  }
}

/** How often git may be killed over one commit before its mail has to do without the diff. */
const TRIES = 3;

async function readWithoutDiff(git: Git, id: string, words: string, options: LaneOptions) {
  for await (const read of readStretch(git, [id], { ...options, output: NO_PATCH })) {
    if (!(read instanceof GitFailure)) return { ...read, failure: words };
    if (read.killed) throw read;
    return { ...emptyCommit(id), failure: read.words };
  }
  return { ...emptyCommit(id), failure: words };
}
