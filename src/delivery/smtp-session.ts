import { Readable } from 'node:stream';
import type { NodemailerError } from 'nodemailer/lib/errors';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import { isAscii } from '../model/address.ts';
import type { ServerAddress } from '../model/config.ts';
import { type Attempt, type DeliveryResult, type OutgoingMail, roomWithin, smtpSize } from '../model/mail.ts';
import { accepted, boundedReply, failed, isAnswer, isStale, isTooMany, replyOf } from './classify.ts';
import type { SessionOptions, Timeouts } from './sender-options.ts';
import { openConnection } from './smtp-connection.ts';
import type { Obstacle } from './smtp-login.ts';
import { step } from './smtp-step.ts';
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

const QUIT_TIMEOUT = 1000;

/** Connects, encrypts and logs in as the options demand. */
export async function openSession(
  address: ServerAddress,
  options: SessionOptions,
): Promise<Session | Obstacle> {
  const opened = await openConnection(address, options);
  if (!('unreachable' in opened)) return session(opened, options.timeouts);
  return { ...opened, unreachable: `${describeTransport(address)}: ${opened.unreachable}` };
}

function session(connection: SMTPConnection, { step: patience, socket }: Timeouts): Session {
  let unfinished = false;
  let atHand: ReturnType<typeof handOver> | undefined;
  /** Recipients that the server takes in one transaction, as far as it has said. */
  let most = Number.POSITIVE_INFINITY;
  // nodemailer knows no transaction without a text, and no limit of a size: its own ways are not in its types.
  const raw = connection as unknown as Undeclared;
  const takesUtf8 = raw._supportedExtensions.includes('SMTPUTF8');

  async function offer(all: OutgoingMail): Promise<Offer> {
    // Those whose addresses only servers with SMTPUTF8 know go by themselves: a server further on may have none.
    const plain = all.to.filter(isAscii);
    const whole = plain.length > 0 ? { ...all, to: plain } : all;
    if (plain.length === 0 && !takesUtf8) return { attempt: noUtf8(all), stale: false };
    const limit = raw._maxAllowedSize;
    const room = roomWithin(limit, whole.to);
    const size = smtpSize(whole.bytes);
    const isTooLarge = limit > 0 && size > room;
    // What makes mails is heavy, and one that fits does not need it. A worker that stays has loaded it (`loadMakers`).
    const cut = isTooLarge ? (await import('./compose.ts')).cutMail(whole.bytes, limit, room) : undefined;
    if (isTooLarge && !cut) return { attempt: tooSmall(limit), stale: false };
    const mail = { ...whole, bytes: cut ?? whole.bytes, to: whole.to.slice(0, most) };
    const reset = unfinished
      ? await step<boolean>(connection, patience, done => connection.reset(done))
      : undefined;
    if (reset && 'failure' in reset) {
      connection.close();
      return { attempt: failed(mail, reset.failure, false), stale: true };
    }
    const message = handOver(mail);
    atHand = message;
    message.stream.once('error', () => connection.close());
    // nodemailer notes on this very object what became of each recipient.
    const envelope: Transaction = { from: mail.from, to: [...mail.to], size: cut ? smtpSize(cut) : size };
    const sent = await step<SMTPConnectionSendInfo>(connection, patience + mail.to.length * socket, done =>
      connection.send(envelope, message.stream, done),
    );
    atHand = undefined;
    if ('value' in sent) {
      const left = sent.value.rejectedErrors?.filter(isTooMany).length ?? 0;
      if (left > 0) most = mail.to.length - left;
      const cutNote = cut ? ` (cut to the ${limit} bytes that the server takes)` : '';
      const attempt = accepted(mail, { ...sent.value, response: `${sent.value.response}${cutNote}` });
      return { attempt, stale: false };
    }
    const over = message.done();
    unfinished = sent.failure.code === 'EENVELOPE';
    if (!isAnswer(sent.failure)) connection.close();
    return {
      attempt: failed(mail, sent.failure, over, envelope.rejectedErrors),
      stale: isStale(sent.failure, over),
    };
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
    isAnswerDue: () => atHand?.done() === true,
    offer,
    ask,
    largest: raw._maxAllowedSize,
    takesUtf8,
    quit: async () => {
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

/**
 * A message as a stream, because only a stream says whether its bytes have gone: `done`, though some may still lie in this machine's buffers. It
 * starts when the mail is recorded, and breaks if it cannot be: the disk is waited for while the server hears of sender and recipients.
 */
function handOver({ bytes, recorded = Promise.resolve() }: OutgoingMail): {
  readonly stream: Readable;
  done(): boolean;
} {
  let taken = false;
  // Not out of a generator, which takes longer than all else that is done for a mail (bench, set `posting`).
  const stream = new Readable({
    read() {
      recorded.then(
        () => {
          if (taken) return;
          taken = true;
          this.push(bytes);
          this.push(null);
        },
        (error: Error) => this.destroy(error),
      );
    },
  });
  return { stream, done: () => taken };
}

interface Undeclared {
  readonly _maxAllowedSize: number;
  readonly _supportedExtensions: readonly string[];
  readonly _responseActions: ((reply: string) => void)[];
  _sendCommand(command: string): void;
}

interface Transaction {
  readonly from: string;
  readonly to: string[];
  readonly size: number;
  readonly rejectedErrors?: readonly NodemailerError[];
}
