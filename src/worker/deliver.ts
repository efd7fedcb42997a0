import { setImmediate } from 'node:timers/promises';
import type { Attempt } from '../model/delivery.ts';
import type { JournalEvent, OutboxEntry, StoredMail } from '../model/outbox-entry.ts';
import type { World } from '../model/world.ts';
import { type Due, dueMail } from '../outbox/due-mail.ts';
import { type EntryState, isSettled, mailStates } from '../outbox/entry-state.ts';
import { withEvents } from '../outbox/fold-journal.ts';
import type { Appended, Outbox } from '../outbox/outbox.ts';
import { isTooOld } from '../outbox/retry-schedule.ts';
import type { Alarms } from './alarms.ts';
import { eventsOf } from './events-of.ts';
import { type Log, reasonOf } from './log.ts';
import { backOff, isBackingOff, type Route, type Transports } from './transports.ts';

export interface DeliverContext {
  readonly world: World;
  readonly outbox: Outbox;
  readonly transports: Transports;
  readonly alarms: Alarms;
  readonly log: Log;
  /** Asked between two mails: true ends the round after the mail at hand. */
  readonly interrupted: () => boolean;
}

/** Offers all that is due, in order of queueing. Returns true if it was interrupted. */
export async function deliver(context: DeliverContext): Promise<boolean> {
  const { world, outbox, log } = context;
  for await (const queued of outbox.due(world.now())) {
    if (queued.damaged !== undefined) {
      log('damaged', { entry: queued.ref.number, push: queued.ref.id, reason: queued.damaged });
      await context.alarms.damaged(queued.ref, queued.damaged);
      continue;
    }
    if (context.interrupted()) return true;
    await deliverEntry(context, queued.entry, queued.state);
  }
  return context.interrupted();
}

async function deliverEntry(context: DeliverContext, entry: OutboxEntry, state: EntryState): Promise<void> {
  const route = await routeOf(context, entry);
  if (!route) return;
  const ended = await offerAll(context, entry, state, route);
  const left = isBackingOff(route.transport, context.world.now())
    ? await giveUpOld(context, entry, ended, route)
    : ended;
  if (!isSettled(left) || !(await context.alarms.stored(entry, left))) return;
  const place = await context.outbox.finish(entry);
  context.log(place === 'failed' ? 'failed' : 'done', { push: entry.push.id, entry: entry.number });
}

async function routeOf({ transports, log }: DeliverContext, entry: OutboxEntry): Promise<Route | undefined> {
  try {
    return await transports.route(entry.push);
  } catch (error) {
    log('held', {
      push: entry.push.id,
      entry: entry.number,
      reason: reasonOf(error),
    });
    return undefined;
  }
}

/**
 * Offers the mails of one push until one has to wait. An answer and the line that the next mail is being sent are one write
 * and one fsync, waited for when the mail after it is to go out: a process that dies repeats one mail, a machine two. The log is
 * told while the server is at the next one, which would otherwise wait for that.
 */
async function offerAll(
  context: DeliverContext,
  entry: OutboxEntry,
  begin: EntryState,
  route: Route,
): Promise<EntryState> {
  const { world, outbox } = context;
  let state = begin;
  let unwritten: readonly JournalEvent[] = [];
  let durable: Promise<void> = Promise.resolve();
  let told: Promise<void> = Promise.resolve();
  while (!isBackingOff(route.transport, world.now()) && !context.interrupted()) {
    const due = dueMail(state, world.now());
    if (due.due !== 'now') break;
    const sending: JournalEvent = { at: world.now(), event: 'sending', mail: due.mail };
    const appended = await outbox.append(entry, [...unwritten, sending]);
    const { events, tell } = await offer(context, entry, due, { state: appended.state, durable }, route);
    await Promise.all([durable, told]);
    told = setImmediate().then(tell);
    durable = appended.durable;
    unwritten = events;
    state = withEvents(appended.state, unwritten);
  }
  await Promise.all([durable, told]);
  return unwritten.length > 0 ? outbox.record(entry, unwritten) : state;
}

/** What became of a mail: what there is to write down, and how the log is told. */
interface Answered {
  readonly events: JournalEvent[];
  readonly tell: () => void;
}

/** Offers one mail to the recipients whose turn it is. */
async function offer(
  context: DeliverContext,
  entry: OutboxEntry,
  { mail: number, recipients }: Extract<Due, { due: 'now' }>,
  { state, durable }: Appended,
  route: Route,
): Promise<Answered> {
  const { world, outbox } = context;
  const mail = entry.mails[number - 1] as StoredMail;
  const stored = await outbox.readMail(entry, number);
  const attempt: Attempt =
    stored.damaged === undefined
      ? await route.transport.sender.send({
          from: mail.envelope.from,
          to: recipients,
          messageId: mail.messageId,
          bytes: stored.bytes,
          recorded: durable,
        })
      : {
          outcome: 'answered',
          results: recipients.map(recipient => ({ recipient, verdict: 'rejected', reply: stored.damaged })),
        };
  if (attempt.outcome === 'unreachable') backOff(route.transport, route.retry, attempt.reply, world.now());
  else route.transport.failures = 0;
  const events = eventsOf(attempt, { number, recipients, state, route, now: world.now() });
  return {
    events,
    tell: () => {
      for (const event of events) logEvent(context.log, entry, mail, event, attempt);
      world.progress(`sending mails: ${number} of ${entry.mails.length}`);
    },
  };
}

/** While a server is away, what has waited for days is given up without being offered. */
async function giveUpOld(
  context: DeliverContext,
  entry: OutboxEntry,
  state: EntryState,
  route: Route,
): Promise<EntryState> {
  const now = context.world.now();
  const events = mailStates(state).flatMap((recipients, index) =>
    [...recipients].flatMap(([recipient, waiting]): JournalEvent[] =>
      waiting.state === 'waiting' && isTooOld(waiting, route.retry, now)
        ? [
            {
              at: now,
              event: 'rejected',
              mail: index + 1,
              recipient,
              reply: `given up: ${route.transport.reason}`,
            },
          ]
        : [],
    ),
  );
  if (events.length === 0) return state;
  for (const event of events) logEvent(context.log, entry, entry.mails[event.mail - 1] as StoredMail, event);
  return context.outbox.record(entry, events);
}

function logEvent(
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
    note: attempt?.outcome === 'lost' && attempt.uncertain ? 'the server may have taken it' : undefined,
  });
}
