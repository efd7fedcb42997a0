import { lossOf } from './cut.ts';
import type { Field } from './header-fields.ts';

/** Who the mail server is told: the SMTP envelope, which no header decides. */
export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** A mailbox with an optional display name. */
export interface Address {
  readonly name: string;
  readonly address: string;
}

/** A mail as rendered: text and header values, not yet encoded. */
export interface Mail {
  /** For whom it is; absent for the default audience. */
  readonly audience?: string;
  /** The name of its notice (`noticeName`); absent where it tells of no push. */
  readonly about?: string;
  readonly envelope: Envelope;
  /** With its angle brackets. */
  readonly messageId: string;
  /** Message-ID of the mail that starts the thread; absent in that mail itself. */
  readonly inReplyTo?: string;
  readonly from: Address;
  /** Who sends in the place of From (RFC 5322 3.6.2). */
  readonly sender?: Address;
  /** The To field: mailboxes as text. Who gets the mail is said by the envelope alone, Bcc by nothing else. */
  readonly to: readonly string[];
  /** The Cc field. */
  readonly cc?: readonly string[];
  readonly replyTo?: readonly Address[];
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly date: number;
  /** The other headers, in order. Values are one line each. */
  readonly headers: readonly Field[];
  readonly text: string;
  /** The same for readers that show HTML: a whole document. */
  readonly html?: string;
  /** What is below the text of every mail. */
  readonly footer?: string;
  readonly attachment?: Attachment;
}

/** A file that comes with a mail; every byte of it arrives. */
export interface Attachment {
  /** ASCII, without a slash. */
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** A mail in its final bytes: what is stored is what is sent. */
export interface ComposedMail {
  /** As in the mail. */
  readonly audience?: string;
  readonly about?: string;
  readonly envelope: Envelope;
  readonly messageId: string;
  /** For people who list the outbox. */
  readonly subject: string;
  /** A complete RFC 5322 message with LF line ends; the transport turns them into CRLF. */
  readonly bytes: Buffer;
}

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
 *   offered it: they are too many for one transaction or run of a program, and next.
 * `lost`: the connection broke or fell silent while this mail was offered to these recipients. With `uncertain`, every byte had been
 *   handed over, so that the server may have taken it: the one case in which a mail can arrive twice.
 * `unreachable`: there is no working connection at all (network, TLS, greeting, login), or the server refuses us or the envelope
 *   sender: it concerns all that wait for this transport, or all of that sender, and says nothing about the mail. `lasting`: waiting does not help (a refused login, a
 *   certificate, a program that is not there), somebody has to change something.
 * `stopped`: the sender was closed before there was an answer. It says nothing about anything.
 */
export type Attempt =
  | { readonly outcome: 'answered'; readonly results: readonly DeliveryResult[] }
  | {
      readonly outcome: 'lost';
      readonly recipients: readonly string[];
      readonly reply: string;
      readonly uncertain: boolean;
    }
  | {
      readonly outcome: 'unreachable';
      readonly reply: string;
      readonly lasting: boolean;
      readonly concern: 'transport' | 'sender';
    }
  | { readonly outcome: 'stopped' };

/** A door out of this machine: SMTP, LMTP or the local sendmail. */
export interface Sender {
  /** Offers one mail to the recipients named (those of its envelope that still wait), or to as many of them as it may at once. Never rejects. */
  send(mail: OutgoingMail): Promise<Attempt>;
  /**
   * Bytes that a mail may have, as the server has announced them (RFC 1870); 0 where no limit is known. A server that is away is waited for only a
   * moment, and once.
   */
  largest(): Promise<number>;
  /** True while the text of a mail has gone, or may have, and there is no answer yet. */
  isAnswerDue(): boolean;
  /**
   * Ends the connection politely, if there is one, and sends nothing any more. A mail under way is cut off, but where its text has gone a
   * few seconds are left for the answer.
   */
  close(): Promise<void>;
}

/** A stored mail on its way to a server. */
export interface OutgoingMail extends Envelope {
  readonly messageId: string;
  readonly bytes: Buffer;
  /** Called right before the message goes out: not one byte of it does before this is settled, and none if it rejects. */
  readonly recorded?: () => Promise<void>;
  /**
   * The mail that is offered at once after this one if this becomes of it, as far as it is known: a server may be told its sender, recipients and
   * size early. Of its text it gets nothing before it is sent itself.
   */
  readonly next?: (attempt: Attempt) => Promise<OutgoingMail | undefined>;
}

/** `Thu Nov  5 11:49:00 2026`: the moment on a mailbox file's `From ` line, as C's asctime() gives it, in UTC (RFC 4155). */
export function asctime(at: number): string {
  const [weekday, day, month, year, time] = new Date(at).toUTCString().split(/,? /);
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
}

/**
 * A header's value on one line: control characters, line ends of every kind and runs of blanks become one blank.
 * Long runs must go, because folding there makes lines of nothing but blanks, which some parsers take for the end
 * of the header.
 */
export function oneLine(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return value.replace(/[\u0000-\u0020\u007f-\u00a0\u2028\u2029]+/g, ' ').trim();
}

/** One line of so many characters at the most. */
export function shortLine(value: string, most: number): string {
  return Array.from(oneLine(value).slice(0, 2 * most))
    .slice(0, most)
    .join('');
}

/** Length of a message with LF line ends once they are CR LF: what SIZE means (RFC 1870 section 5). */
export function smtpSize(bytes: Buffer): number {
  return bytes.length + lossOf(bytes).lines;
}

/**
 * Bytes that a mail may have for a server that announces this limit. Postfix counts its own Received field and its notes of the client and the
 * recipients too: 900 bytes, and twice each address with 64 more. The notes are given no more than half of the limit.
 */
export function roomWithin(limit: number, to: readonly string[]): number {
  const notes = to.reduce((sum, { length }) => sum + 2 * length + 80, 1200);
  return limit - Math.min(notes, Math.floor(limit / 2));
}
