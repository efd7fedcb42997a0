import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { EX, fault, OperatorError } from '../errors.ts';
import { capped } from './capped.ts';
import { gitEnvironment } from './environment.ts';

/** A repository to ask. The only way from refpost to git is `ask` for small answers, `stream` for large ones, `stderr` where git answers there. */
export interface Git {
  /** Absolute path of the git directory. */
  readonly gitDir: string;
  /**
   * Runs git and returns all that it printed, as text. For small questions only: everything is held in memory.
   * Rejects with GitFailure when git exits with another code than 0.
   */
  ask(args: readonly string[], input?: string): Promise<string>;
  /**
   * Runs git and yields what it prints as it comes, so that a diff of gigabytes passes through in pieces. A reader
   * that stops early ends git. Rejects with GitFailure, after the last byte, when git exits with another code than 0.
   * @param input all that git is to read, or a stream of questions that follow from its answers
   */
  stream(args: readonly string[], input: string | Readable): AsyncIterable<Buffer>;
  /**
   * Runs git and returns what it wrote to its standard error, however it ended: some answers stand nowhere else. A
   * megabyte at the most. Rejects with GitFailure when somebody outside killed it.
   */
  stderr(args: readonly string[]): Promise<Buffer>;
  /** Another repository, asked in the same way. */
  otherRepository(gitDir: string): Git;
}

/** git ran and said no, or was killed before it could say anything. */
export class GitFailure extends OperatorError {
  /** git's own words, one line. */
  readonly words: string;
  /** Somebody outside ended git: that is no answer, and another try may have one. */
  readonly killed: boolean;

  /** @param args that git was called with */
  constructor(args: readonly string[], words: string, killed = false) {
    const remedy = killed
      ? 'it is tried again; see what kills processes on this machine, such as a lack of memory'
      : 'run `git fsck` in the repository';
    super(EX.IOERR, `git ${commandOf(args)} failed: ${words}`, remedy);
    this.words = words;
    this.killed = killed;
  }
}

/** The first word that is none of git's own options, of which we use `-c name=value` alone. */
function commandOf(args: readonly string[]): string {
  return args.find((word, at) => word !== '-c' && args[at - 1] !== '-c') ?? '';
}

/** For what a mail can do without: true where git itself said no. A git that was killed has refused nothing. */
export function isRefusal(error: unknown): error is GitFailure {
  return error instanceof GitFailure && !error.killed;
}

/** Signals that come from outside. By the others git ends itself, over something in the repository, and will do so again. */
const FROM_OUTSIDE: ReadonlySet<NodeJS.Signals | null> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP']);

/** Settings that decide how output looks, the same for every command and user. */
const FIXED = ['core.quotePath=false', 'core.abbrev=40', 'diff.suppressBlankEmpty=false'].flatMap(setting => [
  '-c',
  setting,
]);
/** Silence after which a question to git counts as failed, in milliseconds. */
const SILENCE = 120_000;
/** How much of git's standard error is kept, in bytes. */
const WORDS = 4096;
/** The same where it is the answer. */
const ANSWER = 1 << 20;

export function openGit(gitDir: string, env: Readonly<Record<string, string | undefined>>): Git {
  const environment = gitEnvironment(env, gitDir);
  return {
    gitDir,
    ask: (args, input) => askGit(gitDir, environment, args, input),
    stream: (args, input) => stream(gitDir, environment, args, input),
    stderr: args => stderr(gitDir, environment, args),
    otherRepository: other => openGit(other, env),
  };
}

/** `Git.ask` in any folder, for whoever has no repository yet. */
export async function askGit(
  folder: string,
  environment: Record<string, string>,
  args: readonly string[],
  input = '',
): Promise<string> {
  // Loaded when it is first needed: it is a third of the time that a hook in Node.js takes to start.
  const { simpleGit } = await import('simple-git');
  let killed = false;
  const git = simpleGit({
    baseDir: folder,
    trimmed: false,
    // Without these, output that comes after git's exit is cut off without a word.
    completion: { onClose: true, onExit: false },
    timeout: { block: SILENCE },
    input: () => input,
    // simple-git takes a silent non-zero exit for success, and the end by a signal, which has no exit code at all.
    errors: (error, result) => {
      killed = typeof result.exitCode !== 'number';
      return result.exitCode === 0 ? error : Buffer.concat([...result.stdErr, ...result.stdOut]);
    },
    // The variables in `environment` are our own choice, made in environment.ts.
    allowEnvironment: Object.keys(environment),
    unsafe: { allowUnsafeConfigPaths: true, allowUnsafeConfigEnvCount: true, allowUnsafeExec: true },
  }).env(environment);
  try {
    return await git.raw([...FIXED, ...args]);
  } catch (error) {
    throw await failureOf(args, error, killed);
  }
}

async function failureOf(args: readonly string[], error: unknown, killed: boolean): Promise<Error> {
  const { GitPluginError } = await import('simple-git');
  if (isMissingProgram(error)) return fault.gitMissing(error);
  if (error instanceof GitPluginError && error.plugin !== 'timeout') return error;
  const words = oneLine(error instanceof Error ? error.message : String(error));
  return new GitFailure(args, words || (killed ? 'it was killed' : 'no reason given'), killed);
}

async function* stream(
  gitDir: string,
  environment: Record<string, string>,
  args: readonly string[],
  input: string | Readable,
): AsyncGenerator<Buffer> {
  const child = spawn('git', [...FIXED, ...args], { cwd: gitDir, env: environment });
  // git may end without reading all of its input; that shows in its exit code.
  child.stdin.on('error', () => {});
  if (typeof input === 'string') child.stdin.end(input);
  else input.pipe(child.stdin);
  let words = '';
  child.stderr.setEncoding('utf8').on('data', text => {
    if (words.length < WORDS) words += text;
  });
  const ended = endOf(child);
  ended.catch(() => {});
  try {
    yield* child.stdout;
    const { code, signal } = await ended;
    if (signal) throw killedBy(signal, args);
    if (code !== 0) throw new GitFailure(args, oneLine(words) || `exit code ${code}`);
  } finally {
    child.kill();
  }
}

async function stderr(
  gitDir: string,
  environment: Record<string, string>,
  args: readonly string[],
): Promise<Buffer> {
  const stdio = ['ignore', 'ignore', 'pipe'] as const;
  const child = spawn('git', [...FIXED, ...args], { cwd: gitDir, env: environment, stdio: [...stdio] });
  const words = capped(ANSWER);
  child.stderr.on('data', bytes => words.add(bytes));
  const { signal } = await endOf(child);
  if (signal && FROM_OUTSIDE.has(signal)) throw killedBy(signal, args);
  return words.end().text;
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Settled when git has ended and all that it wrote is read. */
function endOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.on('error', error => reject(isMissingProgram(error) ? fault.gitMissing(error) : error));
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
}

function killedBy(signal: NodeJS.Signals, args: readonly string[]): GitFailure {
  return new GitFailure(args, `it was ended by ${signal}`, FROM_OUTSIDE.has(signal));
}

function isMissingProgram(error: unknown): boolean {
  const text = error instanceof Error ? `${(error as NodeJS.ErrnoException).code} ${error.message}` : '';
  return text.includes('ENOENT') && text.includes('spawn git');
}

/** The last line that git wrote: what it says before a fatal error is chatter. */
function oneLine(words: string): string {
  const lines = words.split('\n').filter(line => line.trim() !== '');
  return (lines.find(line => /^(fatal|error):/.test(line)) ?? lines.at(-1) ?? '').trim();
}
