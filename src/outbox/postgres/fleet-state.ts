import type { FleetProcess, Waiting } from '../../model/fleet.ts';
import type { Database } from './database.ts';

const NOTE = `
  insert into refpost.waiting (server, spool, recorded, oldest, held, unreadable) values ($1, $2, $3, $4, $5, $6)
  on conflict (server, spool) do update
    set at = clock_timestamp(), recorded = $3, oldest = $4, held = $5, unreadable = $6`;

/** Says what waits in a spool, for those who look from elsewhere. */
export async function noteWaiting({ query }: Database, waiting: Waiting): Promise<void> {
  const { server, spool, recorded, oldest = null, held, unreadable } = waiting;
  await query(NOTE, [server, spool, recorded, oldest, held, unreadable]);
}

/** What was said last of each spool, and when, in milliseconds since 1970. @param server only of this one */
export async function readWaiting(
  { query }: Database,
  server: string | undefined,
): Promise<readonly (Waiting & { readonly at: number })[]> {
  const rows = await query<Waiting & { readonly at: number; readonly oldest: number | null }>(
    `select server, spool, extract(epoch from at)::float8 * 1000 as at, recorded, oldest::float8 as oldest, held, unreadable
     from refpost.waiting where $1::text is null or server = $1 order by server`,
    [server ?? null],
  );
  return rows.map(({ oldest, ...row }) => ({ ...row, ...(oldest === null ? {} : { oldest }) }));
}

/**
 * What waits of each server and was never tried, as one sum, by which the database reads each document and sends none. A push of which one audience's mails were
 * tried is counted there. A text in JSON has a backslash before each of its quotes, so that no subject counts as a mail.
 */
const UNTRIED = `
  select server, count(*) filter (where not is_tried)::float8 as pushes, sum(mails)::float8 as mails, min(since)::float8 as since
  from (
    select e.server, bool_or(e.events > 0) as is_tried,
      sum((length(d.document) - length(replace(d.document, '"messageId"', ''))) / ${'"messageId"'.length}) filter (where e.events = 0) as mails,
      min(substring(substr(d.document, strpos(d.document, '"queuedAt":'), 30) from '[0-9]{1,15}')::bigint) filter (where e.events = 0) as since
    from refpost.entry e join refpost.document d on d.server = e.server and d.entry = e.number
    where e.place = 'queue' and ($1::text is null or e.server = $1) and not ($2 and d.document ~ '"kind": ?"alarm"')
    group by e.server, e.push) push
  group by server having sum(mails) > 0`;

/** What waits that was never tried, by server. @param server only of this one */
export async function readUntried(
  { query }: Database,
  server: string | undefined,
  withoutAlarms: boolean,
): Promise<ReadonlyMap<string, { readonly pushes: number; readonly mails: number; readonly since: number }>> {
  const rows = await query<{ server: string; pushes: number; mails: number; since: number | null }>(UNTRIED, [
    server ?? null,
    withoutAlarms,
  ]);
  return new Map(
    rows.map(({ server, since, ...counts }) => [
      server,
      { ...counts, since: since ?? Number.POSITIVE_INFINITY },
    ]),
  );
}

/** The servers that have ledgers. */
export async function readServers(
  { query }: Database,
  server: string | undefined,
): Promise<readonly string[]> {
  const rows = await query<{ server: string }>(
    'select distinct server from refpost.ledger where $1::text is null or server = $1',
    [server ?? null],
  );
  return rows.map(row => row.server);
}

/** Those who are at work, and where none is, who was there last: one for each server and duty. A worker that hooks start comes and goes. */
export async function readProcesses({ query }: Database): Promise<readonly FleetProcess[]> {
  const rows = await query<FleetProcess>(
    `select server, mode, host, pid, until > clock_timestamp() as alive,
       extract(epoch from least(until, clock_timestamp()))::float8 * 1000 as seen
     from refpost.worker order by until desc limit 1000`,
  );
  const isFirst = (one: FleetProcess, nth: number) =>
    rows.findIndex(({ server, mode }) => server === one.server && mode === one.mode) === nth;
  return rows.filter((one, nth) => one.alive || isFirst(one, nth));
}
