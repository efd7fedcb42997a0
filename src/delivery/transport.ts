import { accessSync, constants } from 'node:fs';
import type { TransportAddress } from '../model/config.ts';

const SENDMAIL_PATHS = ['/usr/sbin/sendmail', '/usr/lib/sendmail'];

/**
 * Where mails go: what is configured, else the local sendmail where the Filesystem Hierarchy Standard puts it (or
 * where older systems had it), else the mail server of this machine.
 * @param isThere tells whether this user may run the program at a path
 */
export function resolveTransport(
  configured: TransportAddress | undefined,
  isThere: (path: string) => boolean = isExecutable,
): TransportAddress {
  if (configured) return configured;
  const path = SENDMAIL_PATHS.find(isThere);
  return path === undefined ? { kind: 'smtp', host: 'localhost', port: 25 } : { kind: 'sendmail', path };
}

/** As people write it in `refpost.transport`: `smtp://mail.example.org:25`, `sendmail:/usr/bin/msmtp -a list`. */
export function describeTransport(address: TransportAddress): string {
  if (address.kind === 'sendmail') return `sendmail:${[address.path, ...(address.options ?? [])].join(' ')}`;
  if ('socket' in address) return `lmtp:unix:${address.socket}`;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `${address.kind}://${host}:${address.port}`;
}

/** Whether this user may run the program at a path. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
