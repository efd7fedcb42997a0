import { isIPv6 } from 'node:net';
import { posix } from 'node:path';
import { asciiDomain } from '../model/address.ts';
import type { TransportAddress } from '../model/config.ts';
import { type Reading, type ValueType, withSecret } from './value-type.ts';

const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** SMTP: RFC 5321; implicit TLS: RFC 8314; LMTP has no port of its own, 24 is registered for private mail systems. */
const ports = { smtp: 25, smtps: 465, lmtp: 24 } as const;

/**
 * `smtp://host[:port]`, `smtps://…`, `lmtp://…`, an IPv6 address in brackets (RFC 3986, 3.2.2); an LMTP server as Postfix and Dovecot name it;
 * or `sendmail:/path` with options.
 */
export const transport: ValueType<TransportAddress> = {
  name: 'transport',
  // Any @ may be the end of a password, wherever it stands.
  read: text => withSecret(readTransport(text), text.includes('@')),
};

function readTransport(text: string): Reading<TransportAddress> {
  const [, scheme = '', rest = ''] = /^(smtps?|lmtp|unix|sendmail):(.*)$/is.exec(text) ?? [];
  const kind = scheme.toLowerCase();
  if (kind === 'sendmail') return readProgram(rest);
  if (kind === '') return { wrong: 'does not start with smtp://, smtps://, lmtp:// or sendmail:/' };
  if (text.includes('@')) {
    return {
      wrong:
        'has a user name or password in it: they belong in refpost.smtpUser and refpost.smtpPasswordFile',
    };
  }
  if (kind === 'unix') return readSocket(rest);
  return kind === 'lmtp' ? readLmtp(rest) : readServer(kind as keyof typeof ports, rest);
}

/**
 * The forms of Postfix's lmtp(8), and those that people make of them:
 *
 *     lmtp:unix:/run/dovecot/lmtp   lmtp:/run/dovecot/lmtp   lmtp:///run/dovecot/lmtp   unix:/run/dovecot/lmtp
 *     lmtp:inet:mail.example.org:24   lmtp:mail.example.org:24   lmtp:[192.0.2.1]:24   lmtp://mail.example.org
 */
function readLmtp(rest: string): Reading<TransportAddress> {
  const [, unix] = /^(?:unix:|\/\/unix:|(?:\/\/)?(?=\/(?!\/)))(.*)$/i.exec(rest) ?? [];
  if (unix !== undefined) return readSocket(unix);
  return readServer('lmtp', rest.replace(/^inet:/i, '').replace(/^(?!\/\/)/, '//'));
}

function readSocket(path: string): Reading<TransportAddress> {
  if (CONTROL.test(path)) return { wrong: 'has a line end or another control character in it' };
  if (!posix.isAbsolute(path)) return { wrong: 'does not name the socket by its absolute path' };
  const socket = posix.normalize(path);
  // sockaddr_un, unix(7): 108 bytes with a NUL.
  if (Buffer.byteLength(socket) > 107)
    return { wrong: 'names a socket by a path that is longer than 107 bytes' };
  return { value: { kind: 'lmtp', socket } };
}

function readServer(kind: keyof typeof ports, rest: string): Reading<TransportAddress> {
  const [, bracketed, name, digits] = /^\/\/(?:\[([^\]]*)\]|([^\s[\]/:]+))(?::(\d+))?\/?$/.exec(rest) ?? [];
  // Postfix has any host in brackets of which it shall not ask for the mail server.
  const host = isIPv6(bracketed ?? '') ? bracketed : hostName(bracketed ?? name ?? '');
  if (host === undefined) return { wrong: `is not of the form ${kind}://host or ${kind}://host:port` };
  const port = digits === undefined ? ports[kind] : Number(digits);
  if (port < 1 || port > 65535) return { wrong: 'has a port that is not between 1 and 65535' };
  return { value: { kind, host, port } };
}

/** In its ASCII form. Names inside of a house may have underscores. */
export function hostName(text: string): string | undefined {
  return /^[\w.-]+$/.test(text) ? text : asciiDomain(text);
}

/** A program and its options as the shell would split them, but nothing is replaced in them: no shell comes into it. */
function readProgram(text: string): Reading<TransportAddress> {
  if (CONTROL.test(text)) return { wrong: 'has a line end or another control character in it' };
  const words = shellWords(text);
  if (words === undefined) return { wrong: 'has a quotation mark or a backslash that nothing follows' };
  const [path = '', ...options] = words;
  if (!/^\/[^/]/.test(path)) return { wrong: 'does not name the program by its absolute path' };
  const other = options.find(option =>
    /^(?:-t|-b[dpshi]|-f.*|-r.*|--|--read-(?:recipients|envelope-from)|--from.*)$/.test(option),
  );
  if (other !== undefined)
    return { wrong: `has ${other} among the options: sender and recipients are refpost's to name` };
  return { value: { kind: 'sendmail', path, ...(options.length > 0 && { options }) } };
}

const WORD = String.raw`(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+`;
const WORDS = new RegExp(String.raw`^\s*(?:${WORD}(?:\s+|$))*$`, 's');

/** Words of a POSIX shell (2.2, Quoting); undefined where a quotation does not end. */
function shellWords(text: string): readonly string[] | undefined {
  if (!WORDS.test(text)) return undefined;
  return [...text.matchAll(new RegExp(WORD, 'gs'))].map(([word]) =>
    word.replace(
      /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/gs,
      (_, escaped, double, single) => escaped ?? single ?? (double as string).replace(/\\(["\\$`])/g, '$1'),
    ),
  );
}
