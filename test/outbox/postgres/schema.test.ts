import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../../src/outbox/postgres/database.ts';
import { openPostgresOutbox } from '../../../src/outbox/postgres/open-outbox.ts';
import {
  migrate,
  requireSchema,
  SCHEMA_VERSION,
  schemaVersion,
} from '../../../src/outbox/postgres/schema.ts';
import { cannotStartPostgres, startPostgres } from '../../fixtures/postgres.ts';

const skip = cannotStartPostgres();

test('a database is brought from nothing to this version once, and a newer one is refused', {
  ...(skip && { skip }),
}, async t => {
  const postgres = await startPostgres(t);
  const address = {
    user: 'refpost',
    servers: [{ host: postgres.folder, port: 5432 }] as const,
    database: await postgres.database(),
  };
  const password = async () => undefined;
  const database = openDatabase({ address, password, tls: password, application: 'a test' });
  t.after(database.close);
  assert.equal(await schemaVersion(database), 0);
  await assert.rejects(requireSchema(database), /there is no outbox in the database/);
  // Two at once: one waits for the other.
  const from = await Promise.all([migrate(database), migrate(database)]);
  assert.deepEqual(from.sort(), [0, SCHEMA_VERSION]);
  await requireSchema(database);
  await database.query('update refpost.schema_version set version = version + 1');
  await assert.rejects(requireSchema(database), /was made for a newer refpost/);
  await assert.rejects(migrate(database), /was made for a newer refpost/);
});

test('a worker that runs while the tables are brought to another version stores and sends nothing more, and says why', {
  ...(skip && { skip }),
}, async t => {
  const postgres = await startPostgres(t);
  const address = {
    user: 'refpost',
    servers: [{ host: postgres.folder, port: 5432 }] as const,
    database: await postgres.database(),
  };
  const nothing = async () => undefined;
  const database = openDatabase({ address, password: nothing, tls: nothing, application: 'a test' });
  await migrate(database);
  const nameOf = async (repository: string) => `one:${repository}`;
  const outbox = openPostgresOutbox(database, {
    server: 'one',
    mode: 'intake',
    nameOf,
    now: Date.now,
    lease: 400,
  });
  t.after(() => outbox.close().finally(database.close));
  await outbox.recover();
  assert.equal(await outbox.nudged(), false);
  await database.query('update refpost.schema_version set version = version + 1');
  const isRefused = () =>
    outbox.nudged().then(
      () => false,
      error => /was made for a newer refpost/.test(String(error)),
    );
  while (!(await isRefused())) await sleep(50);
  // A person changes nothing there either.
  await assert.rejects(
    outbox.drop({ place: 'queue', number: 1, id: 'p' }, 0),
    /was made for a newer refpost/,
  );
});
