import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { DatabaseAway, EX, fault } from '../../src/errors.ts';
import { type DatabaseOptions, openDatabase, type Query } from '../../src/outbox/postgres/database.ts';
import { databaseFault } from '../../src/outbox/postgres/database-fault.ts';
import { loadGraphileWorker } from '../../src/outbox/postgres/packages.ts';
import { temporaryFolder } from '../fixtures/repository.ts';

const SHOWN = 'postgres://refpost@db:5432/mails';

function said(code: string | undefined, message: string): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

test('what the server and the connection say is told with what to do, and whether waiting helps', () => {
  const cases: readonly (readonly [
    code: string | undefined,
    message: string,
    wrong: RegExp,
    remedy: RegExp,
    exit: number,
    lasting?: true,
  ])[] = [
    [
      'ECONNREFUSED',
      'connect ECONNREFUSED 10.0.0.1:5432',
      /cannot be reached/,
      /whether it runs/,
      EX.TEMPFAIL,
    ],
    ['ENOTFOUND', 'getaddrinfo ENOTFOUND db', /cannot be reached/, /whether it runs/, EX.TEMPFAIL],
    [
      'ENOENT',
      'connect ENOENT /run/postgresql/.s.PGSQL.5432',
      /cannot be reached/,
      /whether it runs/,
      EX.TEMPFAIL,
    ],
    [
      '57P01',
      'terminating connection due to administrator command',
      /cannot be reached/,
      /whether it runs/,
      EX.TEMPFAIL,
    ],
    ['57P03', 'the database system is starting up', /cannot be reached/, /whether it runs/, EX.TEMPFAIL],
    [
      '08P01',
      'no more connections allowed (max_client_conn)',
      /cannot be reached/,
      /whether it runs/,
      EX.TEMPFAIL,
    ],
    [undefined, 'Connection terminated unexpectedly', /cannot be reached/, /whether it runs/, EX.TEMPFAIL],
    [
      undefined,
      'timeout exceeded when trying to connect',
      /cannot be reached/,
      /whether it runs/,
      EX.TEMPFAIL,
    ],
    [
      undefined,
      'There was an error establishing an SSL connection',
      /cannot be reached/,
      /whether it runs/,
      EX.TEMPFAIL,
    ],
    [undefined, 'Query read timeout', /cannot be reached/, /whether it runs/, EX.TEMPFAIL],
    [
      '28P01',
      'password authentication failed for user "refpost"',
      /refuses the login/,
      /outboxPasswordFile/,
      EX.CONFIG,
      true,
    ],
    [
      '28000',
      'no pg_hba.conf entry for host "10.0.0.2"',
      /refuses the login/,
      /outboxPasswordFile/,
      EX.CONFIG,
      true,
    ],
    ['08P01', 'SASL authentication failed', /refuses the login/, /outboxPasswordFile/, EX.CONFIG, true],
    ['3D000', 'database "mails" does not exist', /is not there/, /createdb/, EX.CONFIG, true],
    [
      '42P01',
      'relation "refpost.entry" does not exist',
      /has no outbox in it/,
      /fleet init/,
      EX.CONFIG,
      true,
    ],
    ['42501', 'permission denied for schema refpost', /refuses this user/, /fleet grant/, EX.NOPERM, true],
    ['53100', 'could not extend file: No space left on device', /no space left/, /make room/, EX.IOERR],
    ['53300', 'sorry, too many clients already', /no connection left/, /max_connections/, EX.TEMPFAIL],
    [
      '25006',
      'cannot execute INSERT in a read-only transaction',
      /read-only, or a standby/,
      /promoted/,
      EX.TEMPFAIL,
    ],
    ['55P03', 'canceling statement due to lock timeout', /too busy/, /tried again/, EX.TEMPFAIL],
    ['40P01', 'deadlock detected', /too busy/, /tried again/, EX.TEMPFAIL],
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'self-signed certificate in certificate chain',
      /trusted by its certificate/,
      /outboxCaFile/,
      EX.CONFIG,
      true,
    ],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      "Hostname/IP does not match certificate's altnames",
      /trusted by its certificate/,
      /outboxCaFile/,
      EX.CONFIG,
      true,
    ],
    [
      'CERT_HAS_EXPIRED',
      'certificate has expired',
      /trusted by its certificate/,
      /a certificate whose time it is/,
      EX.CONFIG,
      true,
    ],
    [
      undefined,
      'The server does not support SSL connections',
      /offers no encryption/,
      /outboxTls/,
      EX.CONFIG,
      true,
    ],
  ];
  for (const [code, message, wrong, remedy, exit, lasting = false] of cases) {
    const error = databaseFault(said(code, message), SHOWN);
    assert.ok(error instanceof DatabaseAway, message);
    assert.match(error.message, wrong, message);
    assert.ok(error.message.startsWith(`the database ${SHOWN} `) && error.message.endsWith(message), message);
    assert.match(error.remedy, remedy, message);
    assert.deepEqual([error.exitCode, error.lasting], [exit, lasting], message);
  }
});

test('a statement that is wrong is a bug, and stays what it is', () => {
  for (const code of ['42601', '23505', '22P02']) {
    const error = said(code, 'x');
    assert.equal(databaseFault(error, SHOWN), error);
  }
});

test('a password that cannot be had is waited for', () => {
  const error = databaseFault(fault.passwordFileEmpty('outboxPasswordFile', '/x'), SHOWN);
  assert.ok(error instanceof DatabaseAway && error.lasting);
  assert.match(error.message, /refpost\.outboxPasswordFile, \/x/);
});

function options(host: string, port = 5432): DatabaseOptions {
  return {
    address: { user: 'refpost', servers: [{ host, port }], database: 'mails' },
    password: async () => 'hunter2',
    tls: async () => undefined,
    application: 'test',
  };
}

test('a database that is away is said so by each door, and no connection is left', async t => {
  const database = openDatabase(options(temporaryFolder(t)));
  const within = (query: Query) => query('select 1');
  for (const ask of [
    () => database.query('select 1'),
    () => database.transaction(within),
    () => database.session(),
  ])
    await assert.rejects(
      ask,
      error => error instanceof DatabaseAway && /cannot be reached/.test(error.message),
    );
  await database.close();
});

test('what answers at the port and is no PostgreSQL is not trusted with the password', async t => {
  const heard: Buffer[] = [];
  const server = createServer(socket => {
    socket.on('error', () => {}).on('data', data => heard.push(data));
    setTimeout(() => socket.end(), 50);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  const database = openDatabase(options('127.0.0.1', port));
  await assert.rejects(database.query('select 1'), DatabaseAway);
  assert.doesNotMatch(Buffer.concat(heard).toString('latin1'), /hunter2/);
  await database.close();
});

test('who is told to end waits no longer for a server that accepts and says nothing', async t => {
  const server = createServer(socket => void socket.on('error', () => {}));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const database = openDatabase(options('127.0.0.1', (server.address() as { port: number }).port));
  const stop = new AbortController();
  t.after(database.endBy(stop.signal));
  const asked = [database.query('select 1'), database.session()];
  stop.abort();
  // Else the connection would be given up, after longer, in other words.
  const silent = (error: unknown) =>
    error instanceof DatabaseAway &&
    error.lasting &&
    /says nothing, and this process was told to end/.test(error.message);
  for (const each of asked) await assert.rejects(each, silent);
  await assert.rejects(database.query('select 1'), silent);
});

test('the packages of an outbox on PostgreSQL are there for whoever asks', async () => {
  assert.equal(typeof (await loadGraphileWorker()).run, 'function');
});
