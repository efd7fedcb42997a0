import { ENTRIES, SIZES } from './entry-rows.ts';

/** So many entries, and bytes of them, are read at a time: one at the least. */
const PAGE = 100;
const PAGE_BYTES = 2 ** 25;

/** Milliseconds for a server whose worker has died to start another one. */
const GRACE = 30_000;

/**
 * What this process might work on: of no lane that another one has, or of which it has enough already, and of a lane of several servers whose workers
 * send for themselves nothing before what another one is about to send, or will be when it is started again. $1: our key, $2: our server, or null for all,
 * $5: the moment.
 */
const OPEN = `
  place = 'queue' and ($2::text is null or server = $2 and not exists (select from refpost.entry o
    where o.lane = entry.lane and o.number < entry.number and o.server <> $2 and o.place = 'queue' and o.due_at <= $5::bigint
      and (o.noted_at > $5::bigint - ${GRACE} or exists (select from refpost.worker w where w.server = o.server and refpost.is_alive(w.key))))) and number <> all($3::bigint[]) and lane <> all($4::text[])
  and lane not in (select key from refpost.lane where held and holder is distinct from $1 and refpost.is_alive(holder))`;

/**
 * What is due, and when the next one is, found by the index on what waits, however much is finished: no other one has that order. Where an array is asked
 * for, the planner counts on a few rows.
 */
export const DUE = `
  with ready as (select number from refpost.entry where due_at <= $5 and ${OPEN} order by due_at, number limit ${PAGE}),
  sizes as (${SIZES} where e.number = any (array(select number from ready))),
  page as (select number, sum(bytes) over (order by number) as bytes, row_number() over (order by number) as nth from sizes)
  ${ENTRIES} where e.number = any (array(select number from page where nth = 1 or bytes <= ${PAGE_BYTES})) order by e.number`;

export const NEXT = `
  select (select true from refpost.entry where place = 'queue' and ($2::text is null or server = $2)
      order by due_at, number limit 1) as queued,
    (select due_at::float8 as at from refpost.entry where ${OPEN} order by due_at, number limit 1) as due`;

/** What was put off by a clock that has gone wrong by more than a minute. */
export const RIGHT_CLOCK = `
  update refpost.entry set due_at = 0 where number = any (array(select number from refpost.entry
    where place = 'queue' and due_at > 0 and noted_at > $1::bigint + 60000 for no key update skip locked))`;
