import { setImmediate } from 'node:timers/promises';
import type { RetryPolicy } from '../model/config.ts';
import type { JournalEvent, OutboxEntry, StoredMail } from '../model/outbox-entry.ts';
import type { World } from '../model/world.ts';
import { dueMail, type EntryState, isSettled, isTooOld, mailState } from '../outbox/entry-state.ts';
import { withEvents } from '../outbox/fold-journal.ts';
import type { Claim, Place } from '../outbox/outbox.ts';
import type { Alarms } from './alarms.ts';
import { heldReason, reasonOf } from './log.ts';
import { logEvent, type OfferContext, offer, senderOf } from './offer.ts';
import { backoffOf, type Route, type Transports } from './transports.ts';

export interface DeliverContext extends OfferContext {
  readonly transports: Transports;
  readonly alarms: Alarms;
  /** How long to wait where settings cannot be used, and when to give up then. */
  readonly retry: RetryPolicy;
  /** Asked between two mails: true ends the round after the mail at hand. */
  readonly interrupted: () => boolean;
}

/** The wait before another look at what settings or a full disk keep back, in milliseconds. */
export const HELD_WAIT = 30_000;

/** Offers all that is due, in order of queueing. Returns how many pushes it has put into `failed`. */
export async function deliver(context: DeliverContext): Promise<number> {
  const { world, outbox, log } = context;
  let failed = 0;
  for await (const claim of outbox.claim(world.now())) {
    if (claim.damaged !== undefined) {
      failed++;
      log('damaged', { entry: claim.ref.number, push: claim.ref.id, reason: claim.damaged });
      await context.alarms.damaged(claim.ref, claim.damaged);
      continue;
    }
    if (context.interrupted()) break;
    if ((await deliverEntry(context, claim)) === 'failed') failed++;
  }
  return failed;
}

/** An entry, how it is to be delivered, and why it is not to be now. */
interface Course {
  readonly retry: RetryPolicy;
  readonly state: EntryState;
  readonly hindrance?: { readonly until: number; readonly reason: string };
}

/** Offers what it can of an entry. Returns where the entry is then; undefined while it is still to be worked on. */
async function deliverEntry(context: DeliverContext, claim: Claim): Promise<Place | undefined> {
  const { world, outbox, alarms, log } = context;
  const { retry, state, hindrance } = await pursue(context, claim);
  const left = hindrance
    ? await giveUpOld(context, claim, state, { retry, reason: hindrance.reason })
    : state;
  if (isSettled(left) && (await alarms.stored(claim.entry, left))) {
    const place = await outbox.finish(claim);
    log(place === 'failed' ? 'failed' : 'done', { push: claim.entry.push.id, entry: claim.entry.number });
    return place;
  }
  if (dueMail(left, world.now()).due !== 'later') {
    outbox.postpone(claim, hindrance?.until ?? world.now() + HELD_WAIT);
  }
  return undefined;
}

async function pursue(context: DeliverContext, claim: Claim): Promise<Course> {
  const { world, transports } = context;
  let route: Route;
  try {
    route = await transports.route(claim.entry.push);
  } catch (error) {
    const state = await hold(context, claim, error);
    const hindrance = { until: world.now() + HELD_WAIT, reason: heldReason(error).what };
    return { retry: context.retry, state, hindrance };
  }
  const state = await offerAll(context, claim, route);
  const hindrance = hindranceOf(world, claim.entry, state, route);
  return { retry: route.retry, state, ...(hindrance ? { hindrance } : {}) };
}

/** What keeps the mail back that is due next. */
function hindranceOf({ now }: World, entry: OutboxEntry, state: EntryState, route: Route) {
  const due = dueMail(state, now());
  return due.due === 'now'
    ? backoffOf(route.transport, senderOf(entry.mails[due.mail - 1] as StoredMail, route), now())
    : undefined;
}

/** Writes down why an entry cannot be offered, once for each reason. */
async function hold(
  context: DeliverContext,
  { entry, ...claim }: Claim,
  error: unknown,
): Promise<EntryState> {
  const { world, outbox, log } = context;
  const { what, remedy } = heldReason(error);
  const [[recipient = '', mail = 0] = []] = claim.state.lanes;
  const waiting = mailState(claim.state, mail)?.get(recipient);
  if (waiting?.state !== 'waiting' || waiting.held?.what === what) return claim.state;
  log('held', { push: entry.push.id, entry: entry.number, reason: reasonOf(error) });
  const events = [...new Set(claim.state.lanes.values())].map(
    (mail): JournalEvent => ({ at: world.now(), event: 'held', mail, reply: what, remedy }),
  );
  return outbox.record({ entry, ...claim }, events);
}

/**
 * Offers the mails of one push until one has to wait. An answer and the line that the next mail is being sent are one write
 * and one fsync, waited for when the mail after it is to go out: a process that dies repeats one mail, a machine two. The log is
 * told while the server is at the next one, which would otherwise wait for that.
 */
async function offerAll(context: DeliverContext, claim: Claim, route: Route): Promise<EntryState> {
  const { world, outbox } = context;
  const { entry } = claim;
  let { state } = claim;
  let unwritten: readonly JournalEvent[] = [];
  let durable: Promise<void> = Promise.resolve();
  let told: Promise<void> = Promise.resolve();
  while (!context.interrupted() && !hindranceOf(world, entry, state, route)) {
    const due = dueMail(state, world.now());
    if (due.due !== 'now') break;
    const sending: JournalEvent = { at: world.now(), event: 'sending', mail: due.mail };
    const appended = await outbox.append(claim, [...unwritten, sending]);
    const { events, tell } = await offer(context, entry, due, { state: appended.state, durable }, route);
    await Promise.all([durable, told]);
    told = setImmediate().then(tell);
    durable = appended.durable;
    unwritten = events;
    state = withEvents(appended.state, unwritten);
  }
  await Promise.all([durable, told]);
  return unwritten.length > 0 ? outbox.record(claim, unwritten) : state;
}

/** What has waited for days is given up without being offered, while its server is away or its settings are wrong. */
async function giveUpOld(
  context: DeliverContext,
  claim: Claim,
  state: EntryState,
  { retry, reason }: { readonly retry: RetryPolicy; readonly reason: string },
): Promise<EntryState> {
  const at = context.world.now();
  const { entry } = claim;
  const reply = `given up: ${reason}`;
  const events = state.mails.flatMap((recipients, index) =>
    [...recipients].flatMap(([recipient, waiting]): JournalEvent[] =>
      waiting.state === 'waiting' && isTooOld(waiting, retry, at)
        ? [{ at, event: 'rejected', mail: index + 1, recipient, reply }]
        : [],
    ),
  );
  if (events.length === 0) return state;
  for (const event of events) logEvent(context.log, entry, entry.mails[event.mail - 1] as StoredMail, event);
  return context.outbox.record(claim, events);
}
