import { PassThrough } from 'node:stream';
import { capped, type Kept } from './capped.ts';
import { type Git, GitFailure, isRefusal } from './git.ts';

/** Objects that are asked for one at a time, while other things are read. */
export interface Objects {
  /**
   * The first `most` bytes of an object, and what it lacks behind them; undefined for one that git cannot show. Questions
   * that come together are answered one after the other.
   */
  read(id: string, most: number): Promise<Kept | undefined>;
  /** Ends git, if it was started. */
  close(): Promise<void>;
}

/** Objects out of ONE git process, which starts with the first question: nearly no push has one. */
export function openObjects(git: Git): Objects {
  let open: Conversation | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function answer(id: string, most: number): Promise<Kept | undefined> {
    open ??= conversation(git);
    try {
      return await open.ask(id, most);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // git has died on this object; the next question starts it again.
      open = undefined;
      return undefined;
    }
  }

  return {
    read(id, most) {
      const next = last.then(() => answer(id, most));
      last = next.catch(() => {});
      return next;
    },
    async close() {
      await last;
      await open?.end();
    },
  };
}

interface Conversation {
  ask(id: string, most: number): Promise<Kept | undefined>;
  end(): Promise<void>;
}

/**
 * git cat-file answers each line of its input before it reads the next one:
 *
 *   <name> missing LF
 *   <id> SP <type> SP <size> LF <size bytes> LF
 */
function conversation(git: Git): Conversation {
  const questions = new PassThrough();
  const chunks = git.stream(['cat-file', '--batch'], questions)[Symbol.asyncIterator]();
  let carry: Buffer = Buffer.alloc(0);

  /** Some bytes, no more than `most`. */
  async function some(most: number): Promise<Buffer> {
    while (carry.length === 0) {
      const { value, done } = await chunks.next();
      if (done) throw new GitFailure('cat-file', 'no answer');
      carry = value;
    }
    const bytes = carry.subarray(0, most);
    carry = carry.subarray(bytes.length);
    return bytes;
  }

  async function line(): Promise<string> {
    let text = '';
    while (!text.endsWith('\n')) text += (await some(1)).toString('latin1');
    return text;
  }

  return {
    async ask(id, most) {
      questions.write(`${id}\n`);
      const size = /^[0-9a-f]+ [a-z]+ (\d+)\n$/.exec(await line())?.[1];
      if (size === undefined) return undefined;
      const object = capped(most);
      for (let left = Number(size); left > 0; ) {
        const bytes = await some(left);
        object.add(bytes);
        left -= bytes.length;
      }
      await line();
      return object.end();
    },
    async end() {
      questions.end();
      await chunks.return?.();
    },
  };
}
