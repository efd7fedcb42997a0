import { type Database, openDatabase } from '../../../src/outbox/postgres/database.ts';

/** @param host the folder of its socket */
export function connectTo(host: string, database: string, user: string = 'refpost'): Database {
  const address = { user, servers: [{ host, port: 5432 }] as const, database };
  return openDatabase({ address, password: nothing, tls: nothing, application: 'a test' });
}

const nothing = async () => undefined;
