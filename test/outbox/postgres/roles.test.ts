import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { openDatabase } from '../../../src/outbox/postgres/database.ts';
import { ADMIT_AGAIN } from '../../../src/outbox/postgres/roles.ts';
import { migrate } from '../../../src/outbox/postgres/schema.ts';
import { cannotStartPostgres, startPostgres } from '../../fixtures/postgres.ts';

/* What a git server may do that logs in by a role of its own, and means harm: plain SQL, not refpost. */

const skip = cannotStartPostgres();
const postgres = skip ? undefined : await startPostgres({ after });
let made = 0;

before(async () => {
  if (!postgres) return;
  await postgres.sql(
    'create role fleet login; create role git1 login; create role git2 login; create role stranger login',
  );
  await postgres.sql('create database model owner fleet');
  const database = openDatabase({
    address: { servers: [{ host: postgres.folder, port: 5432 }], user: 'fleet', database: 'model' },
    password: async () => undefined,
    tls: async () => undefined,
    application: 'test',
  });
  await migrate(database);
  await database.query("select refpost.admit('git1', 'git1', '{}')");
  await database.query("select refpost.admit('git2', 'git2', '{team/shared}')");
  // As the next step of the tables does.
  await database.query(ADMIT_AGAIN);
  await database.close();
});

async function as(role: string, database = 'model'): Promise<pg.Client> {
  const client = new pg.Client({ host: postgres?.folder ?? '', user: role, database });
  await client.connect();
  return client;
}

/** A push of a server with one mail, as refpost stores it. Returns its number. */
async function addPush(client: pg.Client, server: string, name: string, id: string): Promise<number> {
  const draft = `00000000-0000-4000-8000-${String(++made).padStart(12, '0')}`;
  await client.query('insert into refpost.draft (id, server) values ($1, $2)', [draft, server]);
  await client.query('insert into refpost.mail (draft, number, server, bytes) values ($1, 1, $2, $3)', [
    draft,
    server,
    'secret',
  ]);
  await client.query(
    `insert into refpost.ledger (name, document, identities, server) values ($1, '{}', '{}', $2) on conflict (name) do nothing`,
    [name, server],
  );
  await client.query('select * from refpost.ledger where name = $1 for update', [name]);
  await client.query(
    'update refpost.ledger set document = \'{"moved":1}\', version = version + 1 where name = $1',
    [name],
  );
  await client.query(
    'insert into refpost.lane (key, name, server) values ($1, $1, $2) on conflict do nothing',
    [name, server],
  );
  await client.query('insert into refpost.push (server, id) values ($1, $2)', [server, id]);
  const { rows } = await client.query(
    `with added as (insert into refpost.entry (server, push, lane, name, noted_at, draft) values ($1, $2, $3, $3, 0, $4) returning number),
     told as (insert into refpost.document (entry, server, document) select number, $1, 'secret' from added) select number from added`,
    [server, id, name, draft],
  );
  const number = Number(rows[0].number);
  await client.query(`insert into refpost.journal (entry, seq, server, lines) values ($1, 1, $2, 'secret')`, [
    number,
    server,
  ]);
  await client.query('select refpost.wake($1, null)', [name]);
  await client.query('update refpost.draft set stored = true where id = $1', [draft]);
  await client.query('select refpost.nudge()');
  return number;
}

const TABLES = [
  'ledger',
  'push',
  'lane',
  'worker',
  'entry',
  'document',
  'journal',
  'mail',
  'draft',
  'waiting',
  'member',
  'member_name',
];

/** All that is not git1's, as the owner sees it. */
async function others(): Promise<unknown> {
  const owner = await as('fleet');
  const seen: unknown[] = [];
  for (const table of TABLES) {
    const mine = table.startsWith('member') ? 'role' : 'server';
    const { rows } = await owner.query(
      `select * from refpost.${table} where ${mine} is distinct from 'git1' order by 1, 2`,
    );
    seen.push(table, rows);
  }
  const jobs = await owner.query(
    `select key, attempts, run_at from graphile_worker.jobs where key not like 'lane:git1:%' order by 1`,
  );
  await owner.end();
  return [seen, jobs.rows];
}

const OURS = 'git1:/srv/own.git';
const THEIRS = 'git2:/srv/theirs.git';

