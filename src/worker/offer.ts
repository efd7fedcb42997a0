import type { Attempt } from '../model/mail.ts';
import type { JournalEvent, OutboxEntry, StoredMail } from '../model/outbox-entry.ts';
import type { World } from '../model/world.ts';
import { type Due, type EntryState, isTooOld, mailState, nextTry } from '../outbox/entry-state.ts';
import type { Appended, Outbox } from '../outbox/outbox.ts';
import type { Log } from './log.ts';
import { backOff, type Route, reached } from './transports.ts';

export interface OfferContext {
  readonly world: World;
  readonly outbox: Outbox;
  readonly log: Log;
}

/** What became of a mail: what there is to write down, and how the log is told. */
interface Answered {
  readonly events: JournalEvent[];
  readonly tell: () => void;
}

/** Offers one mail to the recipients whose turn it is. */
export async function offer(
  context: OfferContext,
  entry: OutboxEntry,
  { mail: number, recipients }: Extract<Due, { due: 'now' }>,
  { state, durable }: Appended,
  route: Route,
): Promise<Answered> {
  const { world, outbox } = context;
  const mail = entry.mails[number - 1] as StoredMail;
  const sender = senderOf(mail, route);
  const stored = await outbox.readMail(entry, number);
  const attempt: Attempt =
    stored.damaged === undefined
      ? await route.transport.sender.send({
          from: sender,
          to: recipients,
          messageId: mail.messageId,
          bytes: stored.bytes,
          recorded: durable,
        })
      : {
          outcome: 'answered',
          results: recipients.map(recipient => ({ recipient, verdict: 'rejected', reply: stored.damaged })),
        };
  if (attempt.outcome === 'unreachable') {
    const { reply: reason, concern } = attempt;
    const refused = concern === 'sender' ? { sender } : {};
    backOff(route.transport, route.retry, { reason, now: world.now(), ...refused });
  } else if (attempt.outcome !== 'stopped') reached(route.transport, sender);
  const events = eventsOf(attempt, { number, recipients, state, route, now: world.now() });
  return {
    events,
    tell: () => {
      for (const event of events) logEvent(context.log, entry, mail, event, attempt);
      world.progress(`sending mails: ${number} of ${entry.mails.length}`);
    },
  };
}

/** A corrected setting counts for what is queued already; what the mail itself says stays. */
export function senderOf({ envelope }: StoredMail, { sender }: Route): string {
  return sender ?? envelope.from;
}

/** A mail that was offered, to whom, and how things stood. */
interface Offered {
  readonly number: number;
  readonly recipients: readonly string[];
  readonly state: EntryState;
  readonly route: Route;
  readonly now: number;
}

/** What an attempt means for each recipient: answers as they are, silence as "later". */
function eventsOf(attempt: Attempt, offered: Offered): JournalEvent[] {
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
      return attempt.recipients.map(recipient => deferral(offered, recipient, attempt.reply, random));
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
    case 'stopped':
      return [];
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

export function logEvent(
  log: Log,
  entry: OutboxEntry,
  mail: StoredMail,
  event: JournalEvent,
  attempt?: Attempt,
): void {
  log(event.event, {
    push: entry.push.id,
    entry: entry.number,
    mail: `${mail.number}/${entry.mails.length}`,
    to: event.recipient,
    'message-id': mail.messageId,
    until: event.until === undefined ? undefined : new Date(event.until).toISOString(),
    reply: event.reply,
    lasting: event.lasting ? 'yes' : undefined,
    note: attempt?.outcome === 'lost' && attempt.uncertain ? 'the server may have taken it' : undefined,
  });
}
