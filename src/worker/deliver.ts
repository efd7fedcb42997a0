import { setImmediate } from 'node:timers/promises';
import type { RetryPolicy } from '../model/config.ts';
import type { OutgoingMail } from '../model/mail.ts';
import type { JournalEvent, OutboxEntry, StoredMail } from '../model/outbox-entry.ts';
import {
  type Due,
  dueMail,
  type EntryState,
  hasRejected,
  isSettled,
  isTooOld,
  mailState,
} from '../outbox/entry-state.ts';
import { withEvents } from '../outbox/fold-journal.ts';
import type { Claim, Place } from '../outbox/outbox.ts';
import type { DeliverContext } from './context.ts';
import { entryFields, heldReason, reasonOf } from './log.ts';
import { logEvent, offer, senderOf } from './offer.ts';
import { backoffOf, type Route } from './transports.ts';

/** The wait before another look at what settings or a full disk keep back, in milliseconds. */
export const HELD_WAIT = 30_000;

/** What keeps an entry back. */
interface Hindrance {
  readonly until: number;
  readonly reason: string;
}

/** The mail that goes out after the last one of an entry, if it is known. */
type Following = () => Promise<OutgoingMail | undefined>;

/** Offers what it can of an entry. */
export async function offerEntry(
  context: DeliverContext,
  claim: Claim,
  route: Route,
  following: Following,
): Promise<void> {
  const state = await offerAll(context, claim, route, following);
  if (route.transport.isClosed && !isSettled(state)) return;
  const now = context.world.now();
  await leave(context, claim, state, route.retry, hindranceOf(claim.entry, dueMail(state, now), route, now));
}

/** Keeps an entry whose settings cannot be used, and writes down why. */
export async function holdEntry(context: DeliverContext, claim: Claim, error: unknown): Promise<void> {
  const { what: reason } = heldReason(error);
  const state = await noteHeld(context, claim, error);
  await leave(context, claim, state, context.retry, { until: context.world.now() + HELD_WAIT, reason });
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
  const left = hindrance ? await giveUpOld(context, claim, state, retry, hindrance.reason) : state;
  if (isSettled(left) && !hasRejected(left)) await finish(context, claim);
  else if (dueMail(left, world.now()).due === 'now')
    outbox.postpone(claim, hindrance?.until ?? world.now() + HELD_WAIT);
}

/** Takes an entry that nobody waits for out of the queue. Returns where it is then. */
export async function finish({ outbox, log }: DeliverContext, claim: Claim): Promise<Place> {
  const place = await outbox.finish(claim);
  log(place === 'failed' ? 'failed' : 'done', entryFields(claim.entry));
  return place;
}

/** What keeps the mail back that is due next. */
function hindranceOf({ mails }: OutboxEntry, due: Due, route: Route, now: number) {
  if (due.due !== 'now') return undefined;
  return backoffOf(route.transport, senderOf(mails[due.mail - 1] as StoredMail, route), now);
}

/** Once for each reason. */
async function noteHeld({ world, outbox, log }: DeliverContext, claim: Claim, error: unknown) {
  const { entry, state } = claim;
  const { what, remedy } = heldReason(error);
  const [[recipient = '', mail = 0] = []] = state.lanes;
  const waiting = mailState(state, mail)?.get(recipient);
  if (waiting?.state !== 'waiting' || waiting.held?.what === what) return state;
  log('held', { ...entryFields(entry), reason: reasonOf(error) });
  const at = world.now();
  const mails = [...new Set(state.lanes.values())];
  return outbox.record(
    claim,
    mails.map(mail => ({ at, event: 'held', mail, reply: what, remedy })),
  );
}

/**
 * Offers the mails of one push until one has to wait. An answer and the line that the next mail is being sent are one write
 * and one fsync, waited for when the mail after it is to go out: a process that dies repeats one mail, a machine two. The log is
 * told while the server is at the next one, which would otherwise wait for that.
 */
async function offerAll(
  context: DeliverContext,
  claim: Claim,
  route: Route,
  following: Following,
): Promise<EntryState> {
  const { world, outbox } = context;
  const { entry } = claim;
  let { state } = claim;
  let unwritten: readonly JournalEvent[] = [];
  let durable: Promise<void> = Promise.resolve();
  let told: Promise<void> = Promise.resolve();
  const isOver = () => context.signal.aborted || route.transport.isClosed;
  while (!isOver()) {
    const at = world.now();
    const due = dueMail(state, at);
    if (due.due !== 'now' || hindranceOf(entry, due, route, at)) break;
    const sending: JournalEvent = { at, event: 'sending', mail: due.mail };
    const appended = await outbox.append(claim, [...unwritten, sending]);
    const still = dueMail(appended.state, world.now());
    if (still.due !== 'now' || still.mail !== due.mail) {
      // Somebody has dropped it while the server had the one before it.
      await Promise.all([durable, appended.durable]);
      [unwritten, state] = [[], appended.state];
      continue;
    }
    // What follows the last mail is read while the one before it goes out.
    if (due.mail + 1 >= entry.mails.length) following().catch(() => {});
    const before = { ...appended, durable };
    const { events, tell } = await offer(context, entry, due, before, route, following);
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
  { world, outbox, log }: DeliverContext,
  claim: Claim,
  state: EntryState,
  retry: RetryPolicy,
  reason: string,
): Promise<EntryState> {
  const [at, reply] = [world.now(), `given up: ${reason}`];
  const events = claim.entry.mails.flatMap(({ number: mail }): JournalEvent[] =>
    [...(mailState(state, mail) ?? [])]
      .filter(([, waiting]) => waiting.state === 'waiting' && isTooOld(waiting, retry, at))
      .map(([recipient]) => ({ at, event: 'rejected', mail, recipient, reply })),
  );
  if (events.length === 0) return state;
  for (const event of events) logEvent(log, claim.entry, event);
  return outbox.record(claim, events);
}
