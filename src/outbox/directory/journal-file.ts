import { closeSync, fdatasync, fstatSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { openPlain, readWhole } from '../../disk/durable.ts';
import { inSpool } from '../../disk/spool-fault.ts';
import type { JournalEvent } from '../../model/outbox-entry.ts';
import { type Journal, journalLines, parseJournal } from './journal-lines.ts';

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
export function openJournal(path: string, mode: number): JournalFile {
  const file = openPlain(path, mode);
  const bytes = readOrClose(file);
  const found = parseJournal(bytes.toString('utf8'));
  let { torn } = found;
  let size = bytes.length;
  let syncing: Promise<unknown> = Promise.resolve();

  function append(events: readonly JournalEvent[]): Appended {
    if (events.length > 0) write(events);
    const durable = inSpool(path, async () => (events.length > 0 ? promisify(fdatasync)(file) : undefined));
    syncing = durable.catch(() => {});
    const expected = size;
    ({ size } = fstatSync(file));
    if (size === expected) return { whole: undefined, durable };
    const whole = parseJournal(readWhole(file).toString('utf8'));
    torn = whole.torn;
    return { whole, durable };
  }

  function write(events: readonly JournalEvent[]): void {
    // The end of a line that was cut short must not swallow the next one.
    const lines = Buffer.from((torn ? '\n' : '') + journalLines(events));
    torn = true;
    for (let at = 0; at < lines.length; ) at += writeSync(file, lines, at);
    torn = false;
    size += lines.length;
  }

  async function close(): Promise<void> {
    await syncing;
    closeSync(file);
  }

  return { found, append: events => inSpool(path, async () => append(events)), close };
}

function readOrClose(file: number): Buffer {
  try {
    return readWhole(file);
  } catch (error) {
    closeSync(file);
    throw error;
  }
}
