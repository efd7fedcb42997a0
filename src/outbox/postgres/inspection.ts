import type { JournalEvent } from '../../model/outbox-entry.ts';
import { drops, type EntryState, retries } from '../entry-state.ts';
import { journalLines } from '../journal-lines.ts';
import {
  type EntryRef,
  type Inspection,
  type ListedEntry,
  mailsAbout,
  type Place,
  type ReadableEntry,
} from '../outbox.ts';
import type { Database, Query } from './database.ts';
import { ENTRIES, type EntryRow, listed, refOf } from './entry-rows.ts';

const PAGE = 100;

export const IN_PLACE = `${ENTRIES}
  where e.place = $1 and e.number > $2 and ($3::text is null or e.server = $3) and e.events >= $4 order by e.number limit ${PAGE}`;

const FOUND = `
  select place, number::float8 as number, push from refpost.entry
  where ($2::text is null or server = $2) and`;

/** Where a document has a text in it: each is looked at, which is a matter of seconds for a million. */
const MENTIONED = `
  select entry::float8 as number from refpost.document
  where ($2::text is null or server = $2) and strpos(document, $1) > 0 order by entry`;

const NUMBERED = `${ENTRIES} where e.number = any($1::bigint[]) order by e.number`;

/** What a person says, if nothing was said since they looked; with where the entry is then, which may be where it was. */
const SAY = `
  with entry as (update refpost.entry set events = events + case when $4 = '' then 0 else 1 end, place = $3, due_at = 0,
      finished_at = case when $3 = 'done' then coalesce(finished_at, to_timestamp($5::bigint / 1000.0)) end
    where number = $1 and events = $2 returning number, events, server),
  journal as (insert into refpost.journal (entry, seq, server, lines)
    select number, events, server, $4 from entry where $4 <> '')
  select refpost.nudge() from entry`;

/** Those in a place, in their order. @param events so many rows a journal has at the least */
async function* inPlace(
  query: Query,
  place: Place,
  shows: string | null,
  events = 0,
): AsyncGenerator<ListedEntry> {
  for (let last = 0; ; ) {
    const rows = await query<EntryRow>(IN_PLACE, [place, last, shows, events], 'in-place');
    for (const row of rows) yield listed(row);
    if (rows.length < PAGE) return;
    last = rows.at(-1)?.number ?? last;
  }
}

/** The entries that were given up, and those that wait and were tried. @param server only of this one */
export async function* triedEntries(
  { query }: Database,
  server: string | undefined,
): AsyncGenerator<ListedEntry> {
  const unnamed: Query = (text, values) => query(text, values);
  yield* inPlace(unnamed, 'queue', server ?? null, 1);
  yield* inPlace(unnamed, 'failed', server ?? null);
}

/** What people see of a database, and the two things they may do to an entry. A worker that is at it sees that with its next word. */
export function inspection(
  query: Query,
  { shows = null }: { readonly shows?: string | null },
  requireTables: () => Promise<void>,
): Inspection {
  const find: Inspection['find'] = async name => {
    if (name === '') return [];
    const [, number = '', id = ''] = /^(\d{1,15})(?:-(.*))?$/s.exec(name) ?? [];
    const exact = await found(`(push = $1 or number = $3 and $4 in ('', push))`, name, number || '-1', id);
    if (exact.length > 0) return exact;
    return found('push like $1', `${name.replace(/[\\%_]/g, '\\$&')}%`);
  };

  async function* about(name: string): AsyncGenerator<ReadableEntry> {
    const found = await query<{ number: number }>(MENTIONED, [JSON.stringify(name).slice(1, -1), shows]);
    for (let from = 0; from < found.length; from += PAGE) {
      const numbers = found.slice(from, from + PAGE).map(({ number }) => number);
      for (const row of await query<EntryRow>(NUMBERED, [numbers])) {
        const one = listed(row);
        if (one.damaged === undefined && mailsAbout(one.entry, name).length > 0) yield one;
      }
    }
  }

  async function found(condition: string, name: string, ...more: readonly string[]): Promise<EntryRef[]> {
    const rows = await query<EntryRow>(`${FOUND} ${condition} order by number`, [name, shows, ...more]);
    return rows.map(refOf);
  }

  async function read({ number, id }: EntryRef): Promise<EntryRow | undefined> {
    const [row] = await query<EntryRow>(
      `${ENTRIES} where e.number = $1 and e.push = $2`,
      [number, id],
      'show',
    );
    return row;
  }

  const show: Inspection['show'] = async ref => {
    const row = await read(ref);
    return row && listed(row);
  };

  /** @param place where the entry is then; undefined: where it is */
  async function say(
    ref: EntryRef,
    now: number,
    events: (state: EntryState, now: number) => readonly JournalEvent[],
    place: (row: EntryRow, isSaid: boolean) => Place | undefined,
  ): Promise<ListedEntry | undefined> {
    await requireTables();
    for (;;) {
      const row = await read(ref);
      if (!row) return undefined;
      const entry = listed(row);
      const said = entry.damaged === undefined ? journalLines(events(entry.state, now)) : '';
      const to = place(row, said !== '');
      if (to === undefined) return entry;
      const done = await query(SAY, [ref.number, row.events, to, said, now], 'say');
      if (done.length > 0) return show(ref);
    }
  }

  return {
    entries: place => inPlace(query, place, shows),
    find,
    about,
    show,
    retry: (ref, now) => say(ref, now, retries, (_, isSaid) => (isSaid ? 'queue' : undefined)),
    drop: (ref, now) => say(ref, now, drops, () => 'done'),
    nudge: async () => void (await query('select refpost.nudge()')),
  };
}
