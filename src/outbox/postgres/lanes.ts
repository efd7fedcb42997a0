import type { EntryRef } from '../outbox.ts';
import type { Query } from './database.ts';
import { ENTRIES, type EntryRow, LAZILY } from './entry-rows.ts';
import type { Life, Session } from './session.ts';

/** The lane of an entry, if nobody else has it who lives, or keeps its row locked. */
const TAKE = `
  update refpost.lane l set holder = $2, held = true,
    epoch = l.epoch + case when l.holder <> $2 then 1 else 0 end
  from refpost.entry e
  where e.number = $1 and e.place = 'queue' and ${LAZILY}
    and l.key = (select key from refpost.lane where key = e.lane for no key update skip locked)
    and (not l.held or l.holder = $2 or not refpost.is_alive(l.holder))
  returning l.key, l.epoch::float8 as epoch`;

/** A number alone may be that of another entry, since the database has gone back to a copy of itself. */
export const TAKEN = `${ENTRIES} where e.number = $1 and e.push = $2 and e.lane = coalesce($3, e.lane) and e.place = 'queue'`;

const RELEASE = `
  update refpost.lane set held = false
  where key = any (array(select key from refpost.lane join unnest($1::text[], $2::bigint[]) as ours (key, holder) using (key, holder)
    where held for no key update of lane skip locked)) and ${LAZILY}`;

interface Lane {
  readonly key: string;
  readonly life: Life;
  readonly epoch: number;
  /** Entries of it that are at hand. */
  users: number;
}

/**
 * The lanes that this process has. One is kept as long as entries of it are at hand or wait for their turn here, so that it need not be taken for
 * each of them. @param isWanted true for one of which entries wait for their turn
 */
export function openLanes(query: Query, session: Session, isWanted: (lane: string) => boolean) {
  const held = new Map<string, Lane>();
  /** None is taken meanwhile: it would be given back at once. */
  let leaving: Promise<unknown> = Promise.resolve();

  /**
   * An entry and its lane, which is ours then; undefined where that is somebody else's, or there is nothing to do for the entry.
   * @param name of the lane, where it is known
   */
  async function take({ number, id }: EntryRef, name?: string) {
    await leaving;
    const life = await session.life();
    const lane = ours(name, life) ?? (await taken(number, life));
    if (!lane) return undefined;
    lane.users++;
    // What the last holder wrote is seen by a statement that starts when the lane is ours.
    const [row] = await query<EntryRow>(TAKEN, [number, id, name], 'taken');
    if (!row) lane.users--;
    const isSure = () => session.isSure(life);
    return row && { row, fence: { key: life.key, epoch: lane.epoch, isSure } };
  }

  async function taken(number: number, life: Life): Promise<Lane | undefined> {
    const [row] = await query<{ key: string; epoch: number }>(TAKE, [number, life.key], 'take');
    const lane = row && (ours(row.key, life) ?? { ...row, life, users: 0 });
    if (lane) held.set(lane.key, lane);
    return lane;
  }

  function ours(name: string | undefined, life: Life): Lane | undefined {
    const lane = name === undefined ? undefined : held.get(name);
    return lane?.life === life ? lane : undefined;
  }

  /** Gives back those that nothing here needs. Where that fails, they are free when the lease is over. */
  async function tidy(): Promise<void> {
    const idle = [...held.values()].filter(({ key, users }) => users === 0 && !isWanted(key));
    if (idle.length === 0) return;
    for (const { key } of idle) held.delete(key);
    const values = [idle.map(({ key }) => key), idle.map(({ life }) => life.key)];
    await leave(() => query(RELEASE, values, 'release'));
  }

  async function leave(work: () => Promise<unknown>): Promise<void> {
    leaving = Promise.all([leaving, work()]).catch(() => undefined);
    await leaving;
  }

  return {
    take,
    tidy,
    /** True for one that this process has at the moment. */
    has: (name: string) => held.has(name),
    /** An entry of it is no longer at hand. */
    drop: (name: string) => {
      const lane = held.get(name);
      if (lane) lane.users--;
    },
    /** Finishes the entry at hand, and gives the lane back by the same statement where that was the last that this process wants of it. */
    async finish<T>(name: string, finish: (keep: boolean) => Promise<T>): Promise<T> {
      const keep = held.get(name)?.users !== 1 || isWanted(name);
      if (keep) return finish(keep);
      held.delete(name);
      const finished = finish(keep);
      await leave(() => finished);
      return finished;
    },
  };
}
