import { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { announce } from '../announce/announce.ts';
import { openLedger } from '../announce/open-ledger.ts';
import { renderContexts } from '../announce/render-context.ts';
import { composeForWire } from '../delivery/compose.ts';
import { openSigners, type Signer } from '../delivery/dkim.ts';
import { isSame } from '../disk/files.ts';
import { DatabaseAway, fault, LedgerMoved } from '../errors.ts';
import { despiteKills } from '../git/failure.ts';
import { until } from '../git/streams.ts';
import { isHeard } from '../model/config.ts';
import { mailCount } from '../model/edition.ts';
import { type Ledger, type LedgerMove, moved } from '../model/ledger.ts';
import type { ComposedMail, Mail } from '../model/mail.ts';
import type { OutboxEntry } from '../model/outbox-entry.ts';
import type { Push, RefUpdate } from '../model/push.ts';
import type { Reason } from '../model/push-plan.ts';
import type { World } from '../model/world.ts';
import { isAnnounced, wholeScope } from '../plan/announced-refs.ts';
import { nextPush, oldestFirst, PATIENCE } from '../plan/next-push.ts';
import { noteForArchive } from './archive-mails.ts';
import type { WorkerContext } from './context.ts';
import { entryFields } from './log.ts';
import { enterAgain } from './mails-again.ts';

/** Records that stay where they are. */
export interface Left {
  /** When to look again for the sake of a push that waits for its predecessor, in milliseconds since 1970. */
  lookAgain: number;
  /** Those that wait for one before them. */
  readonly waiting: Set<string>;
  /** Those that wait for a person, and the fault that keeps them. */
  readonly held: ReadonlyMap<string, Error>;
  hold(push: Pick<Push, 'id'> & Partial<Push>, error: unknown): Promise<void>;
  /** True if it was held before this round already. */
  wasHeld(id: string): boolean;
  /** Puts one aside that nobody can pick up. */
  condemn(id: string, reason: string): Promise<void>;
}

/**
 * Picks up the recorded pushes of one repository. One that fails is held, and the others go on: a `notify` concerns nobody else, and the
 * refs of other pushes move without it. A push to a ref that a failed one moves waits a moment, since what failed for a moment keeps its
 * place. Then it goes first, and brings the mails of both: it is announced from the ledger's value, and the one that it passed
 * is late when it is tried again.
 * @param late those that are recorded after them: asked for where its first ledger is made, and picked up in their turn
 */
export async function pickUpRepository(
  context: WorkerContext,
  repository: string,
  recorded: readonly Push[],
  stay: Left,
  late: () => Promise<readonly Push[]>,
): Promise<void> {
  const { world, drop, outbox, workplaces } = context;
  const { git, audiences, spool, config } = await workplaces.of(repository, []);
  const scope = wholeScope(audiences);
  if (!isOurs(context, repository, spool)) throw fault.foreignRecord(repository, spool);
  const { workplace } = context;
  if (repository !== workplace.git.gitDir && !isDeepStrictEqual(config.outbox, workplace.config.outbox))
    throw fault.foreignOutbox(repository, spool);
  const open = () => despiteKills(() => openLedger(outbox, git, scope, recorded, late));
  const opened = await open();
  let { ledger, rescoped } = opened;
  let left = new Set(oldestFirst(recorded));
  for (const push of opened.strangers) {
    await stay.condemn(push.id, 'it is a push to another repository, which was at this path before');
    left.delete(push);
  }
  const failed = new Set<string>();
  for (;;) {
    const next = nextPush(left, ledger, scope, world.now());
    if (next === undefined || context.signal.aborted) return;
    if ('waitUntil' in next) {
      stay.lookAgain = Math.min(stay.lookAgain, next.waitUntil);
      for (const { id } of left) stay.waiting.add(id);
      return;
    }
    const { push } = next;
    left.delete(push);
    const refs = push.kind === 'push' ? push.updates.map(({ ref }) => ref) : [];
    if (refs.some(ref => failed.has(ref))) {
      stay.waiting.add(push.id);
      stay.lookAgain = Math.min(stay.lookAgain, world.now() + PATIENCE);
      for (const ref of refs) failed.add(ref);
      continue;
    }
    try {
      if (!(await outbox.knows(push.id))) {
        const entries = await despiteKills(() => enter(context, push, ledger, rescoped));
        const move = entries.find(entry => entry.ledger)?.ledger;
        if (move) {
          ledger = moved(ledger, move);
          rescoped = undefined;
        }
      }
      await context.kept?.keep(push.id, await outbox.home(), world.now());
      await drop.retire(push.id);
    } catch (error) {
      if (error instanceof DatabaseAway) throw error;
      if (error instanceof LedgerMoved) {
        ({ ledger, rescoped } = await open());
        left = new Set([push, ...left]);
        continue;
      }
      await stay.hold(push, error);
      if (!stay.wasHeld(push.id)) for (const ref of refs) failed.add(ref);
      // It may have failed after it was stored.
      ({ ledger, rescoped } = await open());
    }
  }
}

/** Asks the servers of a push what they take, and does not wait for the answers. What goes wrong is told where the push is picked up. */
export async function askServers(context: WorkerContext, push: Push): Promise<void> {
  const place = await context.workplaces.of(push.repository, []).catch(() => undefined);
  if (!place || !isOurs(context, push.repository, place.spool)) return;
  for (const { name } of place.audiences) context.transports.largest(push, name).catch(() => undefined);
}

/** A record counts in the outbox that its repository names: nobody has another one's pushes mailed by way of a spool of their own. */
function isOurs({ workplace }: WorkerContext, repository: string, spool: string): boolean {
  if (repository === workplace.git.gitDir) return true;
  return isSame(spool, workplace.spool);
}

/** Plan, read, render, store: one push on its way into the outbox. */
async function enter(
  context: WorkerContext,
  push: Push,
  ledger: Ledger,
  rescoped: LedgerMove | undefined,
): Promise<readonly OutboxEntry[]> {
  const { world, outbox, log } = context;
  if (push.resend) return enterAgain(context, { ...push, resend: push.resend }, ledger);
  const workplace = await context.workplaces.of(push.repository, push.overrides);
  const { audiences } = workplace;
  const git = until(workplace.git, context.signal);
  const largest = (audience: string) => context.transports.largest(push, audience);
  const contexts = await renderContexts(world, workplace);
  const { editions, mails, move, passedOver } = await announce(git, push, ledger, contexts, { largest });
  const expected = mailCount(editions);
  const isUnheard = expected > 0 && !audiences.some(({ config }) => isHeard(config));
  if (isUnheard && workplace.config.noRecipients === 'hold') throw fault.noRecipients(push.repository);
  const whole = move && { ...rescoped, ...move, refs: { ...rescoped?.refs, ...move.refs } };
  for (const { audience, peopleFaults } of editions)
    for (const reason of peopleFaults)
      log('people', { push: push.id, audience: audience || undefined, reason });
  const options = { now: world.now(), ...(whole ? { ledger: whole } : {}) };
  const wire = composed(isUnheard ? NO_MAILS : mails, await openSigners(audiences), expected, world);
  if (audiences.some(({ config }) => config.archive !== undefined)) await noteForArchive(context, push.id);
  const entries = await outbox.add(push, wire, options);
  const scope = wholeScope(audiences);
  const isLeftOut = ({ ref }: RefUpdate) => !isAnnounced(ref, scope);
  const leftOutRefs = (push.kind === 'push' && push.updates.filter(isLeftOut).length) || undefined;
  for (const entry of entries) {
    // One without mails is of no audience in particular.
    const plan = (editions.find(({ audience }) => audience === (entry.audience ?? '')) ?? editions[0])?.plan;
    const leftOut = [...(plan?.leftOut.values() ?? [])];
    const count = (reason: Reason) => leftOut.filter(one => one === reason).length || undefined;
    log('queued', {
      ...entryFields(entry),
      repository: push.repository,
      refs: plan?.changes.length,
      mails: entry.mails.length,
      'left-out-refs': leftOutRefs,
      'left-out-merges': count('merges'),
      'left-out-old': count('old'),
      ...(passedOver === undefined ? { muted: count('muted') } : { 'passed-over': passedOver }),
    });
  }
  return entries;
}

const NO_MAILS: AsyncIterable<Mail> = Readable.from([]);

/** Mails as they are stored and sent. @param expected how many there are, if no commit takes more than one */
async function* composed(
  mails: AsyncIterable<Mail>,
  sign: Signer,
  expected: number,
  { progress }: World,
): AsyncGenerator<ComposedMail> {
  let made = 0;
  for await (const mail of mails) {
    made += 1;
    progress(`making mails: ${made} of ${Math.max(made, expected)}`);
    yield sign(composeForWire(mail));
  }
}
