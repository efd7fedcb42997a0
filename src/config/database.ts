import { isIPv6 } from 'node:net';
import { posix } from 'node:path';
import type { DatabaseAddress } from '../model/fleet.ts';
import { hostName } from './transport.ts';
import { type Reading, type ValueType, withSecret } from './value-type.ts';

/** The port that PostgreSQL is registered with. */
const PORT = 5432;

/**
 * A connection URI as libpq has it (PostgreSQL, 34.1.1.2), of one host, and with `host` and `port` for all parameters:
 *
 *     postgres://refpost@db.example.org:5432/refpost   postgresql://refpost@[2001:db8::1]/refpost
 *     postgres://refpost@/refpost?host=/run/postgresql   postgres://%2Frun%2Fpostgresql/refpost
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

const FORM = /^postgres(?:ql)?:\/\/(?:([^@/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i;

function readDatabase(text: string): Reading<DatabaseAddress> {
  if (/[\p{Cc}\s]/u.test(text)) return { wrong: 'has a blank, a line end or a control character in it' };
  if (/^[/~]/.test(text)) return { wrong: 'is a path, which belongs in refpost.spool' };
  const [, login, server = '', name = '', parameters = ''] = FORM.exec(text) ?? [];
  const given = new URLSearchParams(parameters);
  if (login?.includes(':') || given.has('password'))
    return { wrong: 'has a password in it, which belongs in refpost.outboxPasswordFile' };
  if (!FORM.test(text)) return { wrong: 'is not of the form postgres://user@host:port/database' };
  const other = [...given.keys()].find(key => key !== 'host' && key !== 'port');
  if (other?.startsWith('ssl'))
    return { wrong: `has ${other} in it: refpost.outboxTls and refpost.outboxCaFile say that` };
  if (other !== undefined) return { wrong: `has ${other} in it, which refpost does not use` };
  const [user, host, database] = [login ?? '', given.get('host') ?? server, name].map(decoded);
  if (user === undefined || host === undefined || database === undefined)
    return { wrong: 'has a % in it that starts no escape (%2F)' };
  if (host.includes(',')) return { wrong: 'names more than one host' };
  if (database === '') return { wrong: 'names no database: write it after the host and a slash' };
  if (database.includes('/')) return { wrong: 'has more than one name after the host' };
  return withPlace(host, given.get('port') ?? undefined, { user: user || undefined, database });
}

function withPlace(
  place: string,
  asked: string | undefined,
  rest: Pick<DatabaseAddress, 'user' | 'database'>,
): Reading<DatabaseAddress> {
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
  return { value: { ...rest, host, port } };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
