import type { LedgerMove } from './ledger.ts';
import type { Envelope, Verdict } from './mail.ts';
import type { Push } from './push.ts';

/** Where one mail lies in its entry's `mails` file, and who is to get it. */
export interface StoredMail {
  /** 1 for the first mail of the entry. */
  readonly number: number;
  readonly messageId: string;
  readonly subject: string;
  /** What it tells of: a commit, `summary` or `digest` (`noticeName`). */
  readonly about?: string;
  readonly envelope: Envelope;
  readonly offset: number;
  readonly length: number;
  readonly sha256: string;
}

/** A push in the outbox, as far as one audience is concerned: everything that is left to do for it. */
export interface OutboxEntry {
  /** Unique in the spool, in the order of queueing: what people name it by. */
  readonly number: number;
  readonly push: Push;
  /** Which server of a fleet has stored it; absent in a directory. */
  readonly server?: string;
  /** Whose mails these are; absent for the default audience, and where there are none. */
  readonly audience?: string;
  /** Milliseconds since 1970. */
  readonly queuedAt: number;
  readonly mails: readonly StoredMail[];
  /** In the last entry of a push. Absent for a `notify`, which leaves the ledger alone. */
  readonly ledger?: LedgerMove;
}

/**
 * One thing that happened to a mail, a line of the journal. Without a recipient it concerns all that were still open.
 * `sending`: about to be offered. `unreached`: it was not, since the server could not be reached: no try of this mail.
 * `held`: it could not even be offered, since the settings of its repository cannot be used: the reply says why.
 * `retry`: a person asks for another try of what was given up. `dropped`: a person gave it up.
 */
export interface JournalEvent {
  readonly at: number;
  readonly event: 'sending' | Verdict | 'unreached' | 'held' | 'dropped' | 'retry';
  readonly mail: number;
  readonly recipient?: string;
  readonly reply?: string;
  /** With `deferred`: not to be tried before this moment. */
  readonly until?: number;
  /** With `unreached`: waiting does not help. */
  readonly lasting?: boolean;
  /** With `held`: what to do about it. */
  readonly remedy?: string;
}
