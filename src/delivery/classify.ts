import type { NodemailerError } from 'nodemailer/lib/errors';
import type { SMTPConnectionEnvelopeInfo } from 'nodemailer/lib/smtp-connection';
import type { Attempt, DeliveryResult, OutgoingMail, Verdict } from '../model/mail.ts';
import { shortLine } from '../model/mail.ts';

/** What a refusal is about: this mail or its recipient, each mail with this envelope sender, or each mail that goes this way. */
export type Concern = 'mail' | 'sender' | 'transport';

/**
 * Replies that are about us or the server, not about the mail: it is going away (421, RFC 5321 3.8), or wants a login,
 * another one, or an encrypted one (530, 534, 535, 538, RFC 4954 section 6).
 */
const CLOSING = '421';
const ABOUT_US = new Set([CLOSING, '530', '534', '535', '538']);

/** The words of Postfix, which refuses us where it is told about a recipient, and of others. Of two words each: an address has no blank. */
const CLIENT_REFUSED =
  /[eh]{2}lo (?:command )?(?:rejected|refused|invalid)|(?:bad|invalid) [eh]{2}lo|client host/i;
const SENDER_REFUSED = /sender address rejected|sender verif\w+ failed|send as this sender/i;
/** Status codes about the sender (RFC 3463 3.2), and about who may send in its name (RFC 7372, RFC 7505). */
const SENDER_STATUS = /^5\.(?:1\.[78]|7\.(?:2[0-467]|60))$/;
const CLIENT_STATUS = '5.7.25';
/** A command that is unknown, out of place or wrong in itself, rather than the address that it names (RFC 3463 3.6). */
const COMMAND_STATUS = /^5\.5\.[124]$/;
const COMMAND_CODE = /^50[0-4]$|^555$/;
const TOO_LARGE = /^552$|^5\.(?:2\.3|3\.4)$/;

/**
 * What a reply to the envelope is about. `504 5.5.2 <host>: Helo command rejected` at RCPT refuses each mail of ours,
 * `550 5.7.1` there may well be about the recipient. At MAIL there is nothing but us, unless the mail is too large.
 */
export function concernOf(response: string, command: string | undefined): Concern {
  const [, code = '', status = ''] = /^(\d{3})[ -]?(\d\.\d{1,3}\.\d{1,3})?/.exec(response) ?? [];
  if (ABOUT_US.has(code)) return 'transport';
  if (!code.startsWith('5') || code === '503') return 'mail';
  if (CLIENT_REFUSED.test(response) || status === CLIENT_STATUS) return 'transport';
  if (SENDER_REFUSED.test(response) || SENDER_STATUS.test(status)) return 'sender';
  if (command === 'MAIL FROM') return TOO_LARGE.test(code) || TOO_LARGE.test(status) ? 'mail' : 'sender';
  const aboutCommand = COMMAND_CODE.test(code) && COMMAND_STATUS.test(status);
  return aboutCommand && !/recipient|address|mailbox|user/i.test(response) ? 'transport' : 'mail';
}

/** What became of a mail that the server took for at least one recipient, by SMTP; by LMTP even for none. */
export function accepted(
  mail: OutgoingMail,
  info: Pick<SMTPConnectionEnvelopeInfo, 'rejectedErrors'> & { readonly response: string },
): Attempt {
  // By LMTP it is the answer for the last recipient, and may be a no.
  const reply = info.response.startsWith('2') ? boundedReply(info.response) : 'taken';
  return answered(mail, info.rejectedErrors, { verdict: 'sent', reply });
}

interface Said {
  readonly rejectedErrors?: readonly NodemailerError[];
  readonly taken?: ReadonlyMap<string, string>;
}

/**
 * What a failure says about a mail.
 * @param handedOver whether all bytes of the message had been handed over
 * @param said of single recipients, before the failure: their refusals; by LMTP, who has the mail
 */
export function failed(
  mail: OutgoingMail,
  failure: NodemailerError,
  handedOver: boolean,
  said: Said = {},
): Attempt {
  const reply = replyOf(failure);
  const about = handedOver ? undefined : aboutUs([failure, ...(failure.rejectedErrors ?? [])]);
  if (about) {
    const lasting = about.permanent === true;
    const concern = concernOf(about.response ?? '', about.command) === 'sender' ? 'sender' : 'transport';
    return { outcome: 'unreachable', reply: replyOf(about), lasting, concern };
  }
  if (!isAnswer(failure)) {
    // Who has the mail must not get it again, and who was refused before the text does not keep it from the others: msmtpd hangs up after each refusal.
    if (said.taken?.size || (!handedOver && said.rejectedErrors?.length))
      return answered(mail, said.rejectedErrors, { verdict: 'deferred', reply }, said.taken);
    return { outcome: 'lost', recipients: mail.to, reply, uncertain: handedOver };
  }
  // After a refused MAIL a pipelining server also refuses each RCPT, for want of a MAIL: that says nothing.
  const own = failure.command === 'MAIL FROM' ? [] : (failure.rejectedErrors ?? said.rejectedErrors);
  return answered(mail, own, { verdict: verdictOf(failure), reply });
}

