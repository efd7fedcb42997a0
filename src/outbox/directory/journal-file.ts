import { fstatSync, readSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { closingOnError, inSpool } from '../../disk/spool-fault.ts';
import type { JournalEvent } from '../../model/outbox-entry.ts';
import { type Journal, journalLines, parseJournal } from '../journal-lines.ts';

/** A journal that is open for appending. */
export interface JournalFile {
  /** What it held when it was opened. */
  readonly found: Journal;
  /** Appends events: one write, one fdatasync; without events it only looks. After an error it may be called again. */
  append(events: readonly JournalEvent[]): Promise<Appended>;
  close(): Promise<void>;
}

/** What the death of this process cannot undo any more. */
interface Appended {
  /** The whole journal if somebody else has appended meanwhile (a person's `drop`). */
  readonly whole: Journal | undefined;
  /** Settled when the machine's death cannot undo it either. May be left alone: it is no unhandled rejection. */
  readonly durable: Promise<void>;
}

/**
 * Opens a journal; a missing one is made. Errors of opening and reading come as they are.
 * Reads and writes do not go by way of Node's threads: that takes longer than they do, and there are two for each mail.
 */
export async function openJournal(path: string, mode: number): Promise<JournalFile> {
  const file = await open(path, 'a+', mode);
  const bytes = await closingOnError(file, (async () => readWhole(file.fd))());
  const found = parseJournal(bytes.toString('utf8'));
  let { torn } = found;
  let size = bytes.length;

  function append(events: readonly JournalEvent[]): Appended {
    if (events.length > 0) write(events);
    const durable = inSpool(path, async () => (events.length > 0 ? file.datasync() : undefined));
    durable.catch(() => {});
    const expected = size;
    ({ size } = fstatSync(file.fd));
    if (size === expected) return { whole: undefined, durable };
    const whole = parseJournal(readWhole(file.fd).toString('utf8'));
    torn = whole.torn;
    return { whole, durable };
  }

  function write(events: readonly JournalEvent[]): void {
    // The end of a line that was cut short must not swallow the next one.
    const lines = Buffer.from((torn ? '\n' : '') + journalLines(events));
    torn = true;
    for (let at = 0; at < lines.length; ) at += writeSync(file.fd, lines, at);
    torn = false;
    size += lines.length;
  }

  return { found, append: events => inSpool(path, async () => append(events)), close: () => file.close() };
}

function readWhole(descriptor: number): Buffer {
  const { size } = fstatSync(descriptor);
  const bytes = Buffer.alloc(size);
  let filled = 0;
  while (filled < size) {
    const read = readSync(descriptor, bytes, filled, size - filled, filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}
