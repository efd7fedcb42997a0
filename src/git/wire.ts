import { PassThrough } from 'node:stream';
import { GitFailure } from './failure.ts';
import type { Git } from './git.ts';
import { nextOf } from './streams.ts';

export type OwnWire = ReturnType<typeof openWire>;

/** A `Wire`, for who owns it. */
export function openWire(git: Pick<Git, 'stream'>, args: readonly string[]) {
  const questions = new PassThrough();
  const over = new AbortController();
  const next = nextOf(git.stream(args, questions, [over.signal]));
  let carry: Buffer = Buffer.alloc(0);
  let coming: Promise<Buffer | undefined> | undefined;
  let isAsked = false;
  let size = 0;

  /** More of what git says, which may be on its way already. */
  async function more(): Promise<Buffer> {
    const chunk = await (coming ?? next());
    coming = undefined;
    if (!chunk) throw new GitFailure(args, 'no answer');
    size += chunk.length;
    return chunk;
  }

  /** What git has answered and nobody has read: one byte at the least. */
  async function unread(): Promise<Buffer> {
    while (carry.length === 0) carry = await more();
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
      end = (await unread()).indexOf('\n') + 1;
      pieces.push(await some(end || carry.length));
    }
    return Buffer.concat(pieces);
  }

  async function lines(count: number): Promise<string[]> {
    const found: string[] = [];
    let torn = '';
    while (found.length < count) {
      const bytes = await unread();
      const end = bytes.indexOf('\n');
      torn += bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
      carry = bytes.subarray(end < 0 ? bytes.length : end + 1);
      if (end < 0) continue;
      found.push(torn);
      torn = '';
    }
    return found;
  }

  async function* before(mark: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const bytes = await unread();
      const end = bytes.indexOf(mark);
      // The mark may be cut in two by the end of this piece.
      const safe = end >= 0 ? end : bytes.length - mark.length + 1;
      if (end < 0 && safe <= 0) carry = Buffer.concat([bytes, await more()]);
      else carry = bytes.subarray(end < 0 ? safe : end + mark.length);
      if (safe > 0) yield bytes.subarray(0, safe);
      if (end >= 0) return;
    }
  }

  return {
    say(text: string): void {
      isAsked = true;
      questions.write(text, 'latin1');
    },
    answered(): void {
      isAsked = false;
    },
    ...{ some, line, lines, before },
    /** True while an answer is not read to its end. */
    isAsked: () => isAsked,
    /** Bytes of all answers. */
    size: () => size,
    /** Calls back once git says what nobody has asked for, the next answer included, or ends. */
    watch(ring: () => void): void {
      coming ??= next();
      coming.then(ring, ring);
    },
    end: () => over.abort(),
  };
}
