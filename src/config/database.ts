import { isIPv6 } from 'node:net';
import { posix } from 'node:path';
import type { DatabaseAddress, DatabaseServer } from '../model/fleet.ts';
import { hostName } from './transport.ts';
import { type Reading, type ValueType, withSecret } from './value-type.ts';

/** The port that PostgreSQL is registered with. */
const PORT = 5432;

/**
 * A connection URI as libpq has it (PostgreSQL, 34.1.1.2), of one host or several, and with `host` and `port` for all parameters but one:
 *
 *     postgres://refpost@db.example.org:5432/refpost   postgresql://refpost@[2001:db8::1]/refpost
 *     postgres://refpost@/refpost?host=/run/postgresql   postgres://%2Frun%2Fpostgresql/refpost
 *     postgres://refpost@db1,db2:5433/refpost?target_session_attrs=read-write
 *
 * What has a password in it is refused, and not repeated.
 */
export const database: ValueType<DatabaseAddress> = {
  name: 'postgres url',
  // Any @ may be the end of a password.
  read: text => withSecret(readDatabase(text), /:(?!\/\/).*@|@.*@|pass/is.test(text)),
};

/** A name that is the same in keys, labels and lists of names. */
export const fleetServer: ValueType<string> = {
  name: 'name',
  read: value =>
    /^[A-Za-z0-9][\w.-]{0,99}$/.test(value)
      ? { value }
      : { wrong: 'is no name of letters, digits, dots, hyphens and underscores' },
};

/** As libpq would ask of several servers: a standby is passed over. Of one that is named alone it is asked as well, by what it refuses. */
const TAKES_CHANGES = 'read-write';

const FORM = /^postgres(?:ql)?:\/\/(?:([^@/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i;

function readDatabase(text: string): Reading<DatabaseAddress> {
  if (/[\p{Cc}\s]/u.test(text)) return { wrong: 'has a blank, a line end or a control character in it' };
  if (/^[/~]/.test(text)) return { wrong: 'is a path, which belongs in refpost.spool' };
  const [, login, server = '', name = '', parameters = ''] = FORM.exec(text) ?? [];
  const given = new URLSearchParams(parameters);
  if (login?.includes(':') || given.has('password'))
    return { wrong: 'has a password in it, which belongs in refpost.outboxPasswordFile' };
  if (!FORM.test(text)) return { wrong: 'is not of the form postgres://user@host:port/database' };
  const { target_session_attrs: session = TAKES_CHANGES, ...rest } = Object.fromEntries(given);
  if (session !== TAKES_CHANGES)
    return { wrong: `has target_session_attrs in it, for which refpost knows ${TAKES_CHANGES} alone` };
  const other = Object.keys(rest).find(key => key !== 'host' && key !== 'port');
  if (other?.startsWith('ssl'))
    return {
      wrong: `has ${other} in it: refpost.outboxTls, refpost.outboxCaFile and refpost.outboxClientCertFile say that`,
    };
  if (other !== undefined) return { wrong: `has ${other} in it, which refpost does not use` };
  const hosts = (given.get('host') ?? server).split(',').map(decoded);
  const [user, database] = [decoded(login ?? ''), decoded(name)];
  if (user === undefined || database === undefined || hosts.includes(undefined))
    return { wrong: 'has a % in it that starts no escape (%2F)' };
  if (database === '') return { wrong: 'names no database: write it after the host and a slash' };
  if (database.includes('/')) return { wrong: 'has more than one name after the host' };
  return withServers(hosts as string[], given.get('port')?.split(',') ?? [], {
    user: user || undefined,
    database,
  });
}

/** @param ports one for all, or one for each */
function withServers(
  hosts: readonly string[],
  ports: readonly string[],
  rest: Pick<DatabaseAddress, 'user' | 'database'>,
): Reading<DatabaseAddress> {
  if (ports.length > 1 && ports.length !== hosts.length) return { wrong: 'has other ports than hosts' };
  const servers: DatabaseServer[] = [];
  for (const [at, host] of hosts.entries()) {
    const read = readServer(host, ports[at] ?? ports[0]);
    if ('wrong' in read) return read;
    servers.push(read.value);
  }
  return { value: { ...rest, servers: servers as [DatabaseServer, ...DatabaseServer[]] } };
}

function readServer(place: string, asked: string | undefined): Reading<DatabaseServer> {
  const isSocket = place.startsWith('/');
  const form = isSocket ? /^()(.*?)(?::(\d*))?$/ : /^(?:\[([^\]]*)\]|([^\s[\]:]*))(?::(\d*))?$/;
  const [, bracketed, name = '', digits] = form.exec(place) ?? [];
  const host = isSocket
    ? posix.normalize(name).replace(/(?<=.)\/$/, '')
    : bracketed === undefined
      ? hostName(name)
      : isIPv6(bracketed)
        ? bracketed
        : undefined;
  if (host === undefined || (!isSocket && place === ''))
    return { wrong: 'names no host, nor the folder of a socket (?host=/run/postgresql)' };
  const port = Number(asked ?? digits ?? PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    return { wrong: 'has a port that is not between 1 and 65535' };
  // sockaddr_un, unix(7): 108 bytes with a NUL.
  if (isSocket && Buffer.byteLength(`${host}/.s.PGSQL.${port}`) > 107)
    return { wrong: 'names a socket by a path that is longer than 107 bytes' };
  return { value: { host, port } };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
