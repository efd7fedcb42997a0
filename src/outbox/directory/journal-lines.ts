import type { JournalEvent } from '../../model/outbox-entry.ts';
import { seal, unseal } from './sealed-json.ts';

/** What could be read of a journal. */
export interface Journal {
  readonly events: readonly JournalEvent[];
  readonly unreadable: number;
  /** True if the last line has no end: the next one must not be joined to it. */
  readonly torn: boolean;
}

const KINDS: ReadonlySet<unknown> = new Set([
  'sending',
  'sent',
  'deferred',
  'unreached',
  'held',
  'rejected',
  'dropped',
  'retry',
]);

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
  const torn = lines.at(-1) !== '';
  const written = lines.filter(line => line !== '');
  const events = written.map(parseEvent).filter(event => event !== undefined);
  return { events, unreadable: written.length - events.length, torn };
}

function parseEvent(line: string): JournalEvent | undefined {
  const event = unseal(line);
  return event && isEvent(event) ? event : undefined;
}

function isEvent(value: object): value is JournalEvent {
  const event = value as Readonly<Record<keyof JournalEvent, unknown>>;
  const texts = [event.recipient, event.reply, event.remedy].every(
    text => text === undefined || typeof text === 'string',
  );
  const until = event.until === undefined || typeof event.until === 'number';
  return (
    texts && until && typeof event.at === 'number' && Number.isInteger(event.mail) && KINDS.has(event.event)
  );
}
