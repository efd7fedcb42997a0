import { isIPv6 } from 'node:net';
import type { TransportAddress } from '../model/config.ts';
import type { Reading, ValueType } from './value-type.ts';

/** `smtp://host[:port]`, `smtps://…`, `lmtp://…` or `sendmail:/path`; an IPv6 address in brackets (RFC 3986, 3.2.2). */
export const transport: ValueType<TransportAddress> = { name: 'transport', read: readTransport };

/** SMTP: RFC 5321; implicit TLS: RFC 8314; LMTP has no port of its own, 24 is registered for private mail systems. */
const ports = { smtp: 25, smtps: 465, lmtp: 24 } as const;

function readTransport(text: string): Reading<TransportAddress> {
  const [, scheme, rest] = /^(smtps?|lmtp|sendmail):(.*)$/is.exec(text) ?? [];
  // Any @ may be the end of a password, wherever it stands.
  const secret = text.includes('@') ? ({ secret: true } as const) : {};
  if (scheme === undefined || rest === undefined) {
    return { wrong: 'does not start with smtp://, smtps://, lmtp:// or sendmail:/', ...secret };
  }
  const kind = scheme.toLowerCase() as TransportAddress['kind'];
  if (kind === 'sendmail') return { ...readProgram(rest), ...secret };
  if (text.includes('@')) {
    return {
      wrong:
        'has a user name or password in it: they belong in refpost.smtpUser and refpost.smtpPasswordFile',
      secret: true,
    };
  }
  return readServer(kind, rest);
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
