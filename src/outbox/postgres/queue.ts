import { fault } from '../../errors.ts';
import type { Claim, DamagedEntry, Queue, ReadableEntry } from '../outbox.ts';
import { type AtHand, dueMoment, openAtHand } from './at-hand.ts';
import type { Query } from './database.ts';
import { isContradiction } from './database-fault.ts';
import { ENTRIES, type EntryRow, entryOf, LAZILY, listed, PUT_ASIDE, soundEntryOf } from './entry-rows.ts';
import { openLanes, TAKEN } from './lanes.ts';
import { mailReader, readOneMail } from './mail-reader.ts';
import { openOffers } from './offers.ts';
import type { PostgresOptions, Session } from './session.ts';
import type { Wakes } from './wakes.ts';
import { DUE, NEXT, RIGHT_CLOCK } from './what-is-due.ts';

const NOTE_DUE = `
  update refpost.entry set due_at = $3, noted_at = $4 where number = (select number from refpost.entry
    where number = $1 and events = $2 for no key update skip locked) and ${LAZILY}`;

/** After so many milliseconds a lane is asked for again that could not be taken twice: what somebody else has is not even offered. */
const TAKE_AGAIN = 1000;
/** The same for an entry of which nothing can be written, since its own server has locked or spoiled its rows. */
const STUCK = 300_000;

