import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The mails of an mbox file, or of a maildir, in their order. */
export async function* readMails(path: string): AsyncGenerator<Buffer> {
  if (!(await stat(path)).isDirectory())
    return yield* splitMbox(createReadStream(path, { highWaterMark: 2 ** 20 }));
  for (const folder of ['cur', 'new']) {
    const names = await readdir(join(path, folder)).catch(() => []);
    for (const name of names.sort()) yield readFile(join(path, folder, name));
  }
}

/**
 * The messages of a mailbox file in the mboxrd form, or any other one (RFC 4155 and its appendix A): each starts after a line
 * `From SENDER DATE` that is the first one or follows an empty one. A `>` that quotes such a line in a message is taken away.
 */
async function* splitMbox(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  let seen = 0;
  for await (const chunk of stream) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (let at = nextStart(held, seen); at > 0; at = nextStart(held, seen)) {
      yield message(held.subarray(0, at));
      held = held.subarray(at);
      seen = 0;
    }
    seen = Math.max(0, held.length - START.length - 2);
  }
  if (held.length > 0) yield message(held);
}

const START = '\nFrom ';

/** Where the next message begins, at its `From `; -1 if that is not known yet. */
function nextStart(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(START, from); at >= 0; at = bytes.indexOf(START, at + 1)) {
    const before = bytes[at - 1] === 0x0d ? at - 2 : at - 1;
    if (bytes[before] === 0x0a) return at + 1;
  }
  return -1;
}

function message(bytes: Buffer): Buffer {
  const isMarked = bytes.toString('latin1', 0, 5) === 'From ';
  // The empty line before the next message is not of this one.
  const [blank = ''] = /(?<=\n)\r?\n$/.exec(bytes.toString('latin1', Math.max(0, bytes.length - 4))) ?? [];
  const body = bytes.subarray(isMarked ? bytes.indexOf('\n') + 1 : 0, bytes.length - blank.length);
  if (!body.includes('\n>')) return body;
  return Buffer.from(body.toString('latin1').replace(/^>(>*From )/gm, '$1'), 'latin1');
}
