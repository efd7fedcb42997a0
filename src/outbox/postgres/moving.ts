import { setTimeout as sleep } from 'node:timers/promises';
import { fault } from '../../errors.ts';
import type { JournalEvent } from '../../model/outbox-entry.ts';
import { journalLines, parseJournal } from '../journal-lines.ts';
import { type MovableFrom, type MovableTo, type MovingEntry, type MovingPush, mailsOf } from '../moving.ts';
import type { Claim, DamagedEntry, Outbox } from '../outbox.ts';
import { seal } from '../sealed-json.ts';
import type { Database, Query } from './database.ts';
import { ENTRIES, type EntryRow, entryOf, refOf } from './entry-rows.ts';
import { laneOf } from './intake.ts';
import { draftId } from './staging.ts';

export interface FleetOptions {
  readonly database: Database;
  /** Opened for a worker: it claims what is moved away. */
  readonly outbox: Outbox;
  readonly server: string;
  readonly nameOf: (repository: string) => Promise<string>;
  /** Whether a repository belongs to what is moved: a server may have several spools. */
  readonly isOurs: (repository: string) => Promise<boolean>;
  /** Repositories that may have a ledger under a name which does not say where they are. */
  readonly repositories: readonly string[];
  readonly now: () => number;
}

const PUSHES = `
  select push as id from refpost.entry where server = $1 group by push
  having $2 or bool_or(place <> 'done') order by min(number)`;

/** A push is known as long as an entry of it is left. */
const REMOVE = `
  with gone as (delete from refpost.entry e using unnest($3::bigint[], $4::integer[]) as seen (number, events)
    where e.server = $1 and e.push = $2 and e.number = seen.number and e.events = seen.events returning e.number, e.draft),
  documents as (delete from refpost.document d using gone where d.server = $1 and d.entry = gone.number),
  journals as (delete from refpost.journal j using gone where j.server = $1 and j.entry = gone.number),
  mails as (delete from refpost.mail m using gone where m.server = $1 and m.draft = gone.draft),
  drafts as (delete from refpost.draft d using gone where d.server = $1 and d.id = gone.draft),
  pushes as (delete from refpost.push where server in ($1, '') and id = $2
    and not exists (select from refpost.entry where server = $1 and push = $2 and number <> all($3)))
  select number from gone`;

