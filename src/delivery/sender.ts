import { setTimeout as sleep } from 'node:timers/promises';
import { isAddress } from '../model/address.ts';
import type { TransportAddress } from '../model/config.ts';
import { inTurn } from '../model/in-turn.ts';
import type { Attempt, DeliveryResult, OutgoingMail, Sender } from '../model/mail.ts';
import { type Door, type SenderOptions, TIMEOUTS } from './sender-options.ts';
import { sendmailDoor } from './sendmail.ts';
import { smtpDoor } from './smtp.ts';

/** Milliseconds in which a server must have said what it takes: mails are made without, where it is away. */
const ASK_LIMIT = 2000;

/** Opens a transport, lazily: nothing is connected or started before the first mail. */
export function openSender(address: TransportAddress, options: SenderOptions): Sender {
  const stop = new AbortController();
  const { signal } = stop;
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const door =
    address.kind === 'sendmail'
      ? sendmailDoor(address, timeouts.run, signal)
      : smtpDoor(address, { ...options, timeouts, signal });
  const turns = inTurn(async (task: () => Promise<Attempt | undefined>) => (closed ? undefined : task()));
  let closed = false;
  let asked: Promise<unknown> | undefined;
  return {
    async send(mail) {
      const attempt = await turns.do(() => offerScreened(door, mail));
      const isCut = signal.aborted && attempt?.outcome !== 'answered';
      return attempt && !isCut ? attempt : { outcome: 'stopped' };
    },
    async largest() {
      if (door.largest() === undefined) {
        asked ??= Promise.race([turns.do(door.greet), sleep(ASK_LIMIT, undefined, { ref: false })]);
      }
      await asked;
      return door.largest() ?? 0;
    },
    isAnswerDue: door.isAnswerDue,
    async close() {
      closed = true;
      // One that is at rest takes its leave.
      if (turns.isBusy() && !door.isAnswerDue()) stop.abort();
      const cut = setTimeout(() => stop.abort(), timeouts.answer);
      await turns.idle();
      clearTimeout(cut);
      await door.end();
    },
  };
}

/**
 * Nothing but plain addresses gets to a server or a command line: one that holds `>` and a line end could add
 * recipients. Settings have been checked for this, so it is the second of two locks.
 */
async function offerScreened(door: Door, mail: OutgoingMail): Promise<Attempt> {
  const to = screened(mail);
  const next: OutgoingMail['next'] = async attempt => {
    const following = await mail.next?.(attempt);
    return following && screened(following).length === following.to.length ? following : undefined;
  };
  if (to.length === mail.to.length) return door.offer({ ...mail, next });
  const refused = mail.to.filter(one => !to.includes(one)).map(refusal);
  if (to.length === 0) return { outcome: 'answered', results: refused };
  const attempt = await door.offer({ ...mail, to });
  return attempt.outcome === 'answered' ? { ...attempt, results: [...attempt.results, ...refused] } : attempt;
}

function screened({ from, to }: OutgoingMail): readonly string[] {
  return from === '' || isAddress(from) ? to.filter(isAddress) : [];
}

function refusal(recipient: string): DeliveryResult {
  return {
    recipient,
    verdict: 'rejected',
    reply: 'not sent: the sender or this recipient is no plain address',
  };
}