/** What would do harm; \`N\` is a number of theirs. Each either fails, or sees and changes nothing of theirs. */
const ATTACKS = [
  ...TABLES.map(table => `lock table refpost.${table} in row share mode`),
  ...TABLES.map(table => `lock table refpost.${table} in access exclusive mode`),
  ...TABLES.map(table => `delete from refpost.${table}`),
  ...TABLES.map(table => `truncate refpost.${table}`),
  ...TABLES.map(table => `alter table refpost.${table} disable row level security`),
  ...TABLES.map(
    table =>
      `create trigger t before insert on refpost.${table} execute function pg_catalog.suppress_redundant_updates_trigger()`,
  ),
  "update refpost.ledger set document = 'x'",
  'update refpost.lane set holder = 666, held = true, epoch = epoch + 1',
  "update refpost.lane set key = 'x', name = 'y'",
  "update refpost.worker set until = 'infinity', locked = false",
  "update refpost.entry set place = 'done', events = 7",
  "update refpost.entry set server = 'git1'",
  'update refpost.entry set number = number + 1000',
  "update refpost.document set document = 'x'",
  "update refpost.journal set lines = 'x'",
  "update refpost.mail set bytes = 'x'",
  'update refpost.draft set stored = false',
  "update refpost.member set server = 'git2'",
  'update refpost.schema_version set version = 99',
  "insert into refpost.member values ('git1', 'git2')",
  "insert into refpost.member_name values ('git1', 'team/shared')",
  "insert into refpost.ledger (name, document, identities, server) values ('git2:/srv/new.git', '{}', '{}', 'git1')",
  "insert into refpost.ledger (name, document, identities, server) values ('team/shared', '{}', '{}', 'git1')",
  "insert into refpost.ledger (name, document, identities, server) values ('git1:/x', '{}', '{}', 'git2')",
  "insert into refpost.push (server, id) values ('git2', 'to-come')",
  "insert into refpost.push (server, id) values ('', 'alarm')",
  "insert into refpost.lane (key, name, server) values ('git2:/srv/new.git', 'git1:/srv/own.git', 'git1')",
  "insert into refpost.lane (key, name, server) values ('git1:/srv/own.git\\n', 'git2:/srv/new.git', 'git1')",
  "insert into refpost.worker (key, server, mode, host, pid, until, locked) values (1, 'git2', 'worker', 'h', 1, 'infinity', true)",
  `insert into refpost.entry (server, push, lane, name, noted_at, draft) values ('git2', 'p', '${THEIRS}', '${THEIRS}', 0, gen_random_uuid())`,
  `insert into refpost.entry (server, push, lane, name, noted_at, draft) values ('git1', 'p', '${THEIRS}', '${OURS}', 0, gen_random_uuid())`,
  `insert into refpost.entry (server, push, lane, name, noted_at, draft) values ('git1', 'p', '${THEIRS}', '${THEIRS}', 0, gen_random_uuid())`,
  `insert into refpost.entry (number, server, push, lane, name, noted_at, draft) values (N + 1, 'git1', 'p', '${OURS}', '${OURS}', 0, gen_random_uuid())`,
  "insert into refpost.document (entry, server, document) values (N, 'git2', 'x')",
  "insert into refpost.journal (entry, seq, server, lines) values (N, 2, 'git2', 'x')",
  "insert into refpost.mail (draft, number, server, bytes) values (gen_random_uuid(), 1, 'git2', 'x')",
  "select setval('refpost.entry_number', 1)",
  "select setval('refpost.nudges', 1)",
  `select refpost.wake('${THEIRS}', 'infinity')`,
  `select refpost.wake('${THEIRS}' || chr(10) || 'docs', 'infinity')`,
  "select refpost.wake('team/shared', 'infinity')",
  "select graphile_worker.add_job('lane')",
  'delete from graphile_worker._private_jobs',
  'select * from graphile_worker._private_jobs',
  `select refpost.forget('git2', '${THEIRS}')`,
  `select refpost.forget('git1', '${THEIRS}')`,
  "select refpost.sweep('git2', null)",
  "select refpost.prune('git2', 'infinity')",
  "select refpost.prune(null, 'infinity')",
  "select refpost.admit('git1', 'git2', '{}')",
  "select refpost.dismiss('git2')",
  "create function refpost.own_server() returns text language sql as 'select ''git2'''",
  'create table refpost.x (y int)',
  'drop schema refpost cascade',
  'create table graphile_worker.x (y int)',
  'set role git2',
  'set session authorization git2',
  'set row_security = off',
];

/** They concern what is git1's alone. */
const HARMLESS = [
  "update refpost.ledger set document = 'x'",
  'update refpost.lane set holder = 666, held = true, epoch = epoch + 1',
  "update refpost.worker set until = 'infinity', locked = false",
  "update refpost.entry set place = 'done', events = 7",
  'update refpost.draft set stored = false',
  "select refpost.sweep('git2', null)",
  "select refpost.prune('git2', 'infinity')",
  "select refpost.prune(null, 'infinity')",
  'set row_security = off',
];

