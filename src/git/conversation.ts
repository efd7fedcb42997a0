import { PassThrough } from 'node:stream';
import { inTurn } from '../model/in-turn.ts';
import { type Git, GitFailure, isRefusal } from './git.ts';

/** Questions to one git that answers each before it reads the next. */
export interface Conversation<Question, Answer> {
  /** undefined where git has no answer. Questions that come together are answered one after the other. */
  ask(question: Question): Promise<Answer | undefined>;
  /** Ends git, if it was started. */
  close(): Promise<void>;
}

/** What is said to git, and what comes back. */
export interface Wire {
  say(text: string): void;
  /** Some bytes, no more than `most`. */
  some(most: number): Promise<Buffer>;
  /** A line with its LF. */
  line(): Promise<Buffer>;
}

/**
 * A conversation with ONE git process, which starts with the first question: nearly no push has one. Where git dies over a
 * question, the next one starts it again.
 *
 * @param exchange says a question and reads the answer to its last byte; rejects with GitFailure as `Git.stream` does
 */
export function openConversation<Question, Answer>(
  git: Git,
  args: readonly string[],
  exchange: (question: Question, wire: Wire) => Promise<Answer | undefined>,
): Conversation<Question, Answer> {
  let open: ReturnType<typeof startWire> | undefined;

  async function answer(question: Question): Promise<Answer | undefined> {
    open ??= startWire(git, args);
    try {
      return await exchange(question, open.wire);
    } catch (error) {
      open = undefined;
      if (!isRefusal(error)) throw error;
      return undefined;
    }
  }

  const answers = inTurn(answer);
  return {
    ask: answers.do,
    async close() {
      await answers.idle();
      await open?.end();
    },
  };
}

function startWire(git: Git, args: readonly string[]): { readonly wire: Wire; end(): Promise<void> } {
  const questions = new PassThrough();
  const chunks = git.stream(args, questions)[Symbol.asyncIterator]();
  let carry: Buffer = Buffer.alloc(0);

  /** What git has answered and nobody has read: one byte at the least. */
  async function unread(): Promise<Buffer> {
    while (carry.length === 0) {
      const { value, done } = await chunks.next();
      if (done) throw new GitFailure(args, 'no answer');
      carry = value;
    }
    return carry;
  }

  async function some(most: number): Promise<Buffer> {
    const bytes = (await unread()).subarray(0, most);
    carry = carry.subarray(bytes.length);
    return bytes;
  }

  async function line(): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let end = 0; end === 0; ) {
      end = (await unread()).indexOf(LF) + 1;
      pieces.push(await some(end || carry.length));
    }
    return Buffer.concat(pieces);
  }

  return {
    wire: { say: text => questions.write(text), some, line },
    async end() {
      questions.end();
      await chunks.return?.();
    },
  };
}

const LF = 0x0a;
