import { fault } from '../errors.ts';
import { capped } from './capped.ts';
import { type Environment, gitEnvironment } from './environment.ts';
import { GitFailure } from './failure.ts';
import { asLines, FIXED, type Input, isMissingProgram, oneLine, readProcess } from './process.ts';

/** A repository to ask. The only way from refpost to git is `ask` for small answers, `stream` for large ones, `stderr` where git answers there. */
export interface Git {
  /** Absolute path of the git directory. */
  readonly gitDir: string;
  /** All that git prints, as text: for small questions. Rejects with GitFailure when git exits with another code than 0. */
  ask(args: readonly string[], input?: readonly string[]): Promise<string>;
  /**
   * What git prints as it comes, so that a diff of gigabytes passes through in pieces. A reader that stops early ends git. Rejects
   * with GitFailure, after the last byte, when git exits with another code than 0.
   * @param signals any of them ends it (`whileRead` gives one)
   */
  stream(args: readonly string[], input?: Input, signals?: readonly AbortSignal[]): AsyncIterable<Buffer>;
  /** What git writes to its standard error, however it ends, up to a megabyte. Rejects with GitFailure when somebody outside killed it. */
  stderr(args: readonly string[]): Promise<Buffer>;
  /** Where gits are kept that answer one question after the other. */
  readonly lender?: Lender;
  /** Another repository, asked in the same way. */
  otherRepository(gitDir: string): Git;
}

/** What is said to ONE git process, and what comes back; rejects with GitFailure as `Git.stream` does. It starts with the first question. */
export interface Wire {
  /** @param text one character a byte */
  say(text: string): void;
  /** Some bytes, no more than `most`. */
  some(most: number): Promise<Buffer>;
  /** A line with its LF. */
  line(): Promise<Buffer>;
  /** So many lines without their LF, one character a byte. */
  lines(count: number): Promise<string[]>;
  /** All bytes before a mark, which is passed over. */
  before(mark: Buffer): AsyncIterable<Buffer>;
  /** Says that somebody has read an answer to its last byte. */
  answered(): void;
}

/** A git that is kept. */
export interface Lent {
  readonly wire: Wire;
  /** True if it has answered for somebody before: what it fails at, a new one may know. */
  readonly isReused: boolean;
}

/** Lends gits of one repository, and gets them back with the signals; one that is still asked then is ended. */
interface Lender {
  take(args: readonly string[], signals?: readonly AbortSignal[]): Promise<Lent>;
  /** True where diff-tree may be kept, too. */
  readonly keepsDiffs: boolean;
}

export interface GitOptions {
  /** Ends whatever git is still running. */
  readonly signal?: AbortSignal;
  /** Milliseconds for which a git that is listened to may say nothing. It counts as killed then: its disk may hang. */
  readonly silence?: number;
}

/** git may look for renames in a large merge, or compare two long branches, for minutes before its first byte. */
const SILENCE = 600_000;
/** The same for a small question. */
export const QUESTION_SILENCE = 120_000;
/** How much of git's standard error is kept where it is the answer, in bytes. */
const ANSWER = 1 << 20;

export function openGit(gitDir: string, env: Environment, options: GitOptions = {}): Git {
  const environment = gitEnvironment(env, gitDir);
  const { signal, silence = SILENCE } = options;
  const own = signal ? [signal] : [];
  const surroundings = { gitDir, environment, silence, signals: own };
  return {
    gitDir,
    ask: (args, input) => askGit(gitDir, environment, args, input, options),
    stream: (args, input = [], signals = []) =>
      readProcess({ ...surroundings, signals: [...own, ...signals] }, args, input),
    async stderr(args) {
      const words = capped(ANSWER);
      for await (const bytes of readProcess(surroundings, args, [], 'stderr')) words.add(bytes);
      return words.end().text;
    },
    otherRepository: other => openGit(other, env, options),
  };
}

/** `Git.ask` in any folder, for whoever has no repository yet. */
export async function askGit(
  folder: string,
  environment: Record<string, string>,
  args: readonly string[],
  input: readonly string[] = [],
  { signal, silence = QUESTION_SILENCE }: GitOptions = {},
): Promise<string> {
  // Loaded when it is first needed: it is a third of the time that a hook in Node.js takes to start.
  const { simpleGit } = await import('simple-git');
  let killed = false;
  const git = simpleGit({
    baseDir: folder,
    trimmed: false,
    // Without these, output that comes after git's exit is cut off without a word.
    completion: { onClose: true, onExit: false },
    timeout: { block: silence },
    ...(signal ? { abort: signal } : {}),
    input: () => asLines(input),
    // simple-git takes a silent non-zero exit for success, and the end by a signal, which has no exit code at all.
    errors: (error, result) => {
      killed = typeof result.exitCode !== 'number';
      return result.exitCode === 0 ? error : Buffer.concat([...result.stdErr, ...result.stdOut]);
    },
    // The variables in `environment` are our own choice, made in environment.ts.
    allowEnvironment: Object.keys(environment),
    unsafe: {
      allowUnsafeConfigPaths: true,
      allowUnsafeConfigEnvCount: true,
      allowUnsafeExec: true,
      allowUnsafeHooksPath: true,
    },
  }).env(environment);
  // simple-git waits for one that does not end when it is told to.
  let timer: NodeJS.Timeout | undefined;
  const hung = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new GitFailure(args, 'it does not end', true)), 2 * silence);
  });
  try {
    return await Promise.race([git.raw([...FIXED, ...args]), hung]);
  } catch (error) {
    throw await failureOf(args, error, killed);
  } finally {
    clearTimeout(timer);
  }
}

async function failureOf(args: readonly string[], error: unknown, killed: boolean): Promise<Error> {
  const { GitPluginError } = await import('simple-git');
  if (error instanceof GitFailure) return error;
  if (isMissingProgram(error)) return fault.gitMissing(error);
  const isCut = error instanceof GitPluginError && /^(timeout|abort)$/.test(error.plugin ?? '');
  if (error instanceof GitPluginError && !isCut) return error;
  // What one that was killed had printed is no reason, but half of an answer.
  const words = killed ? 'it was killed' : oneLine(error instanceof Error ? error.message : String(error));
  return new GitFailure(args, words || 'no reason given', killed || isCut);
}
