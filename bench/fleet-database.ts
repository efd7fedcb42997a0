import { journalLines } from '../src/outbox/journal-lines.ts';
import type { Outbox } from '../src/outbox/outbox.ts';
import { openDatabase } from '../src/outbox/postgres/database.ts';
import { openPostgresOutbox } from '../src/outbox/postgres/open-outbox.ts';
import { migrate } from '../src/outbox/postgres/schema.ts';
import { type Postgres, startPostgres } from '../test/fixtures/postgres.ts';
import { fillOutbox } from './posting-rows.ts';
import type { Bench } from './row.ts';

export const SERVER = 'bench';

/** A database of a fleet that is made for the bench. */
export interface FleetDatabase {
  readonly url: string;
  /** As an intake has it. */
  readonly outbox: Outbox;
}

/** PostgreSQL as Debian configures it: what is committed is on the disk. */
export function benchPostgres(bench: Bench): Promise<Postgres> {
  return startPostgres(bench, { durable: true, settings: ['shared_buffers=128MB', 'max_wal_size=1GB'] });
}

/** A database with nothing in it. */
export async function newDatabase(bench: Bench, postgres: Postgres): Promise<FleetDatabase> {
  const name = await postgres.database();
  const address = {
    user: 'refpost',
    servers: [{ host: postgres.folder, port: 5432 }] as const,
    database: name,
  };
  const nothing = async () => undefined;
  const database = openDatabase({ address, password: nothing, tls: nothing, application: SERVER });
  await migrate(database);
  const nameOf = async (repository: string) => `${SERVER}:${repository}`;
  const outbox = openPostgresOutbox(database, { server: SERVER, mode: 'intake', nameOf, now: Date.now });
  bench.after(async () => {
    await outbox.close();
    await database.close();
  });
  await outbox.recover();
  return { url: postgres.url(name), outbox };
}

const DAY = 86_400_000;
const MAILS_A_PUSH = 10;
const RECIPIENT = 'commits@example.org';

/** One with so many mails of finished pushes, and of pushes that wait for another day. */
export async function fullDatabase(
  bench: Bench,
  postgres: Postgres,
  { finished, waiting }: { readonly finished: number; readonly waiting: number },
): Promise<FleetDatabase> {
  const made = await newDatabase(bench, postgres);
  await fillOutbox(made.outbox, '/srv/git/other.git', { pushes: 1, mails: MAILS_A_PUSH, size: 500 });
  const now = Date.now();
  const mails = Array.from({ length: MAILS_A_PUSH }, (_, at) => at + 1);
  const sent = mails.flatMap(mail => [
    { at: now, event: 'sending', mail } as const,
    { at: now, event: 'sent', mail, recipient: RECIPIENT, reply: '250 2.0.0 taken' } as const,
  ]);
  const deferred = { event: 'deferred', mail: 1, recipient: RECIPIENT, reply: '451 later' } as const;
  const until = now + DAY;
  const name = made.url.split('/')[3]?.split('?')[0];
  const copies = (count: number, place: string, due: number, lines: string) => `
    create temp table copy as select nextval('refpost.entry_number') as number, gen_random_uuid() as draft, n
      from generate_series(1, ${count / MAILS_A_PUSH}) as n;
    insert into refpost.lane (key, name, server)
      select distinct 'copy ' || n % 1000, 'copy ' || n % 1000, '${SERVER}' from copy on conflict do nothing;
    insert into refpost.push (server, id) select server, '${place}-' || n from copy, model;
    insert into refpost.entry (number, server, push, lane, name, place, due_at, noted_at, events, finished_at, draft)
      select copy.number, server, '${place}-' || n, 'copy ' || n % 1000, 'copy ' || n % 1000, '${place}', ${due}, ${now}, 1,
        case when '${place}' = 'done' then now() - n % 20 * interval '1 day' end, copy.draft from copy, model;
    insert into refpost.document (entry, server, document)
      select copy.number, model.server, document from copy, model join refpost.document d on entry = model.number and d.server = model.server;
    insert into refpost.mail (draft, number, server, bytes)
      select copy.draft, mail.number, mail.server, bytes from copy, model join refpost.mail on mail.draft = model.draft and mail.server = model.server;
    insert into refpost.journal (entry, seq, server, lines) select number, 1, '${SERVER}', '${lines}' from copy;
    drop table copy;`;
  await postgres.sql(
    `create temp table model as select * from refpost.entry;
    ${copies(finished, 'done', 0, journalLines(sent))}
    ${copies(waiting, 'queue', until, journalLines([{ at: now, ...deferred, until }]))}
    update refpost.entry set place = 'done', finished_at = now() where number in (select number from model);
    vacuum analyze;
    checkpoint;`,
    name,
  );
  return made;
}
