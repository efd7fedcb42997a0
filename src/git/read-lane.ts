import { emptyCommit } from './commit-of.ts';
import { commitParser, type ParserOptions } from './commit-parser.ts';
import { diffTree, markedFormat, NO_PATCH, WITH_STAT } from './diff-tree.ts';
import type { DraftCommit } from './draft.ts';
import { type Git, GitFailure, isRefusal } from './git.ts';
import type { QuietRule } from './quiet.ts';

export interface LaneOptions extends Omit<ParserOptions, 'quiet'> {
  /** Needed when git's first bytes are there, so that it may be read while git starts. */
  readonly quiet?: Promise<QuietRule>;
  /** What git is asked to print of each commit. */
  readonly output: readonly string[];
}

/**
 * Metadata, stat and diff of the commits, in the order given, out of ONE git process and with bounded memory.
 *
 * Where git fails on a commit (a missing object, a damaged pack), that commit comes with `failure` set and git is
 * started again behind it: no other commit is lost by it. With `keep: 'pieces'` a commit may come as several, each but
 * the last with `more` set. Where the stats of many could not be counted, git is started once more and prints them.
 */
export async function* readLane(
  git: Git,
  ids: readonly string[],
  options: LaneOptions,
): AsyncGenerator<DraftCommit> {
  let next = 0;
  let pieces = 0;
  let asked = 0;
  let { output } = options;
  while (next < ids.length) {
    const before = output;
    try {
      for await (const commit of readStretch(git, ids.slice(next), { ...options, output })) {
        // git passes over the name of an object that is not there without a word.
        for (; ids[next] !== commit.id; next++) yield* readAlone(git, ids[next] as string, options);
        yield commit;
        pieces = commit.more ? pieces + 1 : 0;
        if (commit.more) continue;
        next++;
        if (!commit.uncounted || !isOften(++asked, next)) continue;
        output = [...output, WITH_STAT];
        break;
      }
      if (output !== before) continue;
      for (; next < ids.length; next++) yield* readAlone(git, ids[next] as string, options);
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error;
      yield* readAlone(git, ids[next] as string, options, pieces);
      pieces = 0;
      next++;
    }
  }
}

/** To ask git for every stat apart takes longer than to have it print them all, as where each commit has a binary file. */
function isOften(asked: number, commits: number): boolean {
  return asked > 8 && asked * 4 > commits;
}

/**
 * Yields a commit when the next one begins, the last one when git has ended well. When git dies, the commit
 * it had shown last is held back: git may have died in the middle of it, or over the next one before its first byte.
 */
async function* readStretch(
  git: Git,
  ids: readonly string[],
  options: LaneOptions,
  verified = true,
): AsyncGenerator<DraftCommit> {
  const { quiet, ...rest } = options;
  const args = diffTree(markedFormat(options.mark, verified), options.output);
  const chunks = begun(git.stream(args, `${ids.join('\n')}\n`));
  const rule = await quiet;
  const parser = commitParser(rule ? { ...rest, quiet: rule } : rest);
  for await (const chunk of chunks) yield* parser.push(chunk);
  yield* parser.end();
}

/**
 * One commit with its diff or, where git fails again, with git's words in place of it. A git that is killed is started
 * again a few times: over one commit that takes all memory, all others shall not wait for ever. A signature may be what git
 * dies of: where ssh-keygen turns one down without reading the commit, git gets SIGPIPE from telling it.
 * @param given pieces of it that have been given before git failed
 */
async function* readAlone(
  git: Git,
  id: string,
  options: LaneOptions,
  given = 0,
): AsyncGenerator<DraftCommit> {
  let verified = true;
  for (let left = TRIES; ; ) {
    let seen = 0;
    try {
      for await (const commit of readStretch(git, [id], options, verified)) {
        if (++seen <= given) continue;
        given = seen;
        yield commit;
      }
      if (seen === 0) yield { ...emptyCommit(id), failure: `object ${id} is not in the repository` };
      return;
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error;
      if (error.killed && --left > 0) continue;
      if (seen === 0 && verified && !error.killed) {
        verified = false;
        continue;
      }
      if (seen > 0) yield { ...emptyCommit(id), failure: error.words };
      else yield await readWithoutDiff(git, id, error.words, options);
      return;
    }
  }
}

/** How often git may be killed over one commit before its mail has to do without the diff. */
const TRIES = 3;

async function readWithoutDiff(
  git: Git,
  id: string,
  words: string,
  options: LaneOptions,
): Promise<DraftCommit> {
  const { quiet: _, ...rest } = options;
  const parser = commitParser(rest);
  try {
    const found: DraftCommit[] = [];
    for await (const chunk of git.stream(diffTree(markedFormat(options.mark), NO_PATCH), `${id}\n`)) {
      found.push(...parser.push(chunk));
    }
    found.push(...parser.end());
    return { ...(found[0] ?? emptyCommit(id)), failure: words };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { ...emptyCommit(id), failure: error.words };
  }
}

/** The same bytes, asked for from now on and not only when somebody listens. */
function begun(bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const chunks = bytes[Symbol.asyncIterator]();
  const first = chunks.next();
  first.catch(() => {});
  async function* listened(): AsyncGenerator<Buffer> {
    try {
      for (let next = await first; !next.done; next = await chunks.next()) yield next.value;
    } finally {
      await chunks.return?.();
    }
  }
  return listened();
}
