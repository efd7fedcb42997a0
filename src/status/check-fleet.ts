import { spanText } from '../model/numbers.ts';
import type { World } from '../model/world.ts';
import type { Database } from '../outbox/postgres/database.ts';
import { SCHEMA_VERSION, schemaVersion } from '../outbox/postgres/schema.ts';
import { databaseIn, serverName } from '../repository/database-of.ts';
import type { Tolerated } from '../repository/workplace.ts';
import { type Finding, fail, failure, ok, warn, warnIf } from './finding.ts';

type FleetCheck = (
  database: Database,
  world: World,
  place: Tolerated,
) => Promise<Finding | readonly Finding[]>;

const CHECKS: Readonly<Record<string, FleetCheck>> = { server, tables, role, clock, pooler, name };

/** What the database of a fleet has to be like: what each check found, by its name. Changes nothing. */
export async function checkFleet(
  world: World,
  place: Tolerated,
): Promise<readonly (readonly [name: string, found: Finding])[]> {
  const database = databaseIn(world, place);
  const findings: (readonly [string, Finding])[] = [['database', ok(database.shown)]];
  for (const [name, look] of Object.entries(CHECKS)) {
    const found = [await look(database, world, place).catch(failure)].flat();
    findings.push(...found.map(finding => [name, finding] as const));
    // Without an answer to the first there is none to the others.
    if (found.some(({ mark }) => mark === 'FAIL')) break;
  }
  return findings;
}

/** The oldest PostgreSQL that graphile-worker and we work with. */
const OLDEST = 120_000;

async function server({ query }: Database): Promise<readonly Finding[]> {
  const [found] = await query<{
    version: string;
    number: number;
    standby: boolean;
    used: number;
    most: number;
  }>(
    `select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
       pg_is_in_recovery() as standby, (select sum(numbackends)::int from pg_stat_database) as used,
       current_setting('max_connections')::int as most`,
  );
  const { version, number, standby, used, most } = found ?? {
    version: '',
    number: 0,
    standby: false,
    used: 0,
    most: 0,
  };
  if (number < OLDEST) return [fail(`it is PostgreSQL ${version}`, 'PostgreSQL 12 or later is needed')];
  if (standby)
    return [fail('it is a standby, which takes no changes', 'name the primary server in refpost.outbox')];
  const full = warnIf(
    used > 0.9 * most,
    `${used} of ${most} connections are in use`,
    'raise max_connections, or put PgBouncer in front of it: a worker of refpost takes up to eight',
  );
  return [ok(`PostgreSQL ${version}, ${used} of ${most} connections in use`), ...full];
}

async function tables(database: Database): Promise<Finding> {
  const found = await schemaVersion(database);
  if (found > SCHEMA_VERSION)
    return fail(
      `its tables are of version ${found}, and this refpost knows ${SCHEMA_VERSION}`,
      'install the refpost that the rest of the fleet has',
    );
  if (found < SCHEMA_VERSION)
    return fail(
      found === 0
        ? 'there is no outbox in it'
        : `its tables are of version ${found}, and this refpost wants ${SCHEMA_VERSION}`,
      found === 0 ? 'refpost fleet init' : 'refpost fleet migrate',
    );
  const [engine] = await database
    .query<{ version: number }>('select max(id)::int as version from graphile_worker.migrations')
    .catch(() => []);
  const theirs = engine ? `, and those of graphile-worker of version ${engine.version}` : '';
  return ok(`of version ${found}${theirs}`);
}

/** Who logs in: the owner, or the role of one git server. */
async function role({ query }: Database, _: World, { config }: Tolerated): Promise<Finding> {
  const [found] = await query<{ name: string; superuser: boolean; owns: boolean; speaks: string | null }>(
    `select current_user as name, rolsuper as superuser, pg_has_role(current_user, nspowner, 'member') as owns, refpost.own_server() as speaks
     from pg_roles, pg_namespace where rolname = current_user and nspname = 'refpost'`,
  );
  if (!found) return fail('there is no outbox in it', 'refpost fleet init');
  const { name, superuser, owns, speaks } = found;
  if (superuser)
    return warn(
      `${name} is a superuser, who may do more than refpost needs`,
      'let an ordinary role own the outbox',
    );
  if (speaks === serverName(config)) return ok(`${name} sees and changes what ${speaks} has queued`);
  if (speaks !== null)
    return fail(
      `${name} may speak for ${speaks} alone, and this machine is ${serverName(config)}`,
      `set refpost.server to ${speaks}, or: refpost fleet grant ${name} ${serverName(config)}`,
    );
  if (owns) return ok(`${name} owns the outbox: senders and administrators need that`);
  return fail(
    `${name} has no rights in the outbox`,
    `as its owner: refpost fleet grant ${name} ${serverName(config)}`,
  );
}

/** So far clocks may be apart before it matters, in milliseconds. */
const SKEW = 5000;

async function clock({ query }: Database, { now }: World): Promise<Finding> {
  const before = now();
  const [found] = await query<{ now: number }>(
    'select extract(epoch from clock_timestamp())::float8 * 1000 as now',
  );
  const apart = (found?.now ?? before) - (before + now()) / 2;
  if (Math.abs(apart) <= SKEW) return ok('that of the database and the one here are the same');
  return warn(
    `that of the database is ${apart > 0 ? 'ahead of' : 'behind'} the one here by ${spanText(Math.abs(apart))}`,
    'set both by NTP: when mails are due is written down by the clock of who sends them',
  );
}

/** A pooler answers for a process of the server that is not the one by which it introduced itself; for two sessions by the same one, where it lends it by the transaction. */
async function pooler(database: Database): Promise<Finding> {
  const [one, other] = [await database.session(), await database.session()];
  try {
    const pids: number[] = [];
    for (const client of [one, other])
      pids.push((await client.query('select pg_backend_pid() as pid')).rows[0]?.pid);
    if (pids[0] === (one as typeof one & { readonly processID?: number }).processID) return ok('none');
    const late = 'what a killed worker had goes on after ten seconds instead of at once';
    if (pids[0] !== pids[1]) return ok(`there is one that lends connections by the session; ${late}`);
    return warn(
      `there is one that lends connections by the transaction (PgBouncer, pool_mode = transaction); ${late}`,
      'that works; senders do better with connections of their own, or by the session, where they hear at once of what comes',
    );
  } finally {
    for (const client of [one, other]) await client.end().catch(() => undefined);
  }
}

async function name(_: Database, __: World, { config }: Tolerated): Promise<Finding> {
  if (config.server !== undefined) return ok(config.server);
  return warn(
    `this machine is ${serverName(config)}, by its host name`,
    `git config --system refpost.server ${serverName(config)}: a machine that is renamed would have new ledgers`,
  );
}
