import { connect, isIPv4, type Socket } from 'node:net';
import type { SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { ServerAddress, TlsPolicy } from '../model/config.ts';
import type { SessionOptions } from './sender-options.ts';
import type { TlsFiles } from './tls-files.ts';

/**
 * Node gives up on one address of a host before it tries the next, after a quarter of a second if not told otherwise:
 * too short for a far server, and a dead IPv6 path should not use up all the time there is.
 */
const TIME_FOR_ONE_ADDRESS = 3000;

/**
 * Connects as the other programs of this machine do, by the system's resolver: /etc/hosts counts, and nobody is asked
 * where `localhost` is. nodemailer would ask the name server first, and wait for it.
 */
export function dial(address: ServerAddress, { timeouts, signal }: SessionOptions): Promise<Socket | Error> {
  return new Promise(resolve => {
    const socket = connect({
      ...('socket' in address ? { path: address.socket } : { host: address.host, port: address.port }),
      signal,
      // Each of our commands is one small packet that the server answers: none may wait for another.
      noDelay: true,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: TIME_FOR_ONE_ADDRESS,
    });
    const timer = setTimeout(() => socket.destroy(new Error('Connection timeout')), timeouts.connection);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', resolve);
      resolve(socket);
    });
    socket.once('error', resolve).once('close', () => clearTimeout(timer));
  });
}

type Encryption = Pick<
  SMTPConnectionOptions,
  'secure' | 'requireTLS' | 'opportunisticTLS' | 'ignoreTLS' | 'tls'
>;

const ANY_CERTIFICATE = { rejectUnauthorized: false } as const;

/**
 * What a policy means for one server. Towards loopback nobody sits in between, and local servers have the certificate
 * of another name or their own: there `verify` takes what it gets. `smtps` asks for TLS by its name: no policy takes
 * that away, and under `verify` the certificate must always be right.
 * @param files whom to trust, and who we are
 */
export function tlsOptions(address: ServerAddress, policy: TlsPolicy, files: TlsFiles): Encryption {
  const isSecure = address.kind === 'smtps';
  const isChecked = policy === 'verify' && (isSecure || !isHere(address));
  const tls = { ...files, ...(isChecked ? {} : ANY_CERTIFICATE) };
  if (isSecure) return { secure: true, tls };
  if (policy === 'off') return { secure: false, ignoreTLS: true };
  return { secure: false, tls, ...(isChecked ? { requireTLS: true } : { opportunisticTLS: true }) };
}

/** True where nobody sits in between: a socket, `localhost`, 127.0.0.0/8 and ::1. Any other name may lead anywhere. */
export function isHere(address: ServerAddress): boolean {
  return 'socket' in address || isLoopback(address.host);
}

export function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