test('a server by its own role can neither read nor change what is of others, nor hold it up', {
  ...(skip && { skip }),
}, async t => {
  const [victim, hostile] = [await as('git2'), await as('git1')];
  t.after(() => Promise.all([victim.end(), hostile.end()]));
  const number = await addPush(victim, 'git2', THEIRS, 'p1');
  await addPush(victim, 'git2', 'team/shared', 'p2');
  await victim.query(
    "insert into refpost.worker (key, server, mode, host, pid, until, locked) values (7, 'git2', 'worker', 'h', 1, now(), true)",
  );
  await addPush(hostile, 'git1', OURS, 'p1');
  await victim.query('set lock_timeout = 2000');
  const found = await others();
  const done: string[] = [];
  for (const attack of ATTACKS) {
    await hostile.query('begin');
    const error = await hostile.query(attack.replaceAll('N', `${number}`)).catch((error: Error) => error);
    if (error instanceof Error) {
      await hostile.query('rollback');
      continue;
    }
    done.push(attack);
    // It sleeps in its transaction, and others go on.
    await victim.query('begin');
    for (const [server, name] of [
      ['git2', THEIRS],
      ['git2', 'team/shared'],
    ] as const)
      await addPush(victim, server, name, `meanwhile ${name}`).catch(error =>
        assert.fail(`${attack}: ${error}`),
      );
    await victim.query('rollback');
    await hostile.query('commit');
    await hostile.query('reset role; reset all');
    assert.deepEqual(await others(), found, attack);
  }
  assert.deepEqual(done, HARMLESS);
  for (const table of TABLES) {
    const seen = await hostile.query(`select * from refpost.${table}`).catch(() => ({ rows: [] }));
    assert.doesNotMatch(JSON.stringify(seen.rows), table === 'worker' ? /secret/ : /git2|team|p2/, table);
  }
});

test('who was granted nothing, or nothing any more, gets in nowhere, and nobody is granted who passes by row security', {
  ...(skip && { skip }),
}, async t => {
  const [owner, stranger] = [await as('fleet'), await as('stranger')];
  t.after(() => Promise.all([owner.end(), stranger.end()]));
  const look = () => stranger.query('select * from refpost.ledger');
  const say = () => stranger.query("select refpost.wake('x', null)");
  await assert.rejects(look, /permission denied for schema refpost/);
  await owner.query("select refpost.admit('stranger', 'git3', '{}')");
  await owner.query("select refpost.admit('stranger', 'git4', '{team/shared}')");
  assert.deepEqual((await stranger.query('select refpost.own_server()')).rows, [{ own_server: 'git4' }]);
  assert.equal((await look()).rows.length, 1);
  await assert.rejects(say, /lane x is not of this server/);
  await owner.query("select refpost.dismiss('stranger')");
  await assert.rejects(look, /permission denied/);
  await assert.rejects(say, /permission denied/);
  const admit = (role: string) => owner.query("select refpost.admit($1, 'git5', '{}')", [role]);
  await assert.rejects(admit('fleet'), /passes by row security/);
  await assert.rejects(admit('refpost'), /passes by row security/);
  await postgres?.sql('grant fleet to stranger');
  await assert.rejects(admit('stranger'), /passes by row security/);
});

test('no table is without row security, and no role has a right by which it could lock one', {
  ...(skip && { skip }),
}, async t => {
  const owner = await as('fleet');
  t.after(() => owner.end());
  const { rows: open } = await owner.query(
    `select relname from pg_class where relnamespace = 'refpost'::regnamespace and relkind in ('r', 'p') and not relrowsecurity order by 1`,
  );
  // Which are read by everybody, and written by the owner alone.
  assert.deepEqual(open, [{ relname: 'home' }, { relname: 'schema_version' }]);
  const { rows: rights } = await owner.query(
    `select c.relname, privilege_type from pg_class c, aclexplode(c.relacl) where relnamespace = 'refpost'::regnamespace
     and relkind in ('r', 'p', 'S') and grantee <> c.relowner and privilege_type not in ('SELECT', 'USAGE')`,
  );
  assert.deepEqual(rights, []);
  const { rows: calls } = await owner.query(
    `select proname from pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner)))
     where pronamespace = 'refpost'::regnamespace and grantee = 0`,
  );
  assert.deepEqual(calls, [], 'nothing is for everybody');
  const { rows: paths } = await owner.query(
    `select proname from pg_proc where pronamespace = 'refpost'::regnamespace and prosecdef
     and not coalesce(proconfig, '{}') @> '{"search_path=pg_catalog, pg_temp"}'`,
  );
  assert.deepEqual(paths, [], 'whoever has more rights looks where nobody else can put anything');
});