/** What a server has in the database of a fleet, for a move to its directory or from there. It takes the rights of the owner. */
export function movableFleet(options: FleetOptions): MovableFrom & MovableTo {
  const { database, outbox, server, nameOf, isOurs } = options;
  const { query } = database;
  const seen = new Set(options.repositories);
  /** Rows of the journal, by entry, as they were moved. */
  const events = new Map<number, number>();

  async function* pushes(finished: boolean): AsyncGenerator<MovingPush | DamagedEntry> {
    for (const { id } of await query<{ id: string }>(PUSHES, [server, finished])) {
      const [first] = (await rowsOf(id)).map(entryOf).filter(entry => entry !== undefined);
      if (first && !(await isOurs(first.push.repository))) continue;
      const claims = await claimAll(id);
      try {
        yield* movingOf(await rowsOf(id));
      } finally {
        for (const claim of claims) await outbox.release(claim);
      }
    }
  }

  const rowsOf = (id: string) =>
    query<EntryRow>(`${ENTRIES} where e.server = $1 and e.push = $2 order by e.number`, [server, id]);

  /** Whoever sends them just now is waited for. */
  async function claimAll(id: string): Promise<readonly Claim[]> {
    const claims: Claim[] = [];
    for (const row of (await rowsOf(id)).filter(({ place }) => place === 'queue')) {
      for (let tries = 0; ; tries++) {
        const claim = await outbox.claim(refOf(row));
        if (claim) claims.push(claim);
        const isSent = (await outbox.show(refOf(row)))?.ref.place !== 'queue';
        if (claim || isSent || entryOf(row) === undefined) break;
        if (tries === PATIENCE) throw fault.laneBusy(row.number);
        await sleep(WAIT);
      }
    }
    return claims;
  }

  function* movingOf(rows: readonly EntryRow[]): Generator<MovingPush | DamagedEntry> {
    const entries: MovingEntry[] = [];
    for (const row of rows) {
      const entry = entryOf(row);
      events.set(row.number, row.events);
      if (!entry) yield { ref: refOf(row), damaged: 'its document is missing or damaged' };
      else {
        const { server: _, ...plain } = entry;
        entries.push({ entry: plain, place: row.place, events: parseJournal(row.lines ?? '').events });
      }
    }
    const [first, ...others] = entries;
    if (!first) return;
    seen.add(first.entry.push.repository);
    yield { push: first.entry.push, entries: [first, ...others], readMail: outbox.readMail };
  }

  async function remove({ push, entries }: MovingPush): Promise<void> {
    const numbers = entries.map(({ entry }) => entry.number);
    const known = numbers.map(number => events.get(number));
    await database.transaction(async query => {
      const gone = await query(REMOVE, [server, push.id, numbers, known]);
      // A person has said something meanwhile: the next call takes that along.
      if (gone.length < numbers.length) throw fault.moveDisturbed(push.id);
    });
  }

  /** Names of other servers, or of repositories that are gone, are left where they are. */
  async function repositories(): Promise<readonly string[]> {
    const own = 'select name from refpost.ledger where starts_with(name, $1)';
    const names = await query<{ name: string }>(own, [`${server}:/`]);
    for (const { name } of names) seen.add(name.slice(server.length + 1));
    const ours: string[] = [];
    for (const repository of seen) if (await isOurs(repository)) ours.push(repository);
    return ours.toSorted();
  }

  async function store(push: MovingPush): Promise<void> {
    const name = await nameOf(push.push.repository);
    await database.transaction(async query => {
      const known = `insert into refpost.push (server, id) values ($1, $2) on conflict do nothing returning 1`;
      if ((await query(known, [server, push.push.id])).length === 0) return;
      for (const moving of push.entries) await storeEntry(query, name, moving, push.readMail);
    });
    await query('select refpost.nudge()');
  }

  async function storeEntry(
    query: Query,
    name: string,
    moving: MovingEntry,
    readMail: MovingPush['readMail'],
  ): Promise<void> {
    const { entry, place } = moving;
    const { number: old, ...document } = entry;
    const lane = laneOf(name, entry.audience ?? '');
    const draft = draftId();
    const happened: JournalEvent[] = [...moving.events];
    await query('insert into refpost.draft (id, server, stored) values ($1, $2, true)', [draft, server]);
    let number = 0;
    for await (const { bytes } of mailsOf(moving, readMail, event => happened.push(event)))
      await query(MAIL, [server, draft, ++number, bytes]);
    await query(LANE, [lane, name, server]);
    await advance(query, old);
    const rows = Math.ceil(happened.length / EVENTS);
    const at = happened.at(-1)?.at ?? entry.queuedAt;
    const values = [server, entry.push.id, lane, name, place, options.now(), at, rows, draft];
    const [stored] = await query<{ number: number }>(ENTRY, values);
    if (!stored) throw new Error(`push ${entry.push.id} was not stored`);
    await query(DOCUMENT, [server, stored.number, seal(document)]);
    for (let row = 0; row < rows; row++) {
      const lines = journalLines(happened.slice(row * EVENTS, (row + 1) * EVENTS));
      await query(JOURNAL, [server, stored.number, row + 1, lines]);
    }
    if (place === 'queue') await query('select refpost.wake($1, null)', [lane]);
  }

  return {
    pushes,
    remove,
    repositories,
    ledger: outbox.ledger,
    forget: outbox.forget,
    store,
    storeLedger: async (repository, ledger) => void (await outbox.baseline(repository, ledger)),
  };
}

/** How often, and how many milliseconds apart, it is asked for an entry that somebody else is at. */
const PATIENCE = 120;
const WAIT = 500;

/** Events that go into a row of a journal. */
const EVENTS = 500;

const MAIL = 'insert into refpost.mail (server, draft, number, bytes) values ($1, $2, $3, $4)';
const LANE = 'insert into refpost.lane (key, name, server) values ($1, $2, $3) on conflict do nothing';
const ENTRY = `
  insert into refpost.entry (server, push, lane, name, place, noted_at, finished_at, events, draft)
  values ($1, $2, $3, $4, $5, $6, case when $5 = 'done' then to_timestamp($7::bigint / 1000.0) end, $8, $9)
  returning number::float8 as number`;
const DOCUMENT = 'insert into refpost.document (server, entry, document) values ($1, $2, $3)';
const JOURNAL = 'insert into refpost.journal (server, entry, seq, lines) values ($1, $2, $3, $4)';

/**
 * Has the next number be the one that an entry had, if the fleet has come to none as high: so the first spool that is moved keeps its numbers. One move at a
 * time does this. It never sets the numbers back, whoever stores a push at that moment: a small step is made by taking the numbers in between.
 */
async function advance(query: Query, number: number): Promise<void> {
  await query('lock table refpost.schema_version in share row exclusive mode');
  const [row] = await query<{ last: number }>(
    'select case when is_called then last_value::float8 else 0 end as last from refpost.entry_number',
  );
  const missing = number - 1 - (row?.last ?? 0);
  if (missing > 1000) await query(`select setval('refpost.entry_number', $1)`, [number - 1]);
  else if (missing > 0)
    await query(`select max(nextval('refpost.entry_number')) from generate_series(1, $1)`, [missing]);
}
