import { fault } from '../../errors.ts';
import type { OutboxEntry } from '../../model/outbox-entry.ts';
import { parseEntry } from '../entry-text.ts';
import { foldJournal } from '../fold-journal.ts';
import { parseJournal } from '../journal-lines.ts';
import type { EntryRef, ListedEntry, Place, StoredBytes } from '../outbox.ts';
import { sha256 } from '../sealed-json.ts';

/**
 * As a condition: the statement is not waited for until it is on the disk. For what may be forgotten when the database dies: who had a lane, when an entry
 * is due, and that one is finished, which its journal says.
 */
export const LAZILY = `set_config('synchronous_commit', 'off', true) = 'off'`;

/** As a condition that is asked before a row is locked: who keeps a row of their own locked keeps nobody else waiting for longer. */
export const BRIEFLY = `set_config('lock_timeout', '2000', true) <> ''`;

/** An entry as ENTRIES reads it, all of it at one moment. */
export interface EntryRow {
  readonly number: number;
  readonly server: string;
  readonly push: string;
  readonly lane: string;
  readonly place: Place;
  /** Rows of its journal. */
  readonly events: number;
  readonly draft: string;
  readonly document: string | null;
  /** Its journal; null where that is too long. */
  readonly lines: string | null;
}

const DOCUMENT = 'refpost.document d where d.server = e.server and d.entry = e.number';
const JOURNAL = 'refpost.journal j where j.server = e.server and j.entry = e.number';

/** The bytes of an entry. How long a column is the database knows without reading it. To be followed by a condition on `e`. */
export const SIZES = `
  select e.number, coalesce((select octet_length(d.document) from ${DOCUMENT}), 0)
    + coalesce((select sum(octet_length(j.lines)) from ${JOURNAL}), 0) as bytes
  from refpost.entry e`;

/**
 * To be followed by a condition on `e`. What belongs to an entry is asked for row by row: a join might read all there is. A server that means harm may have
 * written what no memory holds: its document is limited, and its journal is not asked for then.
 */
export const ENTRIES = `
  select e.number::float8 as number, e.server, e.push, e.lane, e.place, e.events, e.draft,
    (select d.document from ${DOCUMENT}) as document,
    case when (select coalesce(sum(octet_length(j.lines)), 0) from ${JOURNAL}) <= ${2 ** 25}
      then coalesce((select string_agg(j.lines, '' order by j.seq) from ${JOURNAL}), '') end as lines
  from refpost.entry e`;

/**
 * Takes an entry out of the queue ($1), where a person finds it. Like all that looks at entries of several servers, it passes over a row that its server keeps
 * locked, and so keeps nobody else's waiting.
 */
export const PUT_ASIDE = `
  update refpost.entry set place = 'failed'
  where number = (select number from refpost.entry where number = $1 and place = 'queue' for no key update skip locked)`;

export function refOf({ place, number, push: id }: Pick<EntryRow, 'place' | 'number' | 'push'>): EntryRef {
  return { place, number, id };
}

export function entryOf({ document, number, server, lines }: EntryRow): OutboxEntry | undefined {
  const entry = document === null || lines === null ? undefined : parseEntry(document, number);
  return entry && { ...entry, server };
}

function damageOf({ document, lines }: EntryRow): string {
  if (lines === null) return 'its journal is longer than any';
  return `its document is ${document === null ? 'missing' : 'damaged'}`;
}

/** The same of one that is asked for by its number or push. @throws OperatorError where it is damaged */
export function soundEntryOf(row: EntryRow): OutboxEntry {
  const entry = entryOf(row);
  if (!entry) throw fault.damagedEntry(row.number, damageOf(row));
  return entry;
}

export function listed(row: EntryRow): ListedEntry {
  const [ref, entry] = [refOf(row), entryOf(row)];
  if (!entry) return { ref, damaged: damageOf(row) };
  return { ref, entry, state: stateOf(entry, row.lines) };
}

export function stateOf(entry: OutboxEntry, lines: string | null) {
  const { events, unreadable } = parseJournal(lines ?? '');
  return foldJournal(entry, events, unreadable);
}

/** The bytes of a mail if they are what was stored. @param found what is there; undefined: nothing */
export function checked({ mails }: OutboxEntry, number: number, found: Buffer | undefined): StoredBytes {
  if (found !== undefined && sha256(found) === mails[number - 1]?.sha256) return { bytes: found };
  const why = found === undefined ? 'it is missing' : 'its checksum does not fit its bytes';
  return { damaged: `refpost cannot send this mail: it was damaged in the database (${why})` };
}
