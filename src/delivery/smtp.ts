import type { ServerAddress } from '../model/config.ts';
import type { Attempt, OutgoingMail } from '../model/mail.ts';
import type { Door, SessionOptions } from './sender-options.ts';
import type { Obstacle } from './smtp-login.ts';
import { type Manner, openSession, type Session } from './smtp-session.ts';

/**
 * SMTP (RFC 5321) and LMTP (RFC 2033) over one connection, which is opened for the first mail, or when its limit is asked for, and kept for all that
 * follow. Where the server has ended it in between, as servers do after some mails or some minutes, the mail goes out
 * over a new one.
 */
export function smtpDoor(address: ServerAddress, options: SessionOptions): Door {
  let session: Session | undefined;
  const manner: Manner = { alone: 0 };
  let largest: number | undefined;
  let idle: NodeJS.Timeout | undefined;
  /** Found when the limit was asked for: the next mail need not find it again. */
  let obstacle: Obstacle | undefined;

  async function open(): Promise<Session | Obstacle> {
    const opened = await openSession(address, options, manner);
    if ('unreachable' in opened) return opened;
    session = opened;
    largest = opened.largest;
    return opened;
  }

  async function offer(mail: OutgoingMail): Promise<Attempt> {
    const kept = session?.usable() ? await session.offer(mail) : undefined;
    if (kept && !kept.stale) return kept.attempt;
    const opened = obstacle ?? (await open());
    obstacle = undefined;
    if ('offer' in opened) return (await opened.offer(mail)).attempt;
    const { unreachable: reply, lasting } = opened;
    return { outcome: 'unreachable', reply, lasting, concern: 'transport' };
  }

  async function end(): Promise<void> {
    clearTimeout(idle);
    const last = session;
    session = undefined;
    await last?.quit();
  }

  async function whileAwake<T>(work: () => Promise<T>): Promise<T> {
    clearTimeout(idle);
    const done = await work();
    idle = setTimeout(end, options.timeouts.idle);
    return done;
  }

  return {
    offer: mail => whileAwake(() => offer(mail)),
    greet: () =>
      whileAwake(async () => {
        const opened = session?.usable() ? session : await open();
        obstacle = 'unreachable' in opened ? opened : undefined;
        return undefined;
      }),
    largest: () => largest,
    isAnswerDue: () => session?.isAnswerDue() === true,
    end,
  };
}
