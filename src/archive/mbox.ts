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
 * `From SENDER DATE` that is the first one or follows an empty one; without a date it is a sentence of a message that nobody quoted. A `>` that
 * quotes such a line in a message is taken away.
 */
async function* splitMbox(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  let seen = 0;
  for await (const chunk of stream) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (let at = nextStart(held, seen); at !== undefined; at = nextStart(held, seen)) {
      yield message(held.subarray(0, at));
      held = held.subarray(at);
      seen = 0;
    }
    // A line that is not whole yet is looked at again.
    seen = Math.max(0, held.lastIndexOf('\n') - 2);
  }
  if (held.length > 0) yield message(held);
}

const START = '\nFrom ';
/** Bytes of such a line that are looked at. */
const LONGEST_START = 500;

/** Its end, with a time and a year: `Thu Jan  1 00:00:00 1970`, in whatever order. */
const DATED = /\d:\d\d.*\b\d{4}\b|\b\d{4}\b.*\d:\d\d/;

/** Where the next message begins, at its `From `; undefined if that is not known yet. */
function nextStart(bytes: Buffer, from: number): number | undefined {
  for (let at = bytes.indexOf(START, from); at >= 0; at = bytes.indexOf(START, at + 1)) {
    const before = bytes[at - 1] === 0x0d ? at - 2 : at - 1;
    const end = bytes.indexOf(0x0a, at + 1);
    const line = bytes.toString('latin1', at + 1, Math.min(end, at + LONGEST_START));
    if (bytes[before] === 0x0a && end >= 0 && DATED.test(line)) return at + 1;
  }
  return undefined;
}

function message(bytes: Buffer): Buffer {
  const isMarked = bytes.toString('latin1', 0, 5) === 'From ';
  // The empty line before the next message is not of this one.
  const [blank = ''] = /(?<=\n)\r?\n$/.exec(bytes.toString('latin1', Math.max(0, bytes.length - 4))) ?? [];
  const body = bytes.subarray(isMarked ? bytes.indexOf('\n') + 1 : 0, bytes.length - blank.length);
  if (!body.includes('\n>')) return body;
  return Buffer.from(body.toString('latin1').replace(/^>(>*From )/gm, '$1'), 'latin1');
}
