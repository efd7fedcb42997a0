import { fault } from '../../errors.ts';
import type { JournalEvent, OutboxEntry } from '../../model/outbox-entry.ts';
import { dueMail, type EntryState, placeOf } from '../entry-state.ts';
import { withEvents } from '../fold-journal.ts';
import { journalLines } from '../journal-lines.ts';
import type { Appended, Place, StoredBytes } from '../outbox.ts';
import type { Query } from './database.ts';
import { checked, ENTRIES, type EntryRow, stateOf } from './entry-rows.ts';

/** What says that a lane is ours: nothing is written without it, and nobody else gets the lane while that is being written. */
export interface Fence {
  /** The key of this life as a worker; null where it has none. */
  readonly key: string | null;
  readonly epoch: number;
  /** True while nobody can have taken the lane. */
  isSure(): boolean;
}

const FENCED = `
  with fence as (select key from refpost.lane
    where key = $1 and epoch = $2 and (holder = $3 or holder is null) for share)`;

const APPEND = `${FENCED},
  entry as (update refpost.entry set events = events + 1, due_at = $5, noted_at = $6
    where number = $4 and exists (select from fence) returning number, events, server)
  insert into refpost.journal (entry, seq, server, lines) select number, events, server, $7 from entry
  returning seq`;

const NOTE_DUE = `${FENCED}
  update refpost.entry set due_at = $5, noted_at = $6
  where number = $4 and events = $7 and exists (select from fence) returning 1`;

/** Lets go of the lane, too, unless it is kept. */
const FINISH = `
  with fence as (update refpost.lane set held = held and $8
    where key = $1 and epoch = $2 and (holder = $3 or holder is null) returning key)
  update refpost.entry set place = $5, due_at = 0, finished_at = to_timestamp($6::bigint / 1000.0)
  where number = $4 and events = $7 and exists (select from fence) returning 1`;

const MAILS =
  'select number, bytes from refpost.mail where server = $1 and draft = $2 and number between $3 and $4 and octet_length(bytes) <= $5::bigint';

/** So many mails, or bytes of them, are read at once. */
const BATCH = 16;
const BATCH_BYTES = 1 << 19;

export type AtHand = ReturnType<typeof openAtHand>;

/** When an entry is due as its row says: 0 at once, for it is offered or finished. */
export function dueMoment(state: EntryState, at: number): number {
  const due = dueMail(state, at);
  return due.due === 'later' ? due.at : 0;
}

/** An entry at hand. Its statements follow one another; another worker's or a person's words are seen by the number of rows in its journal. */
export function openAtHand(query: Query, row: EntryRow, entry: OutboxEntry, fence: Fence, now: () => number) {
  let state = stateOf(entry, row.lines);
  let { events: count } = row;
  /** What is in `state` and not yet in the database. */
  const unwritten: (readonly JournalEvent[])[] = [];
  let writing: Promise<unknown> = Promise.resolve();
  let broken: { readonly error: unknown } | undefined;
  const batches = new Map<number, Promise<ReadonlyMap<number, Buffer>>>();
  const ours = [row.lane, fence.epoch, fence.key, row.number];

  function append(events: readonly JournalEvent[]): Promise<Appended> {
    if (broken) throw broken.error;
    state = withEvents(state, events);
    const appended = state;
    unwritten.push(events);
    const durable = inTurn(() => write(events, appended));
    return settled(durable);
  }

  /** While the lane is surely ours there is no need to wait for the server: the words are on their way, whatever becomes of this process. */
  async function settled(durable: Promise<void>): Promise<Appended> {
    if (fence.isSure()) durable.catch(ignored);
    else await durable;
    return { state, durable };
  }

  async function write(events: readonly JournalEvent[], after: EntryState): Promise<void> {
    const at = events.at(-1)?.at ?? now();
    const values = [...ours, dueMoment(after, at), at, journalLines(events)];
    const [written] = await query<{ seq: number }>(APPEND, values, 'append');
    if (!written) throw await gone();
    unwritten.shift();
    count++;
    if (written.seq !== count) await reread();
  }

  /** Somebody has said something in between. */
  async function reread(): Promise<void> {
    const [found] = await query<EntryRow>(`${ENTRIES} where e.number = $1`, [row.number], 'entry');
    if (!found) throw fault.entryGone(row.number, row.push);
    count = found.events;
    const stored = stateOf(entry, found.lines);
    const at = now();
    await query(NOTE_DUE, [...ours, dueMoment(stored, at), at, count], 'note-due');
    state = unwritten.reduce(withEvents, stored);
  }

  async function gone(): Promise<unknown> {
    const [found] = await query('select from refpost.entry where number = $1', [row.number]);
    return found ? fault.claimLost(row.number) : fault.entryGone(row.number, row.push);
  }

  /** One after another. What fails leaves it open what was written: then this entry has to be claimed anew. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = writing.then(() => {
      if (broken) throw broken.error;
      return work();
    });
    writing = turn.catch((error: unknown) => {
      broken ??= { error };
    });
    return turn;
  }

  /** Asks whether there are words of others, and whether the lane is still ours. */
  const look = () =>
    inTurn(async () => {
      const seen = `${FENCED} select events from refpost.entry where number = $4 and exists (select from fence)`;
      const [found] = await query<{ events: number }>(seen, ours, 'look');
      if (!found) throw await gone();
      if (found.events !== count) await reread();
      return state;
    });

  /** @param keep the lane, unless it is given back before a person asks for another try */
  async function finish(keep: boolean): Promise<{ readonly place: Place; readonly kept: boolean }> {
    for (let kept = true; ; kept = keep) {
      const place = placeOf(state);
      if (place === 'queue') return { place, kept };
      const values = [...ours, place, now(), count, keep];
      const [done] = await inTurn(() => query(FINISH, values, 'finish'));
      if (done) return { place, kept: keep };
      await look();
    }
  }

  /** Mails come several at a time, the next ones while those before them are sent. */
  async function readMail(number: number): Promise<StoredBytes> {
    const found = await batchWith(number);
    for (const each of batches.keys()) if (each < number) batches.delete(each);
    if (number < entry.mails.length) batchWith(number + 1).catch(ignored);
    return checked(entry, number, found.get(number));
  }

  function batchWith(first: number): Promise<ReadonlyMap<number, Buffer>> {
    const known = batches.get(first);
    if (known) return known;
    let [last, bytes] = [first, entry.mails[first - 1]?.length ?? 0];
    for (; last < entry.mails.length && last - first < BATCH - 1; last++) {
      bytes += entry.mails[last]?.length ?? 0;
      if (bytes > BATCH_BYTES) break;
    }
    // What is longer than its document says is damaged in any case, and may be longer than the memory.
    const longest = Math.max(...entry.mails.slice(first - 1, last).map(({ length }) => length));
    const batch = query<{ number: number; bytes: Buffer }>(
      MAILS,
      [row.server, row.draft, first, last, longest],
      'mails',
    ).then(rows => new Map(rows.map(({ number, bytes }) => [number, bytes])));
    for (let number = first; number <= last; number++) batches.set(number, batch);
    batch.catch(() => batches.clear());
    return batch;
  }

  return {
    lane: row.lane,
    entry,
    state: () => state,
    append,
    look,
    finish,
    readMail,
    /** Waits until all that was said is written, or has failed. */
    close: async () => void (await writing),
  };
}

function ignored(): void {}
