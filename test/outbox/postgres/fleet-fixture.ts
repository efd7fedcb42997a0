import { after, type TestContext } from 'node:test';
import type { Outbox } from '../../../src/outbox/outbox.ts';
import type { Database } from '../../../src/outbox/postgres/database.ts';
import { openPostgresOutbox } from '../../../src/outbox/postgres/open-outbox.ts';
import { migrate } from '../../../src/outbox/postgres/schema.ts';
import type { PostgresOptions } from '../../../src/outbox/postgres/session.ts';
import { cannotStartPostgres, type Postgres, startPostgres } from '../../fixtures/postgres.ts';
import { connectTo } from './connect.ts';

/** For the options of a test: why it is skipped, where there is no PostgreSQL. */
export const skipped = (() => {
  const skip = cannotStartPostgres();
  return skip === undefined ? {} : { skip };
})() as { readonly skip?: string };

/** The database of a test, and the outboxes that are opened on it: as those of processes of their own. */
export interface TestFleet {
  readonly postgres: Postgres;
  readonly name: string;
  /** Connections as another process has them: the owner's, or those of the role "one", which speaks for the server of that name. */
  connect(role?: 'one'): Database;
  /** `server` is "one" where it is not said, and `mode` "worker". */
  open(options?: Partial<PostgresOptions>, role?: 'one'): Outbox;
  /** The same, recovered. */
  worker(options?: Partial<PostgresOptions>, role?: 'one'): Promise<Outbox>;
}

/** Of a file of tests; started at once, so that it ends with the file and not with the first test. */
const cluster = skipped.skip === undefined ? startCluster() : undefined;

async function startCluster() {
  const postgres = await startPostgres({ after });
  const name = await postgres.database();
  const database = connectTo(postgres.folder, name);
  await migrate(database);
  await postgres.sql('create role one login');
  await database.close();
  return { postgres, name };
}

/** A new database for each test would take ten times as long. */
const EMPTY = `
  do $$ begin
    execute (select 'truncate ' || string_agg('refpost.' || tablename, ', ') from pg_tables
      where schemaname = 'refpost' and tablename <> 'schema_version');
    delete from graphile_worker._private_jobs;
    perform refpost.admit('one', 'one', '{}');
    perform setval('refpost.entry_number', 1, false);
  end $$`;

/** The database of the file's cluster, with nothing in it. */
export async function testFleet(t: TestContext): Promise<TestFleet> {
  if (!cluster) throw new Error(skipped.skip);
  const { postgres, name } = await cluster;
  const [outboxes, databases]: [Outbox[], Database[]] = [[], []];
  t.after(async () => {
    for (const outbox of outboxes) await outbox.close();
    for (const database of databases) await database.close();
  });
  const connect = (role?: 'one') => {
    const database = connectTo(postgres.folder, name, role);
    databases.push(database);
    return database;
  };
  await connect().query(EMPTY);
  const open = (options: Partial<PostgresOptions> = {}, role?: 'one') => {
    const { server = 'one' } = options;
    const nameOf = async (repository: string) => `${server}:${repository}`;
    const outbox = openPostgresOutbox(connect(role), {
      ...{ server, mode: 'worker', nameOf, now: () => Date.now() },
      ...options,
    });
    outboxes.push(outbox);
    return outbox;
  };
  const worker = async (options?: Partial<PostgresOptions>, role?: 'one') => {
    const outbox = open(options, role);
    await outbox.recover();
    return outbox;
  };
  return { postgres, name, connect, open, worker };
}