/** Working off the queue in a database, beside others who do. */
export function queue(
  query: Query,
  session: Session,
  wakes: Wakes,
  { server, mode, now }: PostgresOptions,
): Queue {
  const mine = mode === 'sender' ? null : server;
  const atHand = new Map<number, AtHand>();
  const offers = openOffers();
  /** Lanes that could not be taken once. */
  const missed = new Set<string>();
  /** What `ahead` has read. */
  let early: (Pick<AtHand, 'entry' | 'readMail'> & { readonly row: EntryRow }) | undefined;
  const lanes = openLanes(query, session, offers.isWaiting);
  let lastPass = Number.NEGATIVE_INFINITY;
  /** It has neither looked nor written: a look may find what a wrong clock has put off. */
  let isNew = true;
  let isClosed = false;

  const due: Queue['due'] = async function* (moment, but) {
    if (mode === 'intake') return;
    const pass = wakes.pass();
    const isBack = moment < lastPass;
    if ((await session.heed()) || isBack) offers.recall();
    if (isNew || isBack) await query(RIGHT_CLOCK, [moment]);
    isNew = false;
    lastPass = moment;
    offers.forget(moment, but);
    for (const row of await query<EntryRow>(DUE, [...open(but), moment], 'due')) {
      if (offers.isRecalled(row.lane)) continue;
      const found = listed(row);
      if (found.damaged !== undefined) yield await putAside(found);
      else if (await isDue(row, found, moment)) {
        offers.add(row.number, row.lane);
        yield found;
      }
    }
    await lanes.tidy();
    pass(lane => lanes.has(lane) || offers.isWaiting(lane));
  };

  /** What the table says may be wrong, of a moment or by another's clock. */
  async function isDue({ number, events }: EntryRow, { state }: ReadableEntry, moment: number) {
    const at = dueMoment(state, moment);
    if (at > 0) await query(NOTE_DUE, [number, events, at, moment]);
    return at === 0;
  }

  /** The first four values of the statements. */
  function open(but: ReadonlySet<number>): unknown[] {
    const closed = offers.closed(but);
    return [session.current()?.key ?? null, mine, closed.numbers, closed.lanes];
  }

  async function putAside({ ref, damaged }: DamagedEntry): Promise<DamagedEntry> {
    await query(PUT_ASIDE, [ref.number]);
    return { ref: { ...ref, place: 'failed' }, damaged };
  }

  const nextDue: Queue['nextDue'] = async (but = new Set()) => {
    if (mode === 'intake') return undefined;
    const [found] = await query<{ queued: true | null; due: number | null }>(
      NEXT,
      [...open(but), now()],
      'next',
    );
    if (!found?.queued) return undefined;
    if (isNew) return 0;
    return Math.min(found.due ?? Number.POSITIVE_INFINITY, offers.next());
  };

  const claim: Queue['claim'] = async ref => {
    const lane = offers.laneOf(ref.number);
    if (!offers.take(ref.number)) return undefined;
    const taken = await lanes.take(ref, lane).catch(async (error: unknown) => {
      if (!isContradiction(error)) throw error;
      await query(PUT_ASIDE, [ref.number]);
    });
    if (!taken) {
      if (lane === undefined) return undefined;
      offers.recallLane(lane);
      if (missed.delete(lane)) offers.rest(lane, now() + TAKE_AGAIN);
      else missed.add(lane);
      return undefined;
    }
    const { row, fence } = taken;
    missed.delete(row.lane);
    const known = early?.row.document === row.document && early.row.draft === row.draft ? early : undefined;
    early = undefined;
    const entry = known?.entry ?? entryOf(row);
    // `due` says that it is damaged.
    if (!entry) return void lanes.drop(row.lane);
    const postpone = () => offers.postpone(row.number, row.lane, now() + STUCK);
    const held = openAtHand(query, row, entry, fence, now, postpone);
    atHand.set(ref.number, { ...held, ...(known && { readMail: known.readMail }) });
    return { entry, state: held.state(), epoch: fence.epoch };
  };

  const ahead: Queue['ahead'] = async ({ number, id }) => {
    const [row] = await query<EntryRow>(TAKEN, [number, id, offers.laneOf(number)], 'taken');
    const found = row && listed(row);
    if (!found || found.damaged !== undefined) return undefined;
    early = { row, entry: found.entry, readMail: mailReader(query, row, found.entry) };
    return found;
  };

  const release: Queue['release'] = async ({ entry: { number } }) => {
    const held = atHand.get(number);
    if (!held) return;
    atHand.delete(number);
    await held.close();
    // What follows in the lane waits for the rest of this one.
    if (held.isLost()) offers.recallLane(held.lane);
    if (mode === 'sender' && dueMoment(held.state(), now()) > 0) await wakes.later(held.lane);
    lanes.drop(held.lane);
    if (!offers.isWaiting(held.lane)) await lanes.tidy();
  };

  /** With the entry at hand, or with one that is read for this once. */
  async function using<T>({ entry, epoch }: Claim, task: (held: AtHand) => Promise<T>): Promise<T> {
    const { number } = entry;
    const open = atHand.get(number);
    if (isClosed) throw fault.claimLost(number);
    if (open) return task(open);
    const [row] = await query<EntryRow>(`${ENTRIES} where e.number = $1`, [number], 'entry');
    if (!row) throw fault.entryGone(number, entry.push.id);
    const found = soundEntryOf(row);
    const fence = { key: session.current()?.key ?? null, epoch, isSure: () => false };
    return task(openAtHand(query, row, found, fence, now));
  }

  const append: Queue['append'] = (claim, events) =>
    using(claim, async held => {
      isNew = false;
      if (events.length > 0) return held.append(events);
      return { state: await held.look(), durable: Promise.resolve(), stillOurs: async () => {} };
    });

  const record: Queue['record'] = async (claim, events) => {
    const { state, durable } = await append(claim, events);
    await durable;
    return atHand.get(claim.entry.number)?.state() ?? state;
  };

  const finish: Queue['finish'] = claim =>
    using(claim, async held => (await lanes.finish(held.lane, held.finish)).place);

  return {
    due,
    nextDue,
    claim,
    ahead,
    release,
    postpone: ({ entry: { number } }, until) =>
      offers.postpone(number, atHand.get(number)?.lane ?? '', until),
    recall: offers.recall,
    nudged: session.nudged,
    stirred: async (but, moment) =>
      wakes.isAwake() || ((await nextDue(but)) ?? Number.POSITIVE_INFINITY) <= moment,
    watch: session.watch,
    readMail: async (entry, number) => {
      const known = atHand.get(entry.number) ?? (early?.entry === entry ? early : undefined);
      return known ? known.readMail(number) : readOneMail(query, entry, number);
    },
    record,
    append,
    finish,
    close: async () => {
      isClosed = true;
      await Promise.all([...atHand.values()].map(held => held.close()));
      atHand.clear();
      await wakes.close();
      await session.close();
    },
  };
}
