import { isIPv4 } from 'node:net';
import type { TlsPolicy, TransportAddress } from '../model/config.ts';

export type ServerAddress = Exclude<TransportAddress, { readonly kind: 'sendmail' }>;

/** The part of nodemailer's connection options that is about encryption. */
export interface TlsOptions {
  readonly secure: boolean;
  readonly requireTLS?: boolean;
  readonly opportunisticTLS?: boolean;
  readonly ignoreTLS?: boolean;
  readonly tls?: { readonly rejectUnauthorized: false };
}

const ANY_CERTIFICATE = { rejectUnauthorized: false } as const;

/**
 * What a policy means for one server. Towards loopback nobody sits in between, and local servers have the certificate
 * of another name or their own: there `verify` takes what it gets. `smtps` asks for TLS by its name: no policy takes
 * that away, and under `verify` the certificate must always be right.
 */
export function tlsOptions(address: ServerAddress, policy: TlsPolicy): TlsOptions {
  if (address.kind === 'smtps')
    return policy === 'verify' ? { secure: true } : { secure: true, tls: ANY_CERTIFICATE };
  if (policy === 'off') return { secure: false, ignoreTLS: true };
  if (policy === 'verify' && !isLoopback(address.host)) return { secure: false, requireTLS: true };
  return { secure: false, opportunisticTLS: true, tls: ANY_CERTIFICATE };
}

/** True for `localhost`, 127.0.0.0/8 and ::1. Any other name may lead anywhere. */
export function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
