import type { NodemailerError } from 'nodemailer/lib/errors';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { isAscii } from '../model/address.ts';
import type { ServerAddress } from '../model/config.ts';
import { type Attempt, type DeliveryResult, type OutgoingMail, roomWithin, smtpSize } from '../model/mail.ts';
import { accepted, boundedReply, failed, isAnswer, isStale, isTooMany, replyOf } from './classify.ts';
import type { SessionOptions, Timeouts } from './sender-options.ts';
import { openConnection } from './smtp-connection.ts';
import type { Obstacle } from './smtp-login.ts';
import { step } from './smtp-step.ts';
import { type Text, type Transaction, transactions } from './smtp-transaction.ts';
import { describeTransport } from './transport.ts';

/** An open connection that takes mails, one at a time. */
export interface Session {
  usable(): boolean;
  /** True while the text of a mail has gone, and there is no answer yet. */
  isAnswerDue(): boolean;
  offer(mail: OutgoingMail): Promise<Offer>;
  /** The reply to a command, such as `250 2.1.0 Ok`; or what broke. For who sends no mail. */
  ask(command: string): Promise<string>;
  /** Bytes that a mail may have, as the server has announced them (RFC 1870); 0 where it has not. */
  readonly largest: number;
  /** Whether it takes addresses whose part before the @ is not ASCII (RFC 6531). */
  readonly takesUtf8: boolean;
  quit(): Promise<void>;
}

/** `stale`: the connection had ended before the text of this mail was due. Another one may do better. */
interface Offer {
  readonly attempt: Attempt;
  readonly stale: boolean;
}

/** What is remembered of a server from one connection to the next. */
export interface Manner {
  /** Mails that go by themselves before envelopes are sent early again: one after a text that was not taken, since what follows is another mail then. */
  alone: number;
}

const QUIT_TIMEOUT = 1000;

/** Connects, encrypts and logs in as the options demand. */
export async function openSession(
  address: ServerAddress,
  options: SessionOptions,
  manner: Manner,
): Promise<Session | Obstacle> {
  const opened = await openConnection(address, options);
  if (!('unreachable' in opened)) return session(opened, options.timeouts, manner);
  return { ...opened, unreachable: `${describeTransport(address)}: ${opened.unreachable}` };
}

