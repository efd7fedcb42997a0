import { setTimeout as sleep } from 'node:timers/promises';
import { EX, gitRemedy, OperatorError } from '../errors.ts';

/** git ran and said no, or was killed before it could say anything. */
export class GitFailure extends OperatorError {
  /** git's own words, one line. */
  readonly words: string;
  /** Somebody outside ended git, or it hung: that is no answer, and another try may have one. */
  readonly killed: boolean;

  /** @param args that git was called with */
  constructor(args: readonly string[], words: string, killed = false) {
    super(EX.IOERR, `git ${commandOf(args)} failed: ${words}`, gitRemedy(words, killed));
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

/** What a task comes to; where git refuses it, something in its place. */
export async function unlessRefused<T>(task: Promise<T>, instead: T): Promise<T> {
  try {
    return await task;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return instead;
  }
}

/** A stream that ends where git refuses to go on. */
export async function* untilRefused<T>(values: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* values;
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

/** Pauses before another try, in milliseconds. */
const PAUSES = [100, 1000, 5000];

/** Does something anew where git was killed under it, three times at the most: nobody comes later to do it where a hook has started the worker. */
export async function despiteKills<T>(task: () => Promise<T>, [pause, ...later] = PAUSES): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (pause === undefined || !(error instanceof GitFailure && error.killed)) throw error;
    await sleep(pause);
    return despiteKills(task, later);
  }
}
