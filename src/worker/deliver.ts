import { setImmediate } from 'node:timers/promises';
import type { RetryPolicy } from '../model/config.ts';
import type { JournalEvent, OutboxEntry, StoredMail } from '../model/outbox-entry.ts';
import type { World } from '../model/world.ts';
import {
  dueMail,
  type EntryState,
  hasRejected,
  isSettled,
  isTooOld,
  mailState,
} from '../outbox/entry-state.ts';
import { withEvents } from '../outbox/fold-journal.ts';
import type { Claim, Place } from '../outbox/outbox.ts';
import { heldReason, reasonOf } from './log.ts';
import { logEvent, type OfferContext, offer, senderOf } from './offer.ts';
import { backoffOf, type Route } from './transports.ts';

export interface DeliverContext extends OfferContext {
  /** How long to wait where settings cannot be used, and when to give up then. */
  readonly retry: RetryPolicy;
  /** Asked between two mails: true ends the work after the mail at hand. */
  readonly interrupted: () => boolean;
}

/** The wait before another look at what settings or a full disk keep back, in milliseconds. */
export const HELD_WAIT = 30_000;

/** What keeps an entry back. */
interface Hindrance {
  readonly until: number;
  readonly reason: string;
}

/** Offers what it can of an entry. */
export async function offerEntry(context: DeliverContext, claim: Claim, route: Route): Promise<void> {
  const state = await offerAll(context, claim, route);
  await leave(context, claim, state, route.retry, hindranceOf(context.world, claim.entry, state, route));
}

/** Keeps an entry whose settings cannot be used. */
export async function holdEntry(context: DeliverContext, claim: Claim, error: unknown): Promise<void> {
  const state = await noteHeld(context, claim, error);
  const hindrance = { until: context.world.now() + HELD_WAIT, reason: heldReason(error).what };
  await leave(context, claim, state, context.retry, hindrance);
}

/** Takes an entry of which everything is sent out of the queue. One of which something was given up stays: that wants telling first. */
async function leave(
  context: DeliverContext,
  claim: Claim,
  state: EntryState,
  retry: RetryPolicy,
  hindrance: Hindrance | undefined,
): Promise<void> {
  const { world, outbox } = context;
  const left = hindrance
    ? await giveUpOld(context, claim, state, { retry, reason: hindrance.reason })
    : state;
  if (isSettled(left) && !hasRejected(left)) await finish(context, claim);
  else if (dueMail(left, world.now()).due === 'now')
    outbox.postpone(claim, hindrance?.until ?? world.now() + HELD_WAIT);
}

/** Takes an entry that nobody waits for out of the queue. Returns where it is then. */
export async function finish({ outbox, log }: DeliverContext, claim: Claim): Promise<Place> {
  const place = await outbox.finish(claim);
  log(place === 'failed' ? 'failed' : 'done', { push: claim.entry.push.id, entry: claim.entry.number });
  return place;
}

/** What keeps the mail back that is due next. */
function hindranceOf(
  { now }: World,
  entry: OutboxEntry,
  state: EntryState,
  route: Route,
): Hindrance | undefined {
  const due = dueMail(state, now());
  return due.due === 'now'
    ? backoffOf(route.transport, senderOf(entry.mails[due.mail - 1] as StoredMail, route), now())
    : undefined;
}

/** Writes down why an entry cannot be offered, once for each reason. */
async function noteHeld(
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
