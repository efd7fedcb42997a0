import { closeSync, fdatasync, fstatSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { inSpool, openWhole, readWhole } from '../../disk/files.ts';
import type { JournalEvent } from '../../model/outbox-entry.ts';
import { journalLines, parseJournal } from '../journal-lines.ts';

const datasync = promisify(fdatasync);

/** A journal that is open for appending. */
export type JournalFile = ReturnType<typeof openJournal>;

/**
 * Opens a journal; a missing one is made. Errors of opening and reading come as they are.
 * Reads and writes do not go by way of Node's threads: that takes longer than they do, and there are two for each mail.
 */
export function openJournal(path: string, mode: number) {
  const { file, bytes } = openWhole(path, mode);
  const found = parseJournal(bytes.toString('utf8'));
  let { torn } = found;
  let size = bytes.length;
  let syncing: Promise<unknown> = Promise.resolve();

  function append(events: readonly JournalEvent[]) {
    if (events.length > 0) write(events);
    const durable = inSpool(path, () => (events.length > 0 ? datasync(file) : undefined));
    syncing = durable.catch(() => {});
    const expected = size;
    ({ size } = fstatSync(file));
    if (size === expected) return { whole: undefined, durable };
    const whole = parseJournal(readWhole(file, size).toString('utf8'));
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

  return {
    /** What it held when it was opened. */
    found,
    /**
     * Appends events: one write, one fdatasync; without events it only looks. After an error it may be called again.
     * @returns `whole`: all of it if somebody else has appended meanwhile (a person's `drop`). `durable`: settled when not even the
     *   machine's death undoes it; this process's does not now. It may be left alone: it is no unhandled rejection
     */
    append: (events: readonly JournalEvent[]) => inSpool(path, () => append(events)),
    async close(): Promise<void> {
      await syncing;
      closeSync(file);
    },
  };
}
