import type { Outbox } from '../outbox.ts';
import type { Database, Query } from './database.ts';
import { inspection } from './inspection.ts';
import { intake } from './intake.ts';
import { openLedgers } from './ledgers.ts';
import { queue } from './queue.ts';
import { openSession } from './session.ts';
import { openWakes } from './wakes.ts';

export interface PostgresOptions {
  /** The name of this machine in the fleet. */
  readonly server: string;
  /**
   * What this process does. `worker`: stores the pushes of its server and sends what they bring. `intake`: stores them, and others send.
   * `sender`: sends for all servers. `person`: looks, and asks for a retry or a drop.
   */
  readonly mode: 'worker' | 'intake' | 'sender' | 'person';
  /** The name in the fleet of a repository that is given by its path. */
  readonly nameOf: (repository: string) => Promise<string>;
  readonly now: () => number;
  /** The server whose entries are shown and found; absent: those of the whole fleet. */
  readonly shows?: string;
}

/** The outbox of a fleet, in a database that `migrate` has prepared. Nothing is connected yet. */
export function openPostgresOutbox(database: Database, options: PostgresOptions): Outbox {
  const session = openSession(database, options);
  const query: Query = (text, values, name) =>
    database.query(text, values, session.current()?.isDirect ? name : undefined);
  const wakes = openWakes(database, options, session.ring);
  const ledgers = openLedgers(query, options);
  return {
    ...intake(database, query, session, wakes, ledgers, options),
    ...queue(query, session, wakes, options),
    ...inspection(query, options),
  };
}
