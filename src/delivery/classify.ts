import type { NodemailerError } from 'nodemailer/lib/errors';
import type { SMTPConnectionEnvelopeInfo } from 'nodemailer/lib/smtp-connection';
import type { Attempt, DeliveryResult, OutgoingMail, Verdict } from '../model/delivery.ts';
import { boundedReply, replyOf } from './reply.ts';

/**
 * Replies that are about us or the server, not about the mail: it is going away (421, RFC 5321 3.8), or wants a login,
 * another one, or an encrypted one (530, 534, 535, 538, RFC 4954 section 6).
 */
const CLOSING = 421;
const ABOUT_US = new Set([CLOSING, 530, 534, 535, 538]);

/** What became of a mail that the server took for at least one recipient, by SMTP; by LMTP even for none. */
export function accepted(
  mail: OutgoingMail,
  info: Pick<SMTPConnectionEnvelopeInfo, 'rejectedErrors'> & { readonly response: string },
): Attempt {
  // By LMTP it is the answer for the last recipient, and may be a no.
  const reply = info.response.startsWith('2') ? boundedReply(info.response) : 'taken';
  return answered(mail, info.rejectedErrors, { verdict: 'sent', reply });
}

/**
 * What a failure says about a mail.
 * @param handedOver whether all bytes of the message had been handed over
 * @param refused the refusals of single recipients before the failure
 */
export function failed(
  mail: OutgoingMail,
  failure: NodemailerError,
  handedOver: boolean,
  refused: readonly NodemailerError[] = [],
): Attempt {
  const reply = replyOf(failure);
  if (isAnswer(failure)) {
    // After a refused MAIL a pipelining server also refuses each RCPT, for want of a MAIL: that says nothing.
    const own = failure.command === 'MAIL FROM' ? [] : (failure.rejectedErrors ?? refused);
    return answered(mail, own, { verdict: verdictOf(failure), reply });
  }
  const aboutUs = !handedOver && ABOUT_US.has(failure.responseCode ?? 0);
  return aboutUs
    ? { outcome: 'unreachable', reply, lasting: failure.permanent === true }
    : { outcome: 'lost', reply, uncertain: handedOver };
}

/** True where the server spoke about this mail. nodemailer has EENVELOPE for all before the text, EMESSAGE for all after. */
export function isAnswer(failure: NodemailerError): boolean {
  return (
    failure.code === 'EMESSAGE' || (failure.code === 'EENVELOPE' && !ABOUT_US.has(failure.responseCode ?? 0))
  );
}

/** True where the connection had come to its end before the text of this mail was due: others may be alive. */
export function isStale(failure: NodemailerError, handedOver: boolean): boolean {
  if (handedOver) return false;
  return (
    failure.responseCode === CLOSING || ['ECONNECTION', 'ESOCKET', 'EPROTOCOL'].includes(failure.code ?? '')
  );
}

function answered(
  mail: OutgoingMail,
  refused: readonly NodemailerError[] = [],
  rest: Pick<DeliveryResult, 'verdict' | 'reply'>,
): Attempt {
  const own = new Map(refused.map(failure => [failure.recipient, failure]));
  const results = mail.to.map(recipient => {
    const failure = own.get(recipient);
    return failure === undefined
      ? { recipient, ...rest }
      : { recipient, verdict: verdictOf(failure), reply: replyOf(failure) };
  });
  return { outcome: 'answered', results };
}

/**
 * nodemailer's `permanent` follows RFC 5321 4.2.1, but for 503: that one complains about the session, not the mail.
 * Without any reply it is nodemailer that will not offer the mail, for its size: no other try can change that.
 */
function verdictOf(failure: NodemailerError): Verdict {
  return failure.response === undefined || failure.permanent ? 'rejected' : 'deferred';
}
