import { inTurn } from '../model/in-turn.ts';
import type { Attempt, OutgoingMail, Sender } from '../model/mail.ts';
import type { SessionOptions } from './sender-options.ts';
import { openSession, type Session } from './smtp-session.ts';
import type { ServerAddress } from './tls.ts';

/**
 * SMTP (RFC 5321) and LMTP (RFC 2033) over one connection, which is opened for the first mail and kept for all that
 * follow. Where the server has ended it in between, as servers do after some mails or some minutes, the mail goes out
 * over a new one. Mails handed in at the same time go out one after the other.
 */
export function smtpSender(address: ServerAddress, options: SessionOptions): Sender {
  let session: Session | undefined;
  let idle: NodeJS.Timeout | undefined;

  async function offer(mail: OutgoingMail): Promise<Attempt> {
    const kept = session?.usable() ? await session.offer(mail) : undefined;
    if (kept && !kept.stale) return kept.attempt;
    const opened = await openSession(address, options);
    if ('unreachable' in opened)
      return {
        outcome: 'unreachable',
        reply: opened.unreachable,
        lasting: opened.lasting,
        concern: 'transport',
      };
    session = opened;
    return (await opened.offer(mail)).attempt;
  }

  const offers = inTurn(async (mail: OutgoingMail) => {
    clearTimeout(idle);
    const attempt = await offer(mail);
    idle = setTimeout(end, options.timeouts.idle);
    return attempt;
  });

  async function end(): Promise<void> {
    const last = session;
    session = undefined;
    await last?.quit();
  }

  return {
    send: offers.do,
    async close() {
      await offers.idle();
      clearTimeout(idle);
      await end();
    },
  };
}