/** Of the refusals of an envelope the one that is not about the mail. What is said after the text is. */
function aboutUs(failures: readonly NodemailerError[]): NodemailerError | undefined {
  return failures.find(({ response, command }) => response && concernOf(response, command) !== 'mail');
}

/** True where the server spoke, and goes on. nodemailer has EENVELOPE for all before the text, EMESSAGE for all after. */
export function isAnswer({ code, response = '' }: NodemailerError): boolean {
  return code === 'EMESSAGE' || (code === 'EENVELOPE' && !ABOUT_US.has(response.slice(0, 3)));
}

/** True where the connection had come to its end before the text of this mail was due: others may be alive. */
export function isStale(failure: NodemailerError, handedOver: boolean): boolean {
  if (handedOver) return false;
  return (
    failure.responseCode === Number(CLOSING) ||
    ['ECONNECTION', 'ESOCKET', 'EPROTOCOL'].includes(failure.code ?? '')
  );
}

/**
 * True for a recipient too many in one transaction (RFC 5321 4.5.3.1.10, RFC 3463 X.5.3), whatever the code: the next transaction
 * may have them.
 */
export function isTooMany({ response = '' }: Pick<NodemailerError, 'response'>): boolean {
  return /^[45]\d\d[ -][45]\.5\.3\b/.test(response) || /too many recipients/i.test(response);
}

/** `452` and `552` alone say the same where other recipients were taken: without a status code they may mean anything. */
const BARE = /^[45]52(?![ -][45]\.\d)/;

function answered(
  mail: OutgoingMail,
  refused: readonly NodemailerError[] = [],
  rest: Pick<DeliveryResult, 'verdict' | 'reply'>,
  taken: ReadonlyMap<string, string> = new Map(),
): Attempt {
  const own = new Map(refused.map(failure => [failure.recipient, failure]));
  const isNext = (failure: NodemailerError) =>
    failure.command === 'RCPT TO' &&
    own.size < mail.to.length &&
    (isTooMany(failure) || BARE.test(failure.response ?? ''));
  const results = mail.to.flatMap((recipient): DeliveryResult[] => {
    const failure = own.get(recipient);
    const reply = taken.get(recipient);
    if (reply !== undefined) return [{ recipient, verdict: 'sent', reply: boundedReply(reply) }];
    if (failure === undefined) return [{ recipient, ...rest }];
    if (isNext(failure)) return [];
    return [{ recipient, verdict: verdictOf(failure), reply: replyOf(failure) }];
  });
  return { outcome: 'answered', results };
}

/**
 * A refusal that is not about the mail waits with it, also where it comes after the text: what has been made stays as it is.
 * nodemailer's `permanent` follows RFC 5321 4.2.1, but for 503: that one complains about the session, not the mail.
 * Without any reply it is nodemailer that will not offer the mail, for its size: no other try can change that.
 */
export function verdictOf(failure: Pick<NodemailerError, 'response' | 'permanent' | 'command'>): Verdict {
  const { response, permanent } = failure;
  if (response === undefined) return 'rejected';
  const isLast = permanent && !isTooMany(failure) && concernOf(response, failure.command) === 'mail';
  return isLast ? 'rejected' : 'deferred';
}

const LONGEST_REPLY = 500;

/**
 * The server's own words, or the system's where there is no server: one line of printable text, bounded in length.
 * @param secrets what must not stand in it, should a server repeat what it was told
 */
export function replyOf(failure: NodemailerError, secrets: readonly string[] = []): string {
  const words = failure.response ?? systemWords(failure);
  return boundedReply(secrets.reduce((text, secret) => text.replaceAll(secret, '***'), words));
}

/** `550-5.1.1 No such\r\n550 user` → `550 5.1.1 No such user` */
export function boundedReply(words: string): string {
  const joined = words.replace(/^(\d{3})-/, '$1 ').replace(/\r?\n\d{3}[ -]/g, ' ');
  return shortLine(joined, LONGEST_REPLY);
}

/** OpenSSL has its words in `reason`, amid addresses and file names in the message. */
interface SystemError extends NodemailerError {
  readonly reason?: string;
  readonly errors?: readonly Error[];
}

/** Where a host has several addresses and all fail, node has the words in the parts and none in the whole. */
function systemWords({ reason, message, errors = [], originalCode, code }: SystemError): string {
  const parts = errors.map(error => error.message).join('; ');
  return reason || message || parts || originalCode || code || 'unknown fault';
}
