import type { Git } from './git.ts';

/*
 * Who owns a stream ends it. `for await` does so by itself; whatever is read in another way is read through these, and nobody
 * else calls next().
 */

/** What `use` reads from git. Whatever git it has started and not read to its end is ended with it, on every way out. */
export async function* whileRead<T>(git: Git, use: (git: Git) => AsyncIterable<T>): AsyncGenerator<T> {
  const done = new AbortController();
  const own = (given: Git): Git => ({
    ...given,
    stream: (args, input, signals = []) => given.stream(args, input, [...signals, done.signal]),
    otherRepository: gitDir => own(given.otherRepository(gitDir)),
  });
  try {
    yield* use(own(git));
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
 * diffs (bench, set `mails`).
 *
 * @param source belongs to a `whileRead`
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

/** Each value of one stream with that of another in its place; ends both. */
export async function* zip<A, B>(
  one: AsyncIterable<A>,
  other: AsyncIterable<B>,
): AsyncGenerator<readonly [A, B | undefined]> {
  const others = other[Symbol.asyncIterator]();
  try {
    for await (const value of one) {
      const next = await others.next();
      yield [value, next.done ? undefined : next.value];
    }
  } finally {
    await others.return?.();
  }
}
