import type { Socket } from 'node:net';
import type { NodemailerError } from 'nodemailer/lib/errors';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Done } from './smtp-step.ts';

/** An envelope as the server is told it, and what it has said. */
export interface Transaction {
  readonly from: string;
  readonly to: string[];
  /** In bytes, with CR LF (RFC 1870). */
  readonly size: number;
  /** nodemailer notes here what became of each recipient. */
  readonly accepted?: readonly string[];
  readonly rejectedErrors?: NodemailerError[];
  /** By LMTP: the reply for each recipient who has the mail. */
  readonly taken?: Map<string, string>;
}

/** What goes out once the server waits for the text. */
export interface Text {
  readonly bytes: Buffer;
  /** The envelope that follows, if it is known. Asked for when the text has gone. */
  next(): Promise<Transaction | undefined>;
}

/** An envelope that the server has been told, and whether it waits for its text. */
interface Told {
  readonly transaction: Transaction;
  outcome?: { readonly failure: NodemailerError | null };
  answered(failure: NodemailerError | null): void;
}

/** Parts of nodemailer's connection that are not in its types. */
interface Undeclared {
  readonly _socket: Socket;
  readonly _supportedExtensions: readonly string[];
  readonly _responseActions: ((reply: string) => void)[];
  readonly options: { readonly lmtp?: boolean };
  readonly _responseQueue: readonly string[];
  _pendingSend: unknown;
  _processResponse(): void;
  _setEnvelope(transaction: Transaction, done: (failure: NodemailerError | null) => void): void;
  _isDestroyedMessage(purpose: string): string | undefined;
  _formatError(words: string, code: string, reply: string | false, command: string): NodemailerError;
}

/**
 * Mail transactions over a connection. nodemailer says MAIL, RCPT and DATA and judges the replies; the text is ours, because where the server has
 * PIPELINING the next envelope follows it at once, which nodemailer's `send` cannot (RFC 2920 3.1: the end of a text may be the first of a
 * group). So a mail takes one round trip, not two; and what comes next is looked for while the server has the text. Without PIPELINING each
 * command waits for the reply to the one before it.
 */
export function transactions(connection: SMTPConnection) {
  const raw = connection as unknown as Undeclared;
  const isPipelined = raw._supportedExtensions.includes('PIPELINING');
  let early: Told | undefined;
  let textGone = false;
  /** The one whose text has gone, and has no answer yet. */
  let unanswered: Transaction | undefined;
  // What the server said before it closed counts. nodemailer takes one reply at each turn of the event loop, and would forget the others.
  for (const event of ['error', 'close']) {
    raw._socket.prependListener(event, () => {
      for (let left = raw._responseQueue.length; left > 0 && !connection.destroyed; left--)
        raw._processResponse();
    });
  }

  function tell(transaction: Transaction): Told {
    const told: Told = { transaction, answered: () => {} };
    raw._setEnvelope(transaction, failure => {
      told.outcome = { failure };
      told.answered(failure);
    });
    return told;
  }

  /** The transaction of an envelope: the one that the server has been told early, if it is the same. */
  function begun(envelope: Transaction): Transaction {
    return early && isSame(early.transaction, envelope) ? early.transaction : envelope;
  }

  /** A server that waits for the text of one mail can take nothing of another. */
  function other(transaction: Transaction): string | undefined {
    return early && early.transaction !== transaction ? 'another mail was announced' : undefined;
  }

  /**
   * One mail. `done` is called in the same breath as the reply that decides, so that what the server says comes before its closing.
   * @param text asked for when the server waits for it. If it rejects, nothing goes out
   */
  function run(transaction: Transaction, text: () => Promise<Text>, done: Done<string>): void {
    textGone = false;
    const obstacle = raw._isDestroyedMessage('send message') ?? other(transaction);
    if (obstacle !== undefined) {
      done(raw._formatError(obstacle, 'ECONNECTION', false, 'API'));
      return;
    }
    const told = early ?? tell(transaction);
    early = undefined;
    // Whom nodemailer tells, with the server's words, of a 421 that ends it all.
    raw._pendingSend = { callback: done, stream: false };
    const finish: Done<string> = (failure, value) => {
      raw._pendingSend = false;
      unanswered = undefined;
      done(failure, value);
    };
    const answered = (failure: NodemailerError | null) => {
      if (failure) finish(failure);
      else text().then(ready => send(transaction, ready, finish), finish);
    };
    if (told.outcome) answered(told.outcome.failure);
    else told.answered = answered;
  }

  function send(transaction: Transaction, { bytes, next }: Text, done: Done<string>): void {
    // It has ended meanwhile: who waits for this transaction knows.
    if (connection.destroyed) return;
    textGone = true;
    unanswered = transaction;
    raw._socket.write(toWire(bytes));
    if (raw.options.lmtp) expectOneEach(transaction, done);
    else raw._responseActions.push(reply => (isYes(reply) ? done(null, reply) : done(refusal(reply))));
    // Whatever is wrong with the next one is said in its turn.
    if (isPipelined)
      next().then(
        following => tellEarly(transaction, following),
        () => {},
      );
  }

  /** Once there is an answer, the next mail may be another one. */
  function tellEarly(before: Transaction, next: Transaction | undefined): void {
    if (next && unanswered === before && !connection.destroyed) early = tell(next);
  }

  /** RFC 2033 4.2: a reply for each recipient who was not refused. */
  function expectOneEach({ accepted = [], rejectedErrors, taken }: Transaction, done: Done<string>): void {
    for (const [at, recipient] of accepted.entries()) {
      raw._responseActions.push(reply => {
        if (isYes(reply)) taken?.set(recipient, reply);
        else rejectedErrors?.push(Object.assign(refusal(reply), { recipient }));
        if (at === accepted.length - 1) done(null, reply);
      });
    }
  }

  const refusal = (reply: string) => raw._formatError('Message failed', 'EMESSAGE', reply, 'DATA');

  return {
    begun,
    run,
    /** True while the text of a mail has gone, and there is no answer yet; after that, whether it had. */
    isTextGone: () => textGone,
    /** True where the server has the envelope of a mail that has not been run yet. */
    isEarly: () => early !== undefined,
  };
}

function isSame(one: Transaction, other: Transaction): boolean {
  return one.from === other.from && one.size === other.size && String(one.to) === String(other.to);
}

function isYes(reply: string): boolean {
  return reply.startsWith('2');
}

/** A message with CR LF, its first dots doubled (RFC 5321 4.5.2) and the end after it. No CR and no LF is alone. */
export function toWire(message: Buffer): Buffer {
  const lines = `\n${message.toString('latin1')}`
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n')
    .replaceAll('\n.', '\n..');
  const end = lines.endsWith('\n') ? '.\n' : '\n.\n';
  return Buffer.from(`${lines.slice(1)}${end}`.replaceAll('\n', '\r\n'), 'latin1');
}
