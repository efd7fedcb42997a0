import { fault } from '../../errors.ts';
import { moved } from '../../model/ledger.ts';
import type { OutboxEntry } from '../../model/outbox-entry.ts';
import type { Push } from '../../model/push.ts';
import type { Intake } from '../outbox.ts';
import { seal, sha256 } from '../sealed-json.ts';
import type { Query } from './database.ts';
import { ENTRIES, type EntryRow, soundEntryOf } from './entry-rows.ts';
import { type Ledgers, stored, type Version } from './ledgers.ts';
import type { PostgresOptions, Session } from './session.ts';
import { type Staging, stage } from './staging.ts';
import type { Wakes } from './wakes.ts';

const DAY = 24 * 60 * 60 * 1000;
/** So many entries `refpost.prune` removes by one statement at the most. */
const PRUNED_AT_ONCE = 1000;

/** In one statement, so that no stopped process keeps anybody's ledger locked. Nothing is stored where the ledger is no longer the one of the plan. */
const STORE = `
  with ledger as (update refpost.ledger set version = version + 1, document = $3, identities = identities || $4
    where name = $1 and version = $2 returning 1),
  staged as (select id from refpost.draft where server = $5 and id = any($9::uuid[]) and not stored for update),
  push as (insert into refpost.push (server, id) select $6, $7
    where ($2::bigint is null or exists (select from ledger)) and (select count(*) from staged) = cardinality($9) returning 1),
  lanes as (insert into refpost.lane (key, name, server) select distinct lane, $1, $5 from unnest($8::text[]) lane
    where exists (select from push) on conflict do nothing),
  kept as (update refpost.draft set stored = true where server = $5 and id in (select id from staged) and exists (select from push)),
  entry as (insert into refpost.entry (server, push, lane, name, place, noted_at, finished_at, draft)
    select $5, $7, lane, $1, $12, $13::bigint, case when $12 = 'done' then to_timestamp($13::bigint / 1000.0) end, draft
    from unnest($8::text[], $10::uuid[]) with ordinality as d (lane, draft, nth)
    where exists (select from push) order by nth returning number, draft, lane),
  documents as (insert into refpost.document (entry, server, document) select number, $5, document
    from entry join unnest($10::uuid[], $11::text[]) as d (draft, document) using (draft)),
  mails as (insert into refpost.mail (draft, number, server, bytes) select draft, m.number, $5, bytes
    from unnest($14::uuid[], $15::integer[], $16::bytea[]) as m (draft, number, bytes) where exists (select from push))
  select number::float8 as number, case when $17 then refpost.wake(lane, null) end from entry order by number`;

const KNOWN = `${ENTRIES} where e.push = $2 and e.server in (select server from refpost.push where server in ($1, $3) and id = $2)
  order by e.number`;

const LACKED = `select id from unnest($1::text[]) with ordinality as asked (id, nth)
  where not exists (select from refpost.push where push.id = asked.id and server in ($2, '')) order by nth`;

/** From recorded pushes to entries in a database. */
export function intake(
  query: Query,
  session: Session,
  wakes: Wakes,
  ledgers: Ledgers,
  options: PostgresOptions,
): Intake {
  const { server, mode, nameOf } = options;
  let home: string | undefined;

  const recover: Intake['recover'] = async () => {
    await session.life();
    wakes.start();
    if (mode === 'sender') return { applied: [], swept: 0 };
    const [row] = await query<{ swept: number }>('select refpost.sweep($1, null)::float8 as swept', [server]);
    return { applied: [], swept: row?.swept ?? 0 };
  };

  const add: Intake['add'] = async (push, mails, { now, ledger: move }) => {
    const before = move && (await ledgers.version(push.repository));
    const name = await nameOf(push.repository);
    const staging = stage(query, server);
    try {
      for await (const mail of mails) await staging.add(mail);
      if (staging.drafts.size === 0) staging.draft('');
      const entries = [...staging.drafts.values()].map((draft, index) => {
        const named = draft.audience === '' ? {} : { audience: draft.audience };
        const moves = move && index === staging.drafts.size - 1 ? { ledger: move } : {};
        return { push, ...named, queuedAt: now, mails: draft.mails, ...moves };
      });
      const after = before && move && { version: before.version + 1, ledger: moved(before.ledger, move) };
      const numbers = await store(push, name, staging, entries, after, now);
      if (!numbers) {
        await staging.undo();
        return await refused(push);
      }
      if (after) ledgers.moved(name, after);
      return entries.map((entry, index) => ({ number: numbers[index] as number, ...entry, server }));
    } catch (error) {
      await staging.undo();
      throw error;
    }
  };

  /** The numbers of the entries; undefined where the push was known, or its plan too old. */
  async function store(
    push: Push,
    name: string,
    { drafts, staged, rest }: Staging,
    entries: readonly Omit<OutboxEntry, 'number'>[],
    after: Version | undefined,
    now: number,
  ): Promise<readonly number[] | undefined> {
    const all = [...drafts.values()];
    const ledger = after && stored(after.ledger, server);
    const values = [
      ...[name, after ? after.version - 1 : null, ledger?.document ?? '', ledger?.identities ?? {}],
      ...[server, keyOf(push), push.id, all.map(({ audience }) => laneOf(name, audience)), staged()],
      ...[all.map(({ id }) => id), entries.map(entry => seal(entry))],
      ...[all[0]?.mails.length === 0 ? 'done' : 'queue', now],
      ...[rest.map(({ draft }) => draft), rest.map(({ number }) => number), rest.map(({ bytes }) => bytes)],
      mode === 'intake',
    ];
    try {
      const rows = await query<{ number: number }>(STORE, values, 'store');
      return rows.length === 0 ? undefined : rows.map(({ number }) => number);
    } catch (error) {
      if ((error as { constraint?: string }).constraint === 'push_pkey') return undefined;
      throw error;
    }
  }

  /** The entries of a push that is known, or what keeps a new one out. */
  async function refused(push: Push): Promise<readonly OutboxEntry[]> {
    const rows = await query<EntryRow>(KNOWN, [server, push.id, keyOf(push)]);
    if (rows.length === 0) throw fault.ledgerMoved(push.repository);
    return rows.map(soundEntryOf);
  }

  async function homeId(): Promise<string> {
    const [row] = await query<{ id: string }>('select id from refpost.home');
    return row?.id ?? '';
  }

  /** The server by which a push is known. What senders tell the administrator is told once in the fleet. */
  function keyOf({ kind }: Push): string {
    return kind === 'alarm' && mode === 'sender' ? '' : server;
  }

  return {
    recover,
    ledger: ledgers.read,
    baseline: ledgers.baseline,
    forget: ledgers.forget,
    add,
    home: async () => (home ??= sha256(`${await homeId()} ${server}`).slice(0, 16)),
    knows: async id => {
      const known = `select from refpost.push where id = $1 and server in ($2, '')`;
      return (await query(known, [id, server], 'knows')).length > 0;
    },
    lacks: async ids => (await query<{ id: string }>(LACKED, [ids, server])).map(({ id }) => id),
    prune: async (now, keepDays) => {
      const before = new Date(now - keepDays * DAY);
      for (let pruned = 0; ; ) {
        const [row] = await query<{ count: number }>('select refpost.prune($1, $2)::float8 as count', [
          mode === 'sender' ? null : server,
          before,
        ]);
        const count = row?.count ?? 0;
        pruned += count;
        if (count < PRUNED_AT_ONCE) return pruned;
      }
    },
  };
}

/** One for a repository and an audience. */
export function laneOf(name: string, audience: string): string {
  return audience === '' ? name : `${name}\n${audience}`;
}
