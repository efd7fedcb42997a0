import type { Attempt } from '../model/delivery.ts';
import type { JournalEvent } from '../model/outbox-entry.ts';
import { type EntryState, mailState } from '../outbox/entry-state.ts';
import { isTooOld, nextTry } from '../outbox/retry-schedule.ts';
import type { Route } from './transports.ts';

/** A mail that was offered, to whom, and how things stood. */
interface Offered {
  readonly number: number;
  readonly recipients: readonly string[];
  readonly state: EntryState;
  readonly route: Route;
  readonly now: number;
}

/** What an attempt means for each recipient: answers as they are, silence as "later". */
export function eventsOf(attempt: Attempt, offered: Offered): JournalEvent[] {
  const { number: mail, recipients, now } = offered;
  // One chance for all of them: those who wait for the same reason come together again, in one transaction.
  const random = Math.random();
  switch (attempt.outcome) {
    case 'answered':
      return attempt.results.map(({ recipient, verdict, reply }) =>
        verdict === 'deferred'
          ? deferral(offered, recipient, reply, random)
          : { at: now, event: verdict, mail, recipient, reply },
      );
    case 'lost':
      return recipients.map(recipient => deferral(offered, recipient, attempt.reply, random));
    case 'unreachable':
      // Says nothing about this mail: it is due again as soon as the transport is open.
      return recipients.map(recipient => ({
        at: now,
        event: 'unreached',
        mail,
        recipient,
        reply: attempt.reply,
        ...(attempt.lasting ? { lasting: true } : {}),
      }));
  }
}

/** "Later", with the moment; or the end, for a mail that has waited long enough. */
function deferral(
  { number: mail, state, route, now }: Offered,
  recipient: string,
  reply: string,
  random: number,
): JournalEvent {
  const waiting = mailState(state, mail)?.get(recipient);
  if (waiting?.state !== 'waiting') return { at: now, event: 'deferred', mail, recipient, reply };
  if (isTooOld(waiting, route.retry, now))
    return { at: now, event: 'rejected', mail, recipient, reply: `given up: ${reply}` };
  const until = now + nextTry(waiting.attempts + 1, route.retry, random);
  return { at: now, event: 'deferred', mail, recipient, reply, until };
}
