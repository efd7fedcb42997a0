import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Attempt, DeliveryResult } from '../model/mail.ts';
import { boundedReply, concernOf, verdictOf } from './classify.ts';
import type { Run } from './program.ts';
import { isExecutable } from './transport.ts';

/** Programs that store a mail for all recipients, or for none, after which each goes its own way: one run may have them all. */
const QUEUEING = new Set(['dma', 'exim', 'exim4', 'sendmail.postfix', 'smtpctl']);
/** OpenSMTPD's. Its 75 (EX_TEMPFAIL) without a word means that the mail is kept, and sent when its daemon runs. */
const KEEPING = 'smtpctl';
/** RFC 5321 4.5.3.1.8; and the arguments of a program have no room for thousands. */
const MOST_AT_ONCE = 100;
/** With more recipients than that, a run for each would take longer than pushes take to come. */
const FEW = 50;

/**
 * How a mail may go to several recipients: how many of them one run may have, and whether each goes its own way then. What delivers at once,
 * and fails for one of several, fails for all and says so; nullmailer does not even say so, and Courier's program has the same name.
 */
export function sharing(
  path: string,
  recipients: number,
): { readonly most: number; readonly apart: boolean } {
  const name = nameOf(path);
  const apart = QUEUEING.has(name);
  return { apart, most: apart || (recipients > FEW && name !== 'sendmail') ? MOST_AT_ONCE : 1 };
}

/**
 * What a program is known by: the name of the file that its path leads to in the end. `sendmail` is the name of several; Postfix's has
 * `postfix` beside it.
 */
function nameOf(path: string): string {
  try {
    const real = realpathSync(path);
    const name = basename(real);
    return name === 'sendmail' && isExecutable(join(dirname(real), 'postfix')) ? 'sendmail.postfix' : name;
  } catch {
    return '';
  }
}

/** Exit codes of sysexits(3) that are about the mail itself: EX_DATAERR and EX_NOUSER. */
const REJECTING = new Set([65, 67]);
/** EX_NOPERM and EX_CONFIG are about this user and this machine, and so about every mail. */
const SHUT = new Set([77, 78]);
const TEMPFAIL = 75;

/** What msmtp, ssmtp, esmtp and busybox say where they have no connection to their server, or no login; after their own name or alone. */
const NOT_REACHED =
  /^(?:\S+: )?(?:cannot (?:connect to|locate host|get initial OK|open \S+:\d|use a secure auth|find a usable auth)|can't connect|unable to (?:connect|locate)|invalid response[: ]|TLS \w+|authenti|authoriz|server (?:rejected|didn't)|the server does not support|SMTP server (?:problem|does not))/im;
const LASTING = /certificate|does not support/;
/** esmtp has nothing else to say where the server refuses EHLO or MAIL. */
const REFUSED_UNSAID = /^(?:(?:\S+: )?0 \(null\)\s*)+$/;
/**
 * The server's reply, as it stands in a program's words:
 *     msmtp: server message: 550 5.1.1 no such user
 *     ssmtp: RCPT TO:<a@example.org> (550 5.1.1 no such user)
 *     a@example.org: 550 5.1.1 no such user
 */
const REPLY = /(?:^|: |\()([45][0-5]\d(?:[ )-].*|$))/m;
/** As Postfix, Exim and sendmail say it; a mail stays as large as it is. */
const TOO_LARGE = /message (?:file )?(?:is )?too (?:big|large)/i;
/** In words of any other form a reply is known by its two codes. */
const REPLY_ANYWHERE = /\b([45][0-5]\d[ -][45]\.\d{1,3}\.\d{1,3}\b.*)/;
const AT_MAIL = /^(?:\S+: )?(?:envelope from address|MAIL FROM)/im;
const AFTER_TEXT = /server did not accept the mail/;

/**
 * What a run says about the recipients it had. The reply of a server in the program's words counts as it does by SMTP. Without one, exit
 * code 0 is sent, 65 and 67 are rejected, 77 and 78 are about the transport, and every other code is tried again, also those that sysexits(3)
 * calls permanent: programs disagree about them (one says 68 for a host that it cannot look up just now, another 1 for everything), and
 * a mail tried for days costs less than a lost one.
 */
export function judge(path: string, to: readonly string[], { code, signal, output, fault }: Run): Attempt {
  const words = output.toString();
  if (fault !== undefined) {
    // The program is not there, or may not be run; without memory or processes it is another time's turn.
    return unreachable(boundedReply(`${path}: ${fault}`), !/EAGAIN|ENOMEM|EMFILE|ENFILE/.test(fault));
  }
  const said = boundedReply(`${path}: ${signal ?? `exit code ${code}`}${words === '' ? '' : `: ${words}`}`);
  const answered = (verdict: DeliveryResult['verdict'], reply = said): Attempt => ({
    outcome: 'answered',
    results: to.map(recipient => ({ recipient, verdict, reply })),
  });
  if (code === null) return { outcome: 'lost', recipients: to, reply: said, uncertain: true };
  if (code === 0) return answered('sent', boundedReply(`given to ${path}`));
  if (code === TEMPFAIL && words.trim() === '' && nameOf(path) === KEEPING)
    return answered('sent', boundedReply(`kept by ${path}, whose daemon does not run`));
  const response = (REPLY.exec(words) ?? REPLY_ANYWHERE.exec(words))?.[1];
  const permanent = response !== undefined && /^5(?!03)/.test(response);
  if (SHUT.has(code)) return unreachable(said, response === undefined || permanent);
  if (NOT_REACHED.test(words)) return unreachable(said, permanent || LASTING.test(words));
  if (REFUSED_UNSAID.test(words)) return unreachable(said, false, 'sender');
  if (response === undefined)
    return answered(REJECTING.has(code) || TOO_LARGE.test(words) ? 'rejected' : 'deferred');
  const command = AT_MAIL.test(words) ? 'MAIL FROM' : undefined;
  const concern = AFTER_TEXT.test(words) ? 'mail' : concernOf(response, command);
  if (concern !== 'mail') return unreachable(said, permanent, concern);
  return answered(verdictOf({ response, permanent, ...(command ? { command } : {}) }));
}

function unreachable(
  reply: string,
  lasting: boolean,
  concern: 'transport' | 'sender' = 'transport',
): Attempt {
  return { outcome: 'unreachable', reply, lasting, concern };
}
