import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DatabaseAway } from '../../src/errors.ts';
import { type Database, openDatabase } from '../../src/outbox/postgres/database.ts';
import { NOBODY } from '../fixtures/mail-host.ts';
import { cannotStartPostgres, type Postgres, startPostgres } from '../fixtures/postgres.ts';
import { gitEnvironment } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';
import { AUTHORITY, CLIENT, EXPIRED_CLIENT, SERVER } from '../fixtures/smtp-authority.ts';
import { CERTIFICATE, PRIVATE_KEY } from '../fixtures/smtp-certificate.ts';
import { startTcpProxy } from '../fixtures/tcp-proxy.ts';

/* A database that wants a password, and has a certificate that an authority of the house vouches for. */

const skip = cannotStartPostgres();
const folder = mkdtempSync(join(tmpdir(), 'refpost-login-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

const secured = skip ? undefined : await startSecured();

async function startSecured() {
  chmodSync(folder, 0o755);
  const [cert, key] = [file('server.pem', SERVER.cert), file('server.key', SERVER.key)];
  if (process.getuid?.() === 0) for (const path of [cert, key]) chownSync(path, NOBODY, NOBODY);
  // An address of loopback that no PostgreSQL of the system has.
  const tls = [
    `ssl_cert_file=${cert}`,
    `ssl_key_file=${key}`,
    `ssl_ca_file=${file('ca.pem', AUTHORITY, 0o644)}`,
  ];
  const settings = ['listen_addresses=127.0.0.77', 'ssl=on', ...tls];
  const postgres = await startPostgres({ after }, { settings });
  writeFileSync(
    join(postgres.data, 'pg_hba.conf'),
    `local all all trust
    hostssl all strict 127.0.0.0/8 scram-sha-256 clientcert=verify-ca
    host all all 127.0.0.0/8 scram-sha-256`,
  );
  await postgres.sql("alter role refpost password 'hunter2'; create role strict login password 'hunter2'");
  await postgres.sql('select pg_reload_conf()');
  const { port } = await startTcpProxy(
    { after: (work: unknown) => after(work as () => void) },
    { host: '127.0.0.77', port: 5432 },
  );
  return { postgres, port };
}

/** `refpost fleet check` there, by the address given, with these settings and variables. */
async function check(host: string, settings: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv = {}) {
  const all = { outbox: `postgres://refpost@${host}:${secured?.port}/postgres`, ...settings };
  const words = Object.entries(all).flatMap(([key, value]) => ['-c', `refpost.${key}=${value}`]);
  const { stdout, stderr } = await runHere(['fleet', 'check', ...words], '/', {
    ...gitEnvironment(),
    ...env,
  });
  assert.doesNotMatch(stdout + stderr, /hunter/);
  return /^(?:ok|FAIL) {2,4}server: (.*\n(?: {6}.*\n)?)/m.exec(stdout)?.[1] ?? stdout + stderr;
}

const REACHED = /^PostgreSQL 1\d/;

test('the password is had from a file, a command or the environment, and is shown by nobody', {
  skip,
}, async () => {
  const outboxPasswordFile = file('password', 'hunter2\nmore\n');
  assert.match(await check('127.0.0.1', { outboxPasswordFile }), REACHED);
  assert.match(
    await check('127.0.0.1', { outboxPasswordCommand: `head -n 1 ${outboxPasswordFile}` }),
    REACHED,
  );
  assert.match(await check('127.0.0.1', {}, { REFPOST_OUTBOX_PASSWORD: 'hunter2' }), REACHED);
  const open = file('open', 'hunter2\n', 0o644);
  const said: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
    [{}, /wants a password, and none is set\n +set refpost\.outboxPasswordFile/],
    [
      { outboxPasswordFile: file('other', 'hunter3\n') },
      /refuses the login: password authentication failed .*\n +correct/,
    ],
    [{ outboxPasswordFile: join(folder, 'none') }, /refpost\.outboxPasswordFile, \S+none, cannot be read/],
    [{ outboxPasswordFile: open }, /can be read by every user of this machine/],
    [{ outboxPasswordCommand: 'exit 3' }, /refpost\.outboxPasswordCommand ended with exit code 3/],
    [{ outboxPasswordFile, outboxPasswordCommand: 'true' }, /is set beside refpost\.outboxPasswordCommand/],
  ];
  for (const [settings, wanted] of said) assert.match(await check('127.0.0.1', settings), wanted);
});

// To this machine, and yet no name of it: as any other host.
test('a certificate is checked wherever somebody may be in between, and where an authority is named', {
  skip,
}, async () => {
  const env = { REFPOST_OUTBOX_PASSWORD: 'hunter2' };
  const [ours, other] = [file('ca.pem', AUTHORITY, 0o644), file('other.pem', CERTIFICATE, 0o644)];
  assert.match(await check('0.0.0.0', {}, env), /cannot be trusted by its certificate: .*\n +name the host/);
  assert.match(await check('0.0.0.0', { outboxCaFile: ours }, env), REACHED);
  assert.match(await check('0.0.0.0', { outboxCaFile: other }, env), /cannot be trusted/);
  assert.match(await check('127.0.0.1', { outboxCaFile: other }, env), /cannot be trusted/);
  assert.match(await check('127.0.0.1', { outboxCaFile: ours }, env), REACHED);
  assert.match(await check('0.0.0.0', { outboxTls: 'off' }, env), REACHED);
  const missing = await check('0.0.0.0', { outboxCaFile: join(folder, 'none') }, env);
  assert.match(missing, /refpost\.outboxCaFile, \S+none, cannot be read/);
  const empty = await check('0.0.0.0', { outboxCaFile: file('empty', '') }, env);
  assert.match(empty, /refpost\.outboxCaFile, \S+empty, has no certificate in PEM in it/);
});

test('refpost identifies itself by a certificate, where the database asks for one', { skip }, async () => {
  const env = { REFPOST_OUTBOX_PASSWORD: 'hunter2' };
  const outbox = `postgres://strict@127.0.0.1:${secured?.port}/postgres`;
  const outboxCaFile = file('ca.pem', AUTHORITY, 0o644);
  const outboxClientKeyFile = file('client.key', CLIENT.key);
  const own = {
    outbox,
    outboxCaFile,
    outboxClientCertFile: file('client.pem', CLIENT.cert),
    outboxClientKeyFile,
  };
  const strange = {
    outboxClientCertFile: file('strange.pem', CERTIFICATE),
    outboxClientKeyFile: file('strange.key', PRIVATE_KEY),
  };
  const said: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
    [own, REACHED],
    [{ outbox, outboxCaFile }, /does not know us by a certificate: .*\n +set refpost\.outboxClientCertFile/],
    [{ ...own, ...strange }, /does not know us by a certificate: .*unknown ca/],
    [
      { ...own, outboxClientCertFile: strange.outboxClientCertFile },
      /outboxClientKeyFile, \S+, is the key of another certificate than refpost\.outboxClientCertFile/,
    ],
    [
      { ...own, outboxClientCertFile: file('expired.pem', EXPIRED_CLIENT) },
      /outboxClientCertFile, \S+, has expired/,
    ],
    [{ outbox, outboxClientKeyFile }, /is of no use alone/],
  ];
  for (const [settings, wanted] of said) assert.match(await check('127.0.0.1', settings, env), wanted);
});

