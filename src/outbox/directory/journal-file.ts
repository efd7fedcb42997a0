import { closeSync, fdatasync, fstatSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { inSpool, openWhole, readWhole } from '../../disk/files.ts';
import type { JournalEvent } from '../../model/outbox-entry.ts';
import { seal, unseal } from './sealed-json.ts';

const datasync = promisify(fdatasync);

/** What could be read of a journal. */
interface Journal {
  readonly events: readonly JournalEvent[];
  readonly unreadable: number;
  /** True if the last line has no end: the next one must not be joined to it. */
  readonly torn: boolean;
}

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

/**
 * The events as lines of a journal:
 *
 *     {"at":1763811000000,"event":"sending","mail":3,"crc32":"b3a1f00d"}
 *     {"at":1763811000412,"event":"sent","mail":3,"recipient":"list@example.org","reply":"250 2.0.0 Ok","crc32":"0badc0de"}
 */
export function journalLines(events: readonly JournalEvent[]): string {
  return events.map(event => `${seal(event)}\n`).join('');
}

/**
 * The events of a journal. A line that is no whole event is counted and passed over: the end of a line that a crash cut short, or
 * a damaged one. The last line counts without its line end if it is whole, as it will from the next append on.
 */
export function parseJournal(text: string): Journal {
  const lines = text.split('\n');
  const written = lines.filter(line => line !== '');
  const events = written.map((line): unknown => unseal(line)).filter(isEvent);
  return { events, unreadable: written.length - events.length, torn: lines.at(-1) !== '' };
}

const KINDS = new Set<unknown>('sending sent deferred unreached held rejected dropped retry'.split(' '));

function isEvent(value: unknown): value is JournalEvent {
  const event = (value ?? {}) as Readonly<Partial<Record<keyof JournalEvent, unknown>>>;
  const texts = [event.recipient, event.reply, event.remedy];
  return (
    typeof event.at === 'number' &&
    Number.isInteger(event.mail) &&
    KINDS.has(event.event) &&
    ['undefined', 'number'].includes(typeof event.until) &&
    texts.every(text => ['undefined', 'string'].includes(typeof text))
  );
}