function session(connection: SMTPConnection, { step: patience, socket }: Timeouts, manner: Manner): Session {
  let unfinished = false;
  let atHand = false;
  /** Recipients that the server takes in one transaction, as far as it has said. */
  let most = Number.POSITIVE_INFINITY;
  // nodemailer has no way to ask for these.
  const raw = connection as unknown as Undeclared;
  const takesUtf8 = raw._supportedExtensions.includes('SMTPUTF8');
  const limit = raw._maxAllowedSize;
  const { begun, run, isTextGone, isEarly } = transactions(connection);

  /**
   * A mail to as many as one transaction may name. Those whose addresses only servers with SMTPUTF8 know go by themselves: a server further on
   * may have none.
   */
  function toSome(mail: OutgoingMail): OutgoingMail {
    const plain = mail.to.filter(isAscii);
    return { ...mail, to: (plain.length > 0 ? plain : mail.to).slice(0, most) };
  }

  const isForbidden = ({ to }: OutgoingMail) => !takesUtf8 && !to.every(isAscii);

  const isTooLarge = ({ bytes, to }: OutgoingMail) => limit > 0 && smtpSize(bytes) > roomWithin(limit, to);

  async function offer(all: OutgoingMail): Promise<Offer> {
    const whole = toSome(all);
    if (isForbidden(whole)) return { attempt: noUtf8(whole), stale: false };
    // What makes mails is heavy, and one that fits does not need it. A worker that stays has loaded it (`loadMakers`).
    const cut = isTooLarge(whole)
      ? (await import('./compose.ts')).cutMail(whole.bytes, limit, roomWithin(limit, whole.to))
      : whole.bytes;
    if (!cut) return { attempt: tooSmall(limit), stale: false };
    const mail = { ...whole, bytes: cut };
    const reset = unfinished
      ? await step<boolean>(connection, patience, done => connection.reset(done))
      : undefined;
    if (reset && 'failure' in reset) {
      connection.close();
      return { attempt: failed(mail, reset.failure, false), stale: true };
    }
    const envelope = envelopeOf(mail);
    const transaction = begun(envelope);
    atHand = true;
    const sent = await step<string>(connection, patience + mail.to.length * socket, done =>
      run(transaction, () => textOf(mail, transaction), done),
    );
    atHand = false;
    if ('failure' in sent) return notTaken(mail, transaction, sent.failure, transaction !== envelope);
    return taken(mail, transaction, sent.value, cut === whole.bytes);
  }

  /** The text when it may go. */
  async function textOf(mail: OutgoingMail, { rejectedErrors = [] }: Transaction): Promise<Text> {
    const left = rejectedErrors.filter(isTooMany).length;
    if (left > 0) most = mail.to.length - left;
    await mail.recorded?.();
    return { bytes: mail.bytes, next: () => following(mail, rejectedErrors) };
  }

  /** The envelope that follows a mail if that is taken by all whom the server has not refused. */
  async function following(mail: OutgoingMail, rejectedErrors: NodemailerError[]) {
    const given = await mail.next?.(accepted(mail, { rejectedErrors, response: '250' }));
    const next = given && manner.alone === 0 ? toSome(given) : undefined;
    return next && !isForbidden(next) && !isTooLarge(next) ? envelopeOf(next) : undefined;
  }

  function taken(mail: OutgoingMail, transaction: Transaction, reply: string, isWhole: boolean): Offer {
    unfinished = false;
    const { rejectedErrors = [] } = transaction;
    const isByAll = rejectedErrors.every(({ code }) => code === 'EENVELOPE');
    manner.alone = isByAll ? Math.max(manner.alone - 1, 0) : Math.max(manner.alone, 1);
    const cutNote = isWhole ? '' : ` (cut to the ${limit} bytes that the server takes)`;
    return { attempt: accepted(mail, { rejectedErrors, response: `${reply}${cutNote}` }), stale: false };
  }

  function notTaken(
    mail: OutgoingMail,
    transaction: Transaction,
    failure: NodemailerError,
    wasEarly: boolean,
  ) {
    const over = isTextGone();
    if (over) manner.alone = Math.max(manner.alone, 1);
    unfinished = failure.code === 'EENVELOPE';
    // It says that it takes commands in groups, and has lost or misunderstood this one.
    const isConfused = wasEarly && !over && (failure.code === 'ETIMEDOUT' || failure.responseCode === 503);
    if (isConfused) manner.alone = Number.POSITIVE_INFINITY;
    if (isConfused || !isAnswer(failure)) connection.close();
    const attempt = failed(mail, failure, over, transaction);
    return { attempt, stale: isConfused || isStale(failure, over) };
  }

  async function ask(command: string): Promise<string> {
    const asked = await step<string>(connection, socket, done => {
      raw._responseActions.push(reply => done(null, reply));
      raw._sendCommand(command);
    });
    return 'value' in asked ? boundedReply(asked.value) : replyOf(asked.failure);
  }

  return {
    usable: () => !connection.destroyed,
    isAnswerDue: () => atHand && isTextGone(),
    offer,
    ask,
    largest: raw._maxAllowedSize,
    takesUtf8,
    quit: async () => {
      // A server that has the envelope of a mail that does not come may wait for a text: QUIT would be a line of it.
      if (isEarly()) connection.close();
      if (connection.destroyed) return;
      // QUIT has no callback; the end of the connection is what is waited for.
      await step(connection, QUIT_TIMEOUT, () => connection.quit());
    },
  };
}

/** What is said of a recipient to whom only a server with SMTPUTF8 could send. */
export function lacksUtf8(recipient: string): string {
  return `the server has no SMTPUTF8, which ${recipient} needs: have it offer that, or give an address in ASCII`;
}

function noUtf8({ to }: OutgoingMail): Attempt {
  const result = (recipient: string): DeliveryResult => ({
    recipient,
    verdict: 'rejected',
    reply: `not sent: ${lacksUtf8(recipient)}`,
  });
  return { outcome: 'answered', results: to.map(result) };
}

/** A server that has not even room for the header has none for any other mail, until somebody corrects its limit. */
function tooSmall(largest: number): Attempt {
  const reply = `the server takes mails of ${largest} bytes at the most, less than the header of one`;
  return { outcome: 'unreachable', reply, lasting: true, concern: 'transport' };
}

function envelopeOf({ from, to, bytes }: OutgoingMail): Transaction {
  return { from, to: [...to], size: smtpSize(bytes), taken: new Map() };
}

interface Undeclared {
  readonly _maxAllowedSize: number;
  readonly _supportedExtensions: readonly string[];
  readonly _responseActions: ((reply: string) => void)[];
  _sendCommand(command: string): void;
}
