import { isIPv6 } from 'node:net';
import { isAddress, parseMailbox } from '../model/address.ts';
import type { TransportAddress } from '../model/config.ts';
import { type Reading, type ValueType, withSecret } from './value-type.ts';

/** One bare address. */
export const address: ValueType<string> = {
  name: 'address',
  read: value => (isAddress(value) ? { value } : { wrong: 'is not one plain address' }),
};

/**
 * An address, or a name and an address. Kept as text, in a form that `parseMailbox` takes: git removes the quotes of
 * `from = "Commits; all" <a@example.org>`, without which that name is none (RFC 5322, 3.2.5), so they are put back.
 */
export const mailbox: ValueType<string> = {
  name: 'mailbox',
  read: text => {
    // With an @ before the bracket it is two mailboxes, of which none may vanish into the other's name.
    const quoted = text.replace(/^([^"\\<>@]+)</, (_, name: string) => `"${name.trim()}" <`);
    const value = [text, quoted].find(form => parseMailbox(form) !== undefined);
    return value === undefined
      ? { wrong: 'is neither an address nor of the form Name <address>' }
      : { value };
  },
};

/** SMTP: RFC 5321; implicit TLS: RFC 8314; LMTP has no port of its own, 24 is registered for private mail systems. */
const ports = { smtp: 25, smtps: 465, lmtp: 24 } as const;

/** `smtp://host[:port]`, `smtps://…`, `lmtp://…` or `sendmail:/path`; an IPv6 address in brackets (RFC 3986, 3.2.2). */
export const transport: ValueType<TransportAddress> = {
  name: 'transport',
  // Any @ may be the end of a password, wherever it stands.
  read: text => withSecret(readTransport(text), text.includes('@')),
};

function readTransport(text: string): Reading<TransportAddress> {
  const [, scheme = '', rest = ''] = /^(smtps?|lmtp|sendmail):(.*)$/is.exec(text) ?? [];
  const kind = scheme.toLowerCase() as TransportAddress['kind'] | '';
  if (kind === '') return { wrong: 'does not start with smtp://, smtps://, lmtp:// or sendmail:/' };
  if (kind === 'sendmail') return readProgram(rest);
  if (!text.includes('@')) return readServer(kind, rest);
  return {
    wrong: 'has a user name or password in it: they belong in refpost.smtpUser and refpost.smtpPasswordFile',
  };
}

function readProgram(path: string): Reading<TransportAddress> {
  if (/[\s\p{Cc}]/u.test(path))
    return { wrong: 'has a blank in it; name the program only, without arguments' };
  if (!/^\/[^/]/.test(path)) return { wrong: 'does not name the program by its absolute path' };
  return { value: { kind: 'sendmail', path } };
}

function readServer(kind: keyof typeof ports, rest: string): Reading<TransportAddress> {
  const [, ipv6, name, digits] = /^\/\/(?:\[([^\]]*)\]|([\w.-]+))(?::(\d+))?\/?$/.exec(rest) ?? [];
  const host = ipv6 ?? name;
  if (host === undefined || (ipv6 !== undefined && !isIPv6(ipv6))) {
    return { wrong: `is not of the form ${kind}://host or ${kind}://host:port` };
  }
  const port = digits === undefined ? ports[kind] : Number(digits);
  if (port < 1 || port > 65535) return { wrong: 'has a port that is not between 1 and 65535' };
  return { value: { kind, host, port } };
}
