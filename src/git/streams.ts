import { randomBytes } from 'node:crypto';
import type { Git } from './git.ts';

/*
 * Who owns a stream ends it. `for await` does so by itself; whatever is read in another way is read through these, and nobody
 * else calls next().
 */

/** The same git, whose streams end when the signal comes: they reject with the sentence that refpost was told to stop. */
export function until(git: Git, signal: AbortSignal): Git {
  const { lender } = git;
  return {
    ...git,
    stream: (args, input = [], signals = []) => git.stream(args, input, [...signals, signal]),
    ...(lender && {
      lender: { ...lender, take: (args, signals = []) => lender.take(args, [...signals, signal]) },
    }),
    otherRepository: gitDir => until(git.otherRepository(gitDir), signal),
  };
}

/** What `use` reads from git. Whatever git it has started and not read to its end is ended with it, on every way out. */
export async function* whileRead<T>(git: Git, use: (git: Git) => AsyncIterable<T>): AsyncGenerator<T> {
  const done = new AbortController();
  try {
    yield* use(until(git, done.signal));
  } finally {
    done.abort();
  }
}

/** The same for one answer. */
export async function whileAsked<T>(git: Git, use: (git: Git) => Promise<T>): Promise<T> {
  const done = new AbortController();
  try {
    return await use(until(git, done.signal));
  } finally {
    done.abort();
  }
}

/** The next of a stream, when it is asked for; undefined after the last one. */
export type Next<T> = () => Promise<T | undefined>;

/** @param source belongs to a `whileRead` */
export function nextOf<T>(source: AsyncIterable<T>): Next<T> {
  const values = source[Symbol.asyncIterator]();
  return async () => {
    const { value, done } = await values.next();
    return done ? undefined : value;
  };
}

/**
 * The same, but each is on its way before it is asked for: its git is at work while another is listened to. So both cores make
 * diffs (bench, set `mails`). @param source belongs to a `whileRead`
 */
export function nextAhead<T>(source: AsyncIterable<T>): Next<T> {
  const next = nextOf(source);
  const ask = () => {
    const answer = next();
    // Whoever takes it hears of a fault.
    answer.catch(() => {});
    return answer;
  };
  let coming = ask();
  return async () => {
    const value = await coming;
    if (value !== undefined) coming = ask();
    return value;
  };
}

/** What is made of each value of a stream. */
export async function* mapped<T, U>(values: AsyncIterable<T>, make: (value: T) => Promise<U>) {
  for await (const value of values) yield await make(value);
}

/** The lines of git's output as they come, without their LF, one character a byte: decoding is a later, explicit step. */
export async function* lines(output: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let torn = '';
  for await (const chunk of output) {
    const whole = (torn + chunk.toString('latin1')).split('\n');
    torn = whole.pop() ?? '';
    yield* whole;
  }
  if (torn !== '') yield torn;
}

/** A word that no content can know. */
export function freshMark(): string {
  return randomBytes(16).toString('hex');
}
