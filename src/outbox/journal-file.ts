import { type FileHandle, open } from 'node:fs/promises';
import type { JournalEvent } from '../model/outbox-entry.ts';
import { type Journal, journalLines, parseJournal } from './journal-lines.ts';
import { closingOnError, inSpool } from './spool-fault.ts';

/** A journal that is open for appending. */
export interface JournalFile {
  /** What it held when it was opened. */
  readonly found: Journal;
  /**
   * Appends events: one write, one fdatasync; without events it only looks. After an error it may be called again.
   * Returns the whole journal if somebody else has appended meanwhile (a person's `drop`), else undefined.
   */
  append(events: readonly JournalEvent[]): Promise<Journal | undefined>;
  close(): Promise<void>;
}

/** Opens a journal; a missing one is made. Errors of opening and reading come as they are. */
export async function openJournal(path: string, mode: number): Promise<JournalFile> {
  const file = await open(path, 'a+', mode);
  const bytes = await closingOnError(file, readWhole(file));
  const found = parseJournal(bytes);
  let { torn } = found;
  let size = bytes.length;

  async function append(events: readonly JournalEvent[]): Promise<Journal | undefined> {
    if (events.length > 0) await write(events);
    const expected = size;
    ({ size } = await file.stat());
    if (size === expected) return undefined;
    const whole = parseJournal(await readWhole(file));
    torn = whole.torn;
    return whole;
  }

  async function write(events: readonly JournalEvent[]): Promise<void> {
    // The end of a line that was cut short must not swallow the next one.
    const lines = Buffer.from((torn ? '\n' : '') + journalLines(events));
    torn = true;
    await file.appendFile(lines);
    await file.datasync();
    torn = false;
    size += lines.length;
  }

  return { found, append: events => inSpool(path, () => append(events)), close: () => file.close() };
}

async function readWhole(file: FileHandle): Promise<Buffer> {
  const { size } = await file.stat();
  const bytes = Buffer.alloc(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
