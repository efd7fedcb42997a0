import type { Config, TlsPolicy } from '../model/config.ts';
import type { Attempt, OutgoingMail } from '../model/mail.ts';
import type { World } from '../model/world.ts';
import { smtpPassword, smtpToken } from './secret.ts';
import type { TlsSettings } from './tls-files.ts';

export interface SenderOptions {
  readonly tls: TlsPolicy;
  /** Without one there is no login. */
  readonly user?: string | undefined;
  /** Asked at every connection, so that a changed password is taken up. What it rejects with becomes the reply. */
  readonly password: (signal: AbortSignal) => Promise<string | undefined>;
  /** The same for an OAuth2 access token, which goes before a password. */
  readonly token?: (signal: AbortSignal) => Promise<string | undefined>;
  /** Whom to trust, and who we are, where TLS is spoken. */
  readonly tlsFiles?: TlsSettings & { readonly now: () => number };
  /** The name this machine gives in EHLO (RFC 5321 4.1.1.1). */
  readonly clientName: string;
  readonly timeouts?: Partial<Timeouts> | undefined;
}

/** In milliseconds. */
export interface Timeouts {
  /** From the look-up of the host to the connection. */
  readonly connection: number;
  /** From the connection to the greeting; the same for a TLS handshake. */
  readonly greeting: number;
  /** Silence while an answer is awaited or the text is taken. */
  readonly socket: number;
  /** After which a connection that no mail has used is ended. */
  readonly idle: number;
  /** A login or a mail from start to end, however talkative the server; each recipient has the time of a silence besides. */
  readonly step: number;
  /** For the answer about a mail whose text has gone when the sender is closed: to cut it off may bring it twice. */
  readonly answer: number;
  /** A whole run of sendmail. */
  readonly run: number;
}

/** Options with nothing left open. */
export interface SessionOptions extends SenderOptions {
  readonly timeouts: Timeouts;
  /** Cuts a connection off at any time. */
  readonly signal: AbortSignal;
}

/**
 * A host that is away is noticed soon. One that is there has all the time of RFC 5321 4.5.3.2: five minutes for its greeting and for
 * MAIL and RCPT, ten after the text, which is the longest of them and counts for all.
 */
export const TIMEOUTS: Timeouts = {
  connection: 30_000,
  greeting: 300_000,
  socket: 600_000,
  idle: 60_000,
  step: 1_800_000,
  answer: 5_000,
  run: 600_000,
};

/** How a transport is used: encryption, login and the name we give ourselves. */
export function senderOptions(world: World, config: Config): SenderOptions {
  return {
    tls: config.tls,
    user: config.smtpUser,
    password: signal => smtpPassword(config, world.env, undefined, signal),
    token: signal => smtpToken(config, world.env, undefined, signal),
    tlsFiles: { ...config, now: world.now },
    clientName: config.ehloName ?? world.host,
  };
}

/** What differs between a server and a program. Its mails come one after the other; it is closed by a signal, then ended. */
export interface Door {
  offer(mail: OutgoingMail): Promise<Attempt>;
  /** Connects, where there is something to connect to: then `largest` is known, if it can be. */
  greet(): Promise<undefined>;
  /** As of a `Sender`; undefined where it is not known yet. */
  largest(): number | undefined;
  /** True while the text of a mail has gone, or may have, and there is no answer yet. */
  isAnswerDue(): boolean;
  end(): Promise<void>;
}
