import { fault } from '../../errors.ts';
import type { JournalEvent, OutboxEntry } from '../../model/outbox-entry.ts';
import { dueMail, type EntryState, placeOf } from '../entry-state.ts';
import { withEvents } from '../fold-journal.ts';
import { journalLines } from '../journal-lines.ts';
import type { Appended, Place } from '../outbox.ts';
import type { Query } from './database.ts';
import { isContradiction } from './database-fault.ts';
import { BRIEFLY, ENTRIES, type EntryRow, LAZILY, PUT_ASIDE, stateOf } from './entry-rows.ts';
import { type Line, openJournal } from './journal.ts';
import { mailReader } from './mail-reader.ts';

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
    where key = $1 and epoch = $2 and (holder = $3 or holder is null) and ${BRIEFLY} for share)`;

/** A database that has gone back to a copy of itself gives a number once more: what is at hand is not what has it then. */
const FOR_THIS = 'number = $4 and draft = $5 and exists (select from fence)';

const NOTE_DUE = `${FENCED}
  update refpost.entry set due_at = $6, noted_at = $7
  where ${FOR_THIS} and events = $8 and ${LAZILY} returning 1`;

/** Lets go of the lane, too, unless it is kept. */
const FINISH = `
  with fence as (update refpost.lane set held = held and $9
    where key = $1 and epoch = $2 and (holder = $3 or holder is null) and ${LAZILY} and ${BRIEFLY} returning key)
  update refpost.entry set place = $6, due_at = 0, finished_at = to_timestamp($7::bigint / 1000.0)
  where ${FOR_THIS} and events = $8 returning 1`;

export type AtHand = ReturnType<typeof openAtHand>;

/** When an entry is due as its row says: 0 at once, for it is offered or finished. */
export function dueMoment(state: EntryState, at: number): number {
  const due = dueMail(state, at);
  return due.due === 'later' ? due.at : 0;
}

/** Words on their way to the journal. */
interface Words {
  readonly events: readonly JournalEvent[];
  /** The place of their row, when it is there. */
  seq?: number | undefined;
  /** What their first statement came to; null where it came before the one before it. */
  sent: Promise<number | null>;
}

/**
 * An entry at hand. Another worker's or a person's words are seen by the number of rows in its journal. A statement is sent while the one before it waits for the disk, by
 * another connection: it writes nothing if it overtakes that, and is sent anew.
 */
export function openAtHand(
  query: Query,
  row: EntryRow,
  entry: OutboxEntry,
  fence: Fence,
  now: () => number,
  postpone: () => void = ignored,
) {
  let state = stateOf(entry, row.lines);
  let { events: count } = row;
  /** So many rows are there before the next one. */
  let before = row.events;
  /** What is in `state` and may not be in the database. */
  const unwritten: Words[] = [];
  let writing: Promise<unknown> = Promise.resolve();
  let broken: { readonly error: unknown } | undefined;
  const ours = [row.lane, fence.epoch, fence.key, row.number, row.draft];
  const journal = openJournal(query, row, ours);

  function append(events: readonly JournalEvent[]): Promise<Appended> {
    if (broken) throw broken.error;
    state = withEvents(state, events);
    const at = events.at(-1)?.at ?? now();
    const line: Line = [dueMoment(state, at), at, journalLines(events)];
    const words: Words = { events, sent: journal.say(line, before++) };
    words.sent.then(seq => (words.seq = seq ?? undefined), ignored);
    unwritten.push(words);
    return settled(inTurn(() => write(words, line)));
  }

  /** While the lane is surely ours there is no need to wait for the server: the words are on their way, whatever becomes of this process. */
  async function settled(durable: Promise<void>): Promise<Appended> {
    if (fence.isSure()) durable.catch(ignored);
    else await durable;
    return { state, durable, stillOurs: async () => (fence.isSure() ? undefined : durable) };
  }

  async function write({ sent }: Words, line: Line): Promise<void> {
    const seq = await journal.insist(line, sent);
    if (seq === null) throw fault.claimLost(row.number);
    unwritten.shift();
    before = Math.max(before, seq + unwritten.length);
    if (seq > count + 1) await reread();
    else count = Math.max(count, seq);
  }

  /** Somebody has said something in between. */
  async function reread(): Promise<void> {
    await Promise.allSettled(unwritten.map(({ sent }) => sent));
    const [found] = await query<EntryRow>(`${ENTRIES} where e.number = $1`, [row.number], 'entry');
    // In a copy of the database that was made before, there is none, or another one.
    if (found?.draft !== row.draft) throw fault.claimLost(row.number);
    count = found.events;
    const stored = stateOf(entry, found.lines);
    const at = now();
    await query(NOTE_DUE, [...ours, dueMoment(stored, at), at, count], 'note-due');
    const missing = unwritten.filter(({ seq }) => seq === undefined).flatMap(({ events }) => events);
    state = withEvents(stored, missing);
  }

  /**
   * One after another. What fails leaves it open what was written: then this entry has to be claimed anew. Where its own server has made its rows
   * such that nothing can be written any more, a person has to see to it.
   */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = writing.then(async () => {
      if (broken) throw broken.error;
      try {
        return await work();
      } catch (error) {
        if (!isContradiction(error)) throw error;
        await query(PUT_ASIDE, [row.number]);
        postpone();
        throw fault.claimLost(row.number);
      }
    });
    writing = turn.catch((error: unknown) => {
      broken ??= { error };
    });
    return turn;
  }

  /** Asks whether there are words of others, and whether the lane is still ours. */
  const look = () =>
    inTurn(async () => {
      const seen = `${FENCED} select events from refpost.entry where ${FOR_THIS}`;
      const [found] = await query<{ events: number }>(seen, ours, 'look');
      if (!found) throw fault.claimLost(row.number);
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

  return {
    lane: row.lane,
    entry,
    state: () => state,
    append,
    look,
    finish,
    readMail: mailReader(query, row, entry),
    /** True where something could not be written: what is left of the entry is for whoever has the lane. */
    isLost: () => broken !== undefined,
    /** Waits until all that was said is written, or has failed. */
    close: async () => void (await Promise.allSettled([writing, ...unwritten.map(({ sent }) => sent)])),
  };
}

function ignored(): void {}
