import { inTurn } from '../model/in-turn.ts';
import { capped, type Kept, type Sink } from './capped.ts';
import { GitFailure, unlessRefused } from './failure.ts';
import type { Git, Lent, Wire } from './git.ts';
import { openWire } from './wire.ts';

/** Asks one git, which answers each question before it reads the next; undefined where git has no answer. Questions that come together are answered one after the other. */
export type Ask<Question, Answer> = (question: Question) => Promise<Answer | undefined>;

/**
 * A conversation with ONE git process, which starts with the first question: nearly no push has one. Where git dies over a
 * question, the next one starts it again. It ends with the `whileRead` that it belongs to.
 * @param exchange says a question and reads the answer to its last byte; rejects with GitFailure as `Git.stream` does
 */
export function conversation<Question, Answer>(
  git: Git,
  args: readonly string[],
  exchange: (question: Question, wire: Wire) => Promise<Answer | undefined>,
): Ask<Question, Answer> {
  const ask = asker(git, args, exchange);
  return inTurn<Question, Answer | undefined>(question => unlessRefused(ask(question), undefined)).do;
}

/** The same for whoever asks one question after the other, and wants to know that git refuses. Where one that was kept fails, a new one is asked. */
export function asker<Question, Answer>(
  git: Git,
  args: readonly string[],
  exchange: (question: Question, wire: Wire) => Promise<Answer>,
): (question: Question) => Promise<Answer> {
  let lent: Lent | undefined;
  return async function ask(question): Promise<Answer> {
    lent ??= await borrow(git, args);
    const { wire, isReused } = lent;
    try {
      const answer = await exchange(question, wire);
      wire.answered();
      return answer;
    } catch (error) {
      lent = undefined;
      if (!isReused || !(error instanceof GitFailure)) throw error;
      return ask(question);
    }
  };
}

/** What names stand for: `<id> SP <type> SP <size> LF`, or `<name> SP missing LF`, `<name> SP ambiguous LF`, one line a name, in their order. */
export const BATCH_CHECK = ['cat-file', '--batch-check=%(objectname) %(objecttype) %(objectsize)'];

async function borrow(git: Git, args: readonly string[]): Promise<Lent> {
  return git.lender?.take(args) ?? { wire: openWire(git, args), isReused: false };
}

/**
 * Asks a git diff-tree about commits, and gives what it prints of each to a new sink. A line that names no object it gives back as it
 * is and, which matters here, at once: that shows where an answer ends.
 * @param mark a random word that is no line of an answer, and no object's name
 */
export function askCommits<T>(git: Git, args: readonly string[], mark: string, sink: () => Sink<T>) {
  const end = Buffer.from(`${mark}\n`);
  return conversation(git, args, async (id: string, wire) => {
    wire.say(`${id}\n${mark}\n`);
    const answer = sink();
    for (let line = await wire.line(); !line.equals(end); line = await wire.line()) answer.add(line);
    return answer.end();
  });
}

/**
 * What a git diff-tree prints of a few commits, before each the mark as `markedFormat` has it. The git is kept: it has no mark of
 * its own, which others on this host could see among its words, and which would be the same for the next push.
 */
export async function* printedCommits(
  git: Git,
  args: readonly string[],
  ids: readonly string[],
  mark: string,
) {
  const { wire } = await borrow(git, args);
  const end = Buffer.from(`${mark}\n`);
  wire.say(ids.map(id => `${id}\n${mark}\n`).join(''));
  for (const _ of ids) {
    let isFirst = true;
    for await (const bytes of wire.before(end)) {
      if (isFirst) yield Buffer.from(`\0${mark}\0`);
      isFirst = false;
      yield bytes;
    }
  }
  wire.answered();
}

/** Asks for the first `most` bytes of an object, and what it lacks after them; undefined for one that git cannot show. */
export type Objects = (id: string, most: number) => Promise<Kept | undefined>;

/**
 * Of each object git cat-file prints one of these:
 *
 *   <name> missing LF
 *   <id> SP <type> SP <size> LF <size bytes> LF
 *
 * @param git of a `whileRead`
 */
export function openObjects(git: Git): Objects {
  type Question = { readonly id: string; readonly most: number };
  const ask = conversation(git, ['cat-file', '--batch'], async ({ id, most }: Question, wire) => {
    wire.say(`${id}\n`);
    const size = /^[0-9a-f]+ [a-z]+ (\d+)\n$/.exec((await wire.line()).toString('latin1'))?.[1];
    if (size === undefined) return undefined;
    const object = capped(most);
    for (let left = Number(size); left > 0; ) {
      const bytes = await wire.some(left);
      object.add(bytes);
      left -= bytes.length;
    }
    await wire.line();
    return object.end();
  });
  return (id, most) => ask({ id, most });
}