test('of several servers the first that takes changes is used, and another one as soon as it takes none', {
  skip,
}, async t => {
  const [one, other] = [secured?.postgres, await startPostgres(t)];
  assert.ok(one);
  const readOnly = async (postgres: Postgres, is: 'on' | 'off') =>
    postgres.sql(`alter database postgres set default_transaction_read_only = ${is}`, 'template1');
  const server = ({ folder: host }: { readonly folder: string }) => ({ host, port: 5432 });
  const nothing = async () => undefined;
  const open = (...servers: Parameters<typeof openDatabase>[0]['address']['servers']) => {
    const address = { user: 'refpost', servers, database: 'postgres' };
    const database = openDatabase({ address, password: nothing, tls: nothing, application: 'a test' });
    t.after(database.close);
    return database;
  };
  const away = { folder: join(folder, 'none') };
  const where = async ({ query }: Database) =>
    (await query<{ folder: string }>("select current_setting('unix_socket_directories') as folder"))[0]
      ?.folder;
  await other.sql('create table change ()');
  await one.sql('create table change ()');
  await readOnly(one, 'on');
  const database = open(server(away), server(one), server(other));
  assert.equal(await where(database), other.folder);
  await readOnly(one, 'off');
  await readOnly(other, 'on');
  await other.sql(
    'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $$a test$$',
    'template1',
  );
  await assert.rejects(database.query('insert into change default values'), DatabaseAway);
  assert.equal(await where(database), one.folder);
  await readOnly(one, 'on');
  await assert.rejects(open(server(away), server(one)).query('select 1'), (error: DatabaseAway) => {
    assert.match(
      error.message,
      /cannot be reached: .*none:5432: connect ENOENT.*; \S+:5432: it is a standby, or read-only$/,
    );
    return !error.lasting;
  });
});
