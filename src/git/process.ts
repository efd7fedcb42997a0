import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { fault, type OperatorError } from '../errors.ts';
import { GitFailure } from './failure.ts';

/** Where and how git is run. */
export interface Surroundings {
  readonly gitDir: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds for which git may say nothing while it is listened to. */
  readonly silence: number;
  /** Any of them ends whatever git is still running. */
  readonly signals: readonly AbortSignal[];
}

/** The lines that git is to read, or a stream of questions that follow from its answers. */
export type Input = readonly string[] | Readable;

/** Settings that decide how output looks, the same for every command and user. */
export const FIXED = ['core.quotePath=false', 'core.abbrev=40', 'diff.suppressBlankEmpty=false'].flatMap(
  setting => ['-c', setting],
);
/** How much of git's standard error is kept, in bytes. */
const WORDS = 4096;
/** Milliseconds after which a git that does not end is killed. */
const GRACE = 2000;
/** Signals that come from outside. By the others git ends itself, over something in the repository, and will do so again. */
const FROM_OUTSIDE: ReadonlySet<NodeJS.Signals | null> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP']);

/**
 * What one git process prints, as it comes. Its one owner reads it: it is ended where they stop, when the signal comes, and where it says
 * nothing for too long while they wait; its pipes are closed then, so that nothing of it keeps this process alive. Rejects with GitFailure,
 * after the last byte, when it ends with another code than 0.
 * @param channel `stderr`: what it writes there is the answer, whatever its exit code is
 */
export async function* readProcess(
  { gitDir, environment, silence, signals }: Surroundings,
  args: readonly string[],
  input: Input,
  channel: 'stdout' | 'stderr' = 'stdout',
): AsyncGenerator<Buffer> {
  const child = startGit(args, gitDir, environment, 'pipe' in input || input.length > 0);
  const ended = endOf(child, gitDir);
  ended.catch(() => {});
  let cut: OperatorError | undefined;
  let giveUp: (why: Error) => void = () => {};

  function end(why: OperatorError): void {
    cut ??= why;
    // Here, since a reader that never comes back does not get to the end of this.
    for (const signal of signals) signal.removeEventListener('abort', stopped);
    // SIGTERM first, at which git removes its temporary files.
    if (child.kill()) setTimeout(() => child.kill('SIGKILL'), GRACE).unref();
    for (const pipe of child.stdio) pipe?.destroy();
    child.unref();
    giveUp(cut);
  }

  const stopped = () => end(fault.stopped());

  function awaited<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      giveUp = reject;
      const why = `it said nothing for ${silence / 1000} seconds`;
      const timer = setTimeout(() => end(new GitFailure(args, why, true)), silence);
      answer.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  for (const signal of signals) signal.addEventListener('abort', stopped);
  if (signals.some(signal => signal.aborted)) stopped();
  // git may end without reading all of its input; that shows in its exit code.
  child.stdin?.on('error', () => {});
  if ('pipe' in input) input.pipe(child.stdin as Writable);
  else child.stdin?.end(asLines(input));
  let words = '';
  if (channel === 'stderr') child.stdout.resume();
  else
    child.stderr.setEncoding('utf8').on('data', text => {
      if (words.length < WORDS) words += text;
    });
  const chunks = child[channel][Symbol.asyncIterator]();
  try {
    for (let next = await awaited(chunks.next()); !next.done; next = await awaited(chunks.next()))
      yield next.value;
    const [code, by] = await awaited(ended);
    const isOutside = FROM_OUTSIDE.has(by);
    if (by && (isOutside || channel === 'stdout'))
      throw new GitFailure(args, `it was ended by ${by}`, isOutside);
    if (code !== 0 && channel === 'stdout') throw new GitFailure(args, oneLine(words) || `exit code ${code}`);
  } catch (error) {
    throw cut ?? error;
  } finally {
    stopped();
  }
}

/** A git that is told nothing has no pipe for it: to make one, and to find it closed, takes longer than many an answer (bench, set `start`). */
function startGit(args: readonly string[], cwd: string, env: Surroundings['environment'], isTold: boolean) {
  return spawn('git', [...FIXED, ...args], {
    cwd,
    env,
    stdio: [isTold ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  }) as ChildProcessByStdio<Writable | null, Readable, Readable>;
}

export function asLines(input: readonly string[]): string {
  return input.map(line => `${line}\n`).join('');
}

/** Settled when git has ended and all that it wrote is read. */
function endOf(
  child: ChildProcess,
  gitDir: string,
): Promise<[code: number | null, by: NodeJS.Signals | null]> {
  return new Promise((resolve, reject) => {
    child.on('error', error => {
      // Where the folder is gone, spawn says the same.
      const missing = existsSync(gitDir) ? fault.gitMissing(error) : fault.notARepository(gitDir);
      reject(isMissingProgram(error) ? missing : error);
    });
    child.on('close', (...ending) => resolve(ending));
  });
}

export function isMissingProgram(error: unknown): boolean {
  const text = error instanceof Error ? `${(error as NodeJS.ErrnoException).code} ${error.message}` : '';
  return text.includes('ENOENT') && text.includes('spawn git');
}

/** The last line that git wrote: what it says before a fatal error is chatter. */
export function oneLine(words: string): string {
  const lines = words.split('\n').filter(line => line.trim() !== '');
  return (lines.find(line => /^(fatal|error):/.test(line)) ?? lines.at(-1) ?? '').trim();
}
