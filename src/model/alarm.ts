import type { Reason, Status } from './status.ts';

/** What the administrator is told about, once. */
export type Alarm =
  /** Mails of a push that were given up, by a reply or after days. */
  | {
      readonly kind: 'given-up';
      readonly entry: number;
      readonly push: string;
      readonly refs: readonly string[];
      readonly mails: readonly GivenUpMail[];
    }
  /** An entry that cannot be read any more. */
  | { readonly kind: 'damaged'; readonly entry: number; readonly push: string; readonly reason: string }
  /** Pushes that wait for a person, or for a transport that somebody has to change: told at once. */
  | { readonly kind: 'held'; readonly reason: Reason }
  /** A push that waits for longer than refpost.warnAfter. */
  | { readonly kind: 'waiting'; readonly status: Status };

export interface GivenUpMail {
  readonly number: number;
  readonly subject: string;
  readonly recipients: readonly { readonly address: string; readonly reply: string }[];
}
