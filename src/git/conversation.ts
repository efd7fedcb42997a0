import { PassThrough } from 'node:stream';
import { inTurn } from '../model/in-turn.ts';
import { capped, type Kept, type Sink } from './capped.ts';
import { GitFailure, unlessRefused } from './failure.ts';
import type { Git } from './git.ts';
import { nextOf } from './streams.ts';

/** Asks one git, which answers each question before it reads the next; undefined where git has no answer. Questions that come together are answered one after the other. */
export type Ask<Question, Answer> = (question: Question) => Promise<Answer | undefined>;

/** What is said to git, and what comes back. */
export type Wire = ReturnType<typeof openWire>;

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
  let wire: Wire | undefined;
  return inTurn<Question, Answer | undefined>(question => {
    wire ??= openWire(git, args);
    const answer = exchange(question, wire).catch(error => {
      wire = undefined;
      throw error;
    });
    return unlessRefused(answer, undefined);
  }).do;
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

function openWire(git: Git, args: readonly string[]) {
  const questions = new PassThrough();
  const next = nextOf(git.stream(args, questions));
  let carry: Buffer = Buffer.alloc(0);

  /** What git has answered and nobody has read: one byte at the least. */
  async function unread(): Promise<Buffer> {
    while (carry.length === 0) {
      const chunk = await next();
      if (!chunk) throw new GitFailure(args, 'no answer');
      carry = chunk;
    }
    return carry;
  }

  /** Some bytes, no more than `most`. */
  async function some(most: number): Promise<Buffer> {
    const bytes = (await unread()).subarray(0, most);
    carry = carry.subarray(bytes.length);
    return bytes;
  }

  /** A line with its LF. */
  async function line(): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let end = 0; end === 0; ) {
      end = (await unread()).indexOf('\n') + 1;
      pieces.push(await some(end || carry.length));
    }
    return Buffer.concat(pieces);
  }

  /** @param text one character a byte */
  const say = (text: string) => questions.write(text, 'latin1');
  return { say, some, line };
}
