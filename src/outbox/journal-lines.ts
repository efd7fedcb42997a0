import type { JournalEvent } from '../model/outbox-entry.ts';
import { isMoment } from './entry-text.ts';
import { seal, unseal } from './sealed-json.ts';

/** What could be read of a journal. */
interface Journal {
  readonly events: readonly JournalEvent[];
  readonly unreadable: number;
  /** True if the last line has no end: the next one must not be joined to it. */
  readonly torn: boolean;
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
    isMoment(event.at) &&
    Number.isInteger(event.mail) &&
    KINDS.has(event.event) &&
    (event.until === undefined || isMoment(event.until)) &&
    texts.every(text => ['undefined', 'string'].includes(typeof text))
  );
}
