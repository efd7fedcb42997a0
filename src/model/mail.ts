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
  readonly envelope: Envelope;
  /** With its angle brackets. */
  readonly messageId: string;
  /** Message-ID of the mail that starts the thread; absent in that mail itself. */
  readonly inReplyTo?: string;
  readonly from: Address;
  readonly to: readonly string[];
  readonly replyTo?: Address;
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly date: number;
  /** The other headers, in order. Values are one line each. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text: string;
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
  readonly envelope: Envelope;
  readonly messageId: string;
  /** For people who list the outbox. */
  readonly subject: string;
  /** A complete RFC 5322 message with LF line ends; the transport turns them into CRLF. */
  readonly bytes: Buffer;
}
