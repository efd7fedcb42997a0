import { verpSender } from '../model/address.ts';
import type { RetryPolicy } from '../model/config.ts';
import type { Attempt, DeliveryResult, OutgoingMail, Verdict } from '../model/mail.ts';
import type { JournalEvent, OutboxEntry, StoredMail } from '../model/outbox-entry.ts';
import { type Due, dueMail, type EntryState, isTooOld, mailState, nextTry } from '../outbox/entry-state.ts';
import { foreseen } from '../outbox/fold-journal.ts';
import type { Appended } from '../outbox/outbox.ts';
import type { DeliverContext } from './context.ts';
import { entryFields, type Log, type LogFields } from './log.ts';
import { backOff, backoffOf, type Route, reached } from './transports.ts';

type DueNow = Extract<Due, { due: 'now' }>;

/**
 * Offers one mail to the recipients whose turn it is. Returns what there is to write down, and how the log is told of it.
 * @param appended how things stand, and when that is on the disk
 * @param following the mail of another entry that is to go out next, where this entry has none
 */
export async function offer(
  context: DeliverContext,
  entry: OutboxEntry,
  due: DueNow,
  { state, durable, stillOurs }: Appended,
  route: Route,
  following: () => Promise<OutgoingMail | undefined>,
): Promise<{ readonly events: readonly JournalEvent[]; readonly tell: () => void }> {
  const { world, log } = context;
  const mail = await outgoing(context, entry, due, route);
  const next = async (attempt: Attempt) => {
    const after = foreseen(state, eventsOf(attempt, due, state, route.retry, world.now()));
    return (await nextMail(context, entry, after, route)) ?? following();
  };
  const recorded = async () => {
    await durable;
    await stillOurs();
  };
  const attempt = 'results' in mail ? mail : await route.transport.sender.send({ recorded, next, ...mail });
  const now = world.now();
  const from = senderOf(entry.mails[due.mail - 1] as StoredMail, route);
  if (attempt.outcome === 'unreachable') {
    const { reply: reason, concern } = attempt;
    backOff(route.transport, route.retry, { reason, now, ...(concern === 'sender' && { sender: from }) });
  } else if (attempt.outcome !== 'stopped') reached(route.transport, from);
  const events = eventsOf(attempt, due, state, route.retry, now);
  return {
    events,
    tell: () => {
      for (const event of events) logEvent(log, entry, event, attempt);
      world.progress(`sending mails: ${due.mail} of ${entry.mails.length}`);
    },
  };
}

/** A mail for those to whom it is due; or that they cannot have it. */
async function outgoing(
  { outbox }: DeliverContext,
  entry: OutboxEntry,
  { mail: number, recipients }: DueNow,
  route: Route,
): Promise<OutgoingMail | Extract<Attempt, { outcome: 'answered' }>> {
  // Who is left out is next at once.
  const to = route.verp ? recipients.slice(0, 1) : recipients;
  const mail = entry.mails[number - 1] as StoredMail;
  const stored = await outbox.readMail(entry, number);
  if (stored.damaged !== undefined)
    return { outcome: 'answered', results: resultsOf(to, 'rejected', stored.damaged) };
  const sender = senderOf(mail, route);
  const from = route.verp ? verpSender(sender, to[0] ?? '') : sender;
  return { from, to, messageId: mail.messageId, bytes: stored.bytes };
}

/**
 * The mail of an entry that is to go out next, of which a server may be told early; undefined if there is none at once. Whatever is wrong with it is
 * said in its turn.
 */
export async function nextMail(
  context: DeliverContext,
  entry: OutboxEntry,
  state: EntryState,
  route: Route,
): Promise<OutgoingMail | undefined> {
  const now = context.world.now();
  const due = dueMail(state, now);
  if (due.due !== 'now' || context.signal.aborted) return undefined;
  const from = senderOf(entry.mails[due.mail - 1] as StoredMail, route);
  if (backoffOf(route.transport, from, now)) return undefined;
  const mail = await outgoing(context, entry, due, route).catch(() => undefined);
  return mail && 'bytes' in mail ? mail : undefined;
}

/** A corrected setting counts for what is queued already; what the mail itself says stays. */
export function senderOf({ envelope }: StoredMail, { sender }: Route): string {
  return sender ?? envelope.from;
}

function resultsOf(to: readonly string[], verdict: Verdict, reply: string): DeliveryResult[] {
  return to.map(recipient => ({ recipient, verdict, reply }));
}

/** What an attempt means for each recipient: answers as they are, silence as "later", with the moment, or the end for what has waited long enough. */
function eventsOf(
  attempt: Attempt,
  { mail, recipients: to }: DueNow,
  state: EntryState,
  retry: RetryPolicy,
  at: number,
): JournalEvent[] {
  if (attempt.outcome === 'stopped') return [];
  if (attempt.outcome === 'unreachable') {
    // Says nothing about this mail: it is due again as soon as the transport is open.
    const { reply, lasting } = attempt;
    const rest = { reply, ...(lasting && { lasting }) };
    return to.map(recipient => ({ at, event: 'unreached', mail, recipient, ...rest }));
  }
  const results =
    attempt.outcome === 'answered'
      ? attempt.results
      : resultsOf(attempt.recipients, 'deferred', attempt.reply);
  // One chance for all of them: those who wait for the same reason come together again, in one transaction.
  const random = Math.random();
  return results.map(({ recipient, verdict, reply }): JournalEvent => {
    const event = { at, event: verdict, mail, recipient, reply };
    const waiting = mailState(state, mail)?.get(recipient);
    if (verdict !== 'deferred' || waiting?.state !== 'waiting') return event;
    if (isTooOld(waiting, retry, at)) return { ...event, event: 'rejected', reply: `given up: ${reply}` };
    return { ...event, until: at + nextTry(waiting.attempts + 1, retry, random) };
  });
}

export function logEvent(log: Log, entry: OutboxEntry, event: JournalEvent, attempt?: Attempt): void {
  const fields: LogFields = {
    mail: `${event.mail}/${entry.mails.length}`,
    to: event.recipient,
    'message-id': entry.mails[event.mail - 1]?.messageId,
    until: event.until === undefined ? undefined : new Date(event.until).toISOString(),
    reply: event.reply,
    lasting: event.lasting ? 'yes' : undefined,
    note: attempt?.outcome === 'lost' && attempt.uncertain ? 'the server may have taken it' : undefined,
  };
  log(event.event, Object.assign(entryFields(entry), fields));
}
