import type { Config, TlsPolicy } from '../model/config.ts';
import type { World } from '../model/world.ts';
import { smtpPassword } from './password.ts';

export interface SenderOptions {
  readonly tls: TlsPolicy;
  /** Without one there is no login. */
  readonly user?: string | undefined;
  /** Asked at every connection, so that a changed password is taken up. What it rejects with becomes the reply. */
  readonly password: () => Promise<string | undefined>;
  /** The name this machine gives in EHLO (RFC 5321 4.1.1.1). */
  readonly clientName: string;
  readonly timeouts?: Partial<Timeouts> | undefined;
}

/** In milliseconds. */
export interface Timeouts {
  /** From the look-up of the host to the end of its greeting or its TLS handshake. */
  readonly connection: number;
  /** From the connection to the greeting. */
  readonly greeting: number;
  /** Silence while something is awaited. An idle connection is given up after it, too. */
  readonly socket: number;
  /** A login or a mail from beginning to end, however talkative the server; a whole run of sendmail. */
  readonly step: number;
}

/** Options with nothing left open. */
export interface SessionOptions extends SenderOptions {
  readonly timeouts: Timeouts;
}

/** RFC 5321 4.5.3.2 would have us wait for minutes at every turn; while we wait for one server, no mail goes out. */
export const TIMEOUTS: Timeouts = { connection: 15_000, greeting: 15_000, socket: 60_000, step: 600_000 };

/** How a way out is used: encryption, login and the name we give ourselves. */
export function senderOptions(world: World, config: Config): SenderOptions {
  return {
    tls: config.tls,
    user: config.smtpUser,
    password: () => smtpPassword(config, world.env),
    clientName: world.host,
  };
}
