import { setTimeout as sleep } from 'node:timers/promises';
import { inTurn } from '../model/in-turn.ts';
import type { Attempt, OutgoingMail, Sender } from '../model/mail.ts';
import type { SessionOptions } from './sender-options.ts';
import type { ServerAddress } from './server.ts';
import type { Obstacle } from './smtp-login.ts';
import { openSession, type Session } from './smtp-session.ts';

/** Milliseconds in which a server must have said what it takes: mails are made without, where it is away. */
const ASK_LIMIT = 2000;

/**
 * SMTP (RFC 5321) and LMTP (RFC 2033) over one connection, which is opened for the first mail, or when its limit is asked for, and kept for all that
 * follow. Where the server has ended it in between, as servers do after some mails or some minutes, the mail goes out
 * over a new one. Mails handed in at the same time go out one after the other.
 */
export function smtpSender(address: ServerAddress, options: SessionOptions): Sender {
  let session: Session | undefined;
  let largest: number | undefined;
  let idle: NodeJS.Timeout | undefined;
  let asked: Promise<unknown> | undefined;
  /** Found when the limit was asked for: the next mail need not find it again. */
  let obstacle: Obstacle | undefined;

  async function open(): Promise<Session | Obstacle> {
    const opened = await openSession(address, options);
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

  const turns = inTurn(async (mail: OutgoingMail | undefined) => {
    clearTimeout(idle);
    const attempt = mail && (await offer(mail));
    if (!mail) {
      const opened = await open();
      if ('unreachable' in opened) obstacle = opened;
    }
    idle = setTimeout(end, options.timeouts.idle);
    return attempt;
  });

  async function end(): Promise<void> {
    const last = session;
    session = undefined;
    await last?.quit();
  }

  return {
    send: async mail => (await turns.do(mail)) as Attempt,
    async largest() {
      if (largest === undefined) {
        asked ??= Promise.race([turns.do(undefined), sleep(ASK_LIMIT, undefined, { ref: false })]);
      }
      await asked;
      return largest ?? 0;
    },
    async close() {
      await turns.idle();
      clearTimeout(idle);
      await end();
    },
  };
}
