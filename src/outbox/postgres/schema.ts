import { fault } from '../../errors.ts';
import type { Database, Query } from './database.ts';
import { loadGraphileWorker } from './packages.ts';
import { ADMIT_AGAIN } from './roles.ts';
import { STEPS } from './tables.ts';

/** The version that this refpost works with. */
export const SCHEMA_VERSION = STEPS.length;

/** The version of what is in the database; 0 where there is nothing of refpost. */
export async function schemaVersion({ query }: { readonly query: Query }): Promise<number> {
  const [found] = await query<{ there: boolean }>(
    `select to_regclass('refpost.schema_version') is not null as there`,
  );
  if (!found?.there) return 0;
  const [row] = await query<{ version: number }>('select version from refpost.schema_version');
  return row?.version ?? 0;
}

/** Fails with a sentence where the database is of another version than this refpost, or has nothing of it. */
export async function requireSchema(database: Database): Promise<void> {
  const version = await schemaVersion(database);
  if (version !== SCHEMA_VERSION) throw fault.otherSchema(database.shown, version, SCHEMA_VERSION);
}

/**
 * Brings the database to this version, from nothing or from an older one, with what graphile-worker needs. Whoever does the same at that moment waits.
 * @returns the version that it had
 */
export async function migrate(database: Database): Promise<number> {
  const { Logger, runMigrations } = await loadGraphileWorker();
  // It tells of each step.
  await runMigrations({ pgPool: await database.pool(), logger: new Logger(() => () => {}) });
  const made = `create schema if not exists refpost;
    create table if not exists refpost.schema_version (version integer not null)`;
  // Of two at once, one fails with "duplicate key".
  await database.query(made).catch(() => database.query(made));
  return database.transaction(async query => {
    await query('lock table refpost.schema_version in access exclusive mode');
    const from = await schemaVersion({ query });
    if (from > SCHEMA_VERSION) throw fault.otherSchema(database.shown, from, SCHEMA_VERSION);
    for (const step of STEPS.slice(from)) await query(step);
    // What a step has added is for roles that were admitted before, too.
    if (from < SCHEMA_VERSION) await query(ADMIT_AGAIN);
    await query('delete from refpost.schema_version');
    await query('insert into refpost.schema_version values ($1)', [SCHEMA_VERSION]);
    return from;
  });
}
