import { accessSync, constants } from 'node:fs';
import type { TransportAddress } from '../model/config.ts';
import { type SenderOptions, TIMEOUTS } from './sender-options.ts';
import { openSession } from './smtp-session.ts';

/** Goes as far as a mail would need to, login included, and sends none. Returns what stands in the way, if anything. */
export async function probe(address: TransportAddress, options: SenderOptions): Promise<string | undefined> {
  if (address.kind === 'sendmail')
    return isExecutable(address.path) ? undefined : `${address.path} cannot be run`;
  const session = await openSession(address, { ...options, timeouts: { ...TIMEOUTS, ...options.timeouts } });
  if ('unreachable' in session) return session.unreachable;
  await session.quit();
  return undefined;
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
