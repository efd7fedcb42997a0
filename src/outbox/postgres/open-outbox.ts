import type { Outbox } from '../outbox.ts';
import type { Database } from './database.ts';

export interface PostgresOptions {
  readonly server: string;
  readonly mode: 'worker' | 'intake' | 'sender' | 'person';
  readonly nameOf: (repository: string) => Promise<string>;
  readonly now: () => number;
  readonly shows?: string;
}

export function openPostgresOutbox(_database: Database, _options: PostgresOptions): Outbox {
  throw new Error('not there yet');
}
