import { setImmediate } from 'node:timers/promises';
import type { Attempt } from '../model/delivery.ts';
import type { JournalEvent, OutboxEntry, StoredMail } from '../model/outbox-entry.ts';
import type { World } from '../model/world.ts';
import { type Due, dueMail } from '../outbox/due-mail.ts';
import { type EntryState, isSettled, mailStates } from '../outbox/entry-state.ts';
import { withEvents } from '../outbox/fold-journal.ts';
import type { Jotted, Outbox } from '../outbox/outbox.ts';
import { isTooOld } from '../outbox/retry-schedule.ts';
import type { Alarms } from './alarms.ts';
import { eventsOf } from './events-of.ts';
import { type Log, reasonOf } from './log.ts';
import { hold, isHeld, type Route, type Ways } from './transports.ts';

export interface DeliverDoors {
  readonly world: World;
  readonly outbox: Outbox;
  readonly ways: Ways;
  readonly alarms: Alarms;
  readonly log: Log;
  /** Asked between two mails: true ends the round after the mail at hand. */
  readonly interrupted: () => boolean;
}

/** Offers all that is due, in order of queueing. Returns true if it was interrupted. */
export async function deliver(doors: DeliverDoors): Promise<boolean> {
  const { world, outbox, log } = doors;
  for await (const queued of outbox.due(world.now())) {
    if (queued.damaged !== undefined) {
      log('damaged', { entry: queued.ref.number, push: queued.ref.id, reason: queued.damaged });
      await doors.alarms.damaged(queued.ref, queued.damaged);
      continue;
    }
    if (doors.interrupted()) return true;
    await deliverEntry(doors, queued.entry, queued.state);
  }
  return doors.interrupted();
}

async function deliverEntry(doors: DeliverDoors, entry: OutboxEntry, state: EntryState): Promise<void> {
  const route = await routeOf(doors, entry);
  if (!route) return;
  const ended = await offerAll(doors, entry, state, route);
  const left = isHeld(route.way, doors.world.now()) ? await giveUpOld(doors, entry, ended, route) : ended;
  if (!isSettled(left) || !(await doors.alarms.stored(entry, left))) return;
  const place = await doors.outbox.settle(entry);
  doors.log(place === 'failed' ? 'failed' : 'done', { push: entry.push.id, entry: entry.number });
}

async function routeOf({ ways, log }: DeliverDoors, entry: OutboxEntry): Promise<Route | undefined> {
  try {
    return await ways.route(entry.push);
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
  doors: DeliverDoors,
  entry: OutboxEntry,
  begin: EntryState,
  route: Route,
): Promise<EntryState> {
  const { world, outbox } = doors;
  let state = begin;
  let unwritten: readonly JournalEvent[] = [];
  let durable: Promise<void> = Promise.resolve();
  let told: Promise<void> = Promise.resolve();
  while (!isHeld(route.way, world.now()) && !doors.interrupted()) {
    const due = dueMail(state, world.now());
    if (due.due !== 'now') break;
    const sending: JournalEvent = { at: world.now(), event: 'sending', mail: due.mail };
    const jotted = await outbox.jot(entry, [...unwritten, sending]);
    const { events, tell } = await offer(doors, entry, due, { state: jotted.state, durable }, route);
    await Promise.all([durable, told]);
    told = setImmediate().then(tell);
    durable = jotted.durable;
    unwritten = events;
    state = withEvents(jotted.state, unwritten);
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
  doors: DeliverDoors,
  entry: OutboxEntry,
  { mail: number, recipients }: Extract<Due, { due: 'now' }>,
  { state, durable }: Jotted,
  route: Route,
): Promise<Answered> {
  const { world, outbox } = doors;
  const mail = entry.mails[number - 1] as StoredMail;
  const stored = await outbox.readMail(entry, number);
  const attempt: Attempt =
    stored.damaged === undefined
      ? await route.way.sender.send({
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
  if (attempt.outcome === 'unreachable') hold(route.way, route.retry, attempt.reply, world.now());
  else route.way.failures = 0;
  const events = eventsOf(attempt, { number, recipients, state, route, now: world.now() });
  return {
    events,
    tell: () => {
      for (const event of events) logEvent(doors.log, entry, mail, event, attempt);
    },
  };
}

/** While a server is away, what has waited for days is given up without being offered. */
async function giveUpOld(
  doors: DeliverDoors,
  entry: OutboxEntry,
  state: EntryState,
  route: Route,
): Promise<EntryState> {
  const now = doors.world.now();
  const events = mailStates(state).flatMap((recipients, index) =>
    [...recipients].flatMap(([recipient, waiting]): JournalEvent[] =>
      waiting.state === 'waiting' && isTooOld(waiting, route.retry, now)
        ? [{ at: now, event: 'rejected', mail: index + 1, recipient, reply: `given up: ${route.way.reason}` }]
        : [],
    ),
  );
  if (events.length === 0) return state;
  for (const event of events) logEvent(doors.log, entry, entry.mails[event.mail - 1] as StoredMail, event);
  return doors.outbox.record(entry, events);
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
