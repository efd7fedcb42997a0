import type { Outbox } from '../outbox.ts';
import type { Database, Query } from './database.ts';
import { inspection } from './inspection.ts';
import { intake } from './intake.ts';
import { openLedgers } from './ledgers.ts';
import { queue } from './queue.ts';
import { requireSchema } from './schema.ts';
import { openSession, type PostgresOptions } from './session.ts';
import { openWakes } from './wakes.ts';

/** The outbox of a fleet, in a database that `migrate` has prepared. Nothing is connected yet. */
export function openPostgresOutbox(database: Database, options: PostgresOptions): Outbox {
  const session = openSession(database, options);
  const query: Query = (text, values, name) =>
    database.query(text, values, session.current()?.isDirect ? name : undefined);
  const wakes = openWakes(database, options, session.ring);
  const ledgers = openLedgers(query, options);
  return {
    ...intake(query, session, wakes, ledgers, options),
    ...queue(query, session, wakes, options),
    ...inspection(query, options, () => requireSchema(database)),
  };
}
