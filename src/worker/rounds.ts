import { waitUntil } from '../disk/wait-until.ts';
import { fault } from '../errors.ts';
import type { Lock } from '../outbox/directory/lock.ts';
import type { Alarms } from './alarms.ts';
import { archiveNoted } from './archive-mails.ts';
import type { WorkerContext } from './context.ts';
import { HELD_WAIT } from './deliver.ts';
import type { Dispatcher } from './dispatch.ts';
import { entryFields } from './log.ts';
import { MINUTE } from './note-waiting.ts';
import { pickUp } from './pick-up.ts';
import type { Left } from './pick-up-repository.ts';
import { putBackLost } from './put-back.ts';

/**
 * `once`: until nothing is due. `drain`: until nothing is left in the queue, after waiting for deferred mails; what
 * the hook starts. `stay`: until told to stop; a service.
 */
export type WorkMode = 'once' | 'drain' | 'stay';

/** What the worker leaves behind. */
export interface Worked {
  /** False if another worker was at it. */
  readonly ran: boolean;
  /** True if pushes are left in the queue. */
  readonly queued: boolean;
  /** How many pushes were given up, for somebody or as damaged. */
  readonly failed: number;
  /** Recorded pushes that could not be picked up, and why. */
  readonly held: ReadonlyMap<string, Error>;
}

/** How often finished pushes are looked through for old ones, in milliseconds. */
const HOUR = 3_600_000;

export interface Rounds extends WorkerContext {
  readonly alarms: Alarms;
  readonly dispatcher: Dispatcher;
  readonly lock: Lock;
  readonly mode: WorkMode;
  /** Called when the outbox has answered. */
  readonly isOpen: () => void;
}

/** How often a database is asked for what there is to tell the administrator, in milliseconds: many rounds a second are made on a busy host. */
const ALARM_PAUSE = 10_000;

/** Picks up, hands out what is due, rests, and so on, until there is nothing left to do in this mode. */
export async function rounds(context: Rounds): Promise<Worked> {
  const { world, drop, lock, outbox, workplaces, alarms, dispatcher, workplace, signal } = context;
  await recover(context);
  context.isOpen();
  let tidied = Number.NEGATIVE_INFINITY;
  const pause = workplace.config.outbox === undefined ? 0 : ALARM_PAUSE;
  let watched = world.now() - pause;
  let failed = 0;
  for (;;) {
    if (world.now() - tidied > HOUR) {
      tidied = world.now();
      await drop.sweep(world.now());
      await context.kept?.sweep(world.now());
      await outbox.prune(world.now(), workplace.config.keepDays);
    }
    if (!lock.isInPlace()) throw fault.spoolBroken(workplace.spool, 'it was removed or replaced');
    // What somebody has changed, or wants to have tried again, is tried at once.
    if (workplaces.begin() || (await outbox.nudged())) await dispatcher.recall();
    const picked = await pickUp(context);
    await context.noteWaiting?.();
    failed += await dispatcher.dispatch();
    await archiveNoted(context);
    // What transports are at decides what there is to tell; but one that hangs keeps nothing from the administrator.
    if (Math.abs(world.now() - watched) >= (dispatcher.isBusy() ? HELD_WAIT : pause)) {
      watched = world.now();
      await alarms.watch();
    }
    if (alarms.raised() && !signal.aborted) continue;
    const due = await outbox.nextDue(dispatcher.taken);
    const wake = Math.min(picked.lookAgain, due ?? Number.POSITIVE_INFINITY);
    if (signal.aborted || (!dispatcher.isBusy() && isOver(context, picked, due, wake))) {
      return { ran: true, queued: due !== undefined, failed, held: picked.held };
    }
    if (wake > world.now()) await rest(context, picked, wake, due !== undefined);
  }
}

async function recover({ outbox, log, kept }: Rounds): Promise<void> {
  const { applied, swept } = await outbox.recover();
  for (const entry of applied) log('recovered', entryFields(entry));
  if (swept > 0) log('swept', { leftovers: swept });
  // The last ones by the names of their files may be others: clocks are set.
  if (kept) await putBackLost(kept, { outbox, log });
}

function isOver({ world, mode }: Rounds, picked: Left, due: number | undefined, wake: number): boolean {
  if (mode === 'stay' || picked.lookAgain < Number.POSITIVE_INFINITY) return false;
  return mode === 'once' ? wake > world.now() : due === undefined;
}

/** Waits for the moment given, for the next push, for a transport that has done its work, or for a person to change something. */
async function rest(context: Rounds, picked: Left, wake: number, isQueued: boolean): Promise<void> {
  const { world, mode, drop, lock, outbox, workplaces, dispatcher, signal } = context;
  const what =
    wake < Number.POSITIVE_INFINITY ? `next try at ${new Date(wake).toISOString()}` : 'waiting for pushes';
  if (!dispatcher.isBusy()) world.progress(`${what}; Ctrl-C stops the worker`);
  const longest =
    picked.held.size > 0 || dispatcher.isBusy() ? HELD_WAIT : context.noteWaiting ? MINUTE : HOUR;
  const timeout = Math.min(wake - world.now(), longest);
  const isNew = async () =>
    (await drop.names()).some(name => !picked.held.has(name) && !picked.waiting.has(name));
  // Others may have sent what was left.
  const isEmpty = async () =>
    isQueued && mode !== 'stay' && (await outbox.nextDue(dispatcher.taken)) === undefined;
  const isWanted = async () =>
    dispatcher.hasEnded() ||
    !lock.isInPlace() ||
    workplaces.changed() ||
    (await outbox.nudged()) ||
    (await outbox.stirred(dispatcher.taken, world.now())) ||
    (await isEmpty()) ||
    (await isNew());
  await waitUntil(isWanted, { watch: [drop.watch, outbox.watch, dispatcher.watch], timeout, signal });
}
