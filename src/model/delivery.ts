/** The three answers a mail can get: taken, try later, never. */
export type Verdict = 'sent' | 'deferred' | 'rejected';

/** What became of a mail for one recipient, with the reply or error in the server's own words. */
export interface DeliveryResult {
  readonly recipient: string;
  readonly verdict: Verdict;
  readonly reply: string;
}

/**
 * What one attempt to hand over a mail came to.
 * `answered`: the server spoke about this mail, one result a recipient and one at the least. Who is not among them has not been
 *   offered it: they are too many for one transaction, and next.
 * `lost`: the connection broke or fell silent in the middle of this mail. With `uncertain`, every byte had been
 *   handed over, so that the server may have taken it: the one case in which a mail can arrive twice.
 * `unreachable`: there is no working connection at all (network, TLS, greeting, login), or the server refuses us or the envelope
 *   sender: it concerns all that wait for this transport, or all of that sender, and says nothing about the mail. `lasting`: waiting does not help (a refused login, a
 *   certificate, a program that is not there), somebody has to change something.
 */
export type Attempt =
  | { readonly outcome: 'answered'; readonly results: readonly DeliveryResult[] }
  | { readonly outcome: 'lost'; readonly reply: string; readonly uncertain: boolean }
  | {
      readonly outcome: 'unreachable';
      readonly reply: string;
      readonly lasting: boolean;
      readonly concern: 'transport' | 'sender';
    };

/** A door out of this machine: SMTP, LMTP or the local sendmail. */
export interface Sender {
  /** Offers one mail to the recipients named (those of its envelope that still wait), or to as many of them as it may at once. Never rejects. */
  send(mail: OutgoingMail): Promise<Attempt>;
  /** Ends the connection politely, if there is one. */
  close(): Promise<void>;
}

/** A stored mail on its way to a server. */
export interface OutgoingMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly messageId: string;
  readonly bytes: Buffer;
  /** Not one byte of the message goes out before this is settled, and none if it rejects. */
  readonly recorded?: Promise<void>;
}
