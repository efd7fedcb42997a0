import { createSpool, refuseForeignSpool } from '../disk/create-spool.ts';
import { waitUntil } from '../disk/wait-until.ts';
import { openDrop } from '../drop/drop.ts';
import { keptRecords } from '../drop/kept-records.ts';
import { EX, fault, OperatorError } from '../errors.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import type { World } from '../model/world.ts';
import { type Lock, takeLock } from '../outbox/directory/lock.ts';
import { openOutbox } from '../outbox/directory/open-outbox.ts';
import type { Workplace } from '../repository/workplace.ts';
import { openWorkplaces } from '../repository/workplaces.ts';
import { type Alarms, openAlarms } from './alarms.ts';
import { archiveNoted } from './archive-mails.ts';
import type { WorkerContext } from './context.ts';
import { HELD_WAIT } from './deliver.ts';
import { type Dispatcher, openDispatcher } from './dispatch.ts';
import { entryFields, openLog } from './log.ts';
import { pickUp } from './pick-up.ts';
import type { Left } from './pick-up-repository.ts';
import { openTransports } from './transports.ts';

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

/**
 * Loads what makes mails. A worker that may rest has it done before it begins, so that the first push need not wait for it. To one that only empties a queue it
 * would be an eighth of its start.
 */
export async function loadMakers(): Promise<void> {
  await Promise.all([import('./pick-up-repository.ts'), import('./alarm-mails.ts')]);
}

/** The exit code that tells how a worker ended (sysexits(3)). */
export function exitCodeOf({ queued, failed, held }: Worked): number {
  const [error] = held.values();
  if (error) return error instanceof OperatorError ? error.exitCode : EX.SOFTWARE;
  if (failed > 0) return EX.UNAVAILABLE;
  return queued ? EX.TEMPFAIL : EX.OK;
}

/** The worker: picks up what hooks recorded and delivers what is due. One at a time for a spool. */
export async function runWorker(
  world: World,
  workplace: Workplace,
  mode: WorkMode,
  signal: AbortSignal,
): Promise<Worked> {
  const { spool, shared } = workplace;
  const drop = openDrop(spool);
  await createSpool(spool, shared);
  await refuseForeignSpool(spool, shared);
  const log = openLog(world, spoolLayout(spool).log, workplace.config.logFormat);
  let worked: Worked = { ran: false, queued: false, failed: 0, held: new Map() };
  do {
    const lock = await takeLock(spool, shared, world.env);
    if (!lock) return worked;
    const workplaces = openWorkplaces(world);
    const parts: WorkerContext = {
      ...{ world, workplace, workplaces, drop, log, signal },
      outbox: openOutbox(spool, shared),
      transports: openTransports(world, workplaces),
      ...(workplace.config.outbox ? { kept: keptRecords(spool) } : {}),
      retry: workplace.config.retry,
      heldReasons: new Map(),
    };
    const alarms = openAlarms(parts);
    const context = { ...parts, log: alarms.log };
    const dispatcher = openDispatcher(context, alarms);
    try {
      worked = await rounds({ ...context, alarms, dispatcher, lock, mode });
    } finally {
      await dispatcher
        .close()
        .finally(workplaces.close)
        .finally(context.outbox.close)
        .finally(lock.release)
        .finally(log.close);
    }
    // A hook may have found the lock taken just before it was given back: its push would wait for the next one.
  } while (!signal.aborted && (await drop.names()).some(name => !worked.held.has(name)));
  return worked;
}

interface Rounds extends WorkerContext {
  readonly alarms: Alarms;
  readonly dispatcher: Dispatcher;
  readonly lock: Lock;
  readonly mode: WorkMode;
}

async function rounds(context: Rounds): Promise<Worked> {
  const { world, drop, lock, outbox, workplaces, alarms, dispatcher, workplace, signal } = context;
  await recover(context);
  let tidied = Number.NEGATIVE_INFINITY;
  let watched = world.now();
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
    failed += await dispatcher.dispatch();
    await archiveNoted(context);
    // What transports are at decides what there is to tell; but one that hangs keeps nothing from the administrator.
    if (!dispatcher.isBusy() || world.now() - watched > HELD_WAIT) {
      watched = world.now();
      await alarms.watch();
    }
    if (alarms.raised() && !signal.aborted) continue;
    const due = await outbox.nextDue(dispatcher.taken);
    const wake = Math.min(picked.lookAgain, due ?? Number.POSITIVE_INFINITY);
    if (signal.aborted || (!dispatcher.isBusy() && isOver(context, picked, due, wake))) {
      return { ran: true, queued: due !== undefined, failed, held: picked.held };
    }
    if (wake > world.now()) await rest(context, picked, wake);
  }
}

async function recover({ outbox, log }: Rounds): Promise<void> {
  const { applied, swept } = await outbox.recover();
  for (const entry of applied) log('recovered', entryFields(entry));
  if (swept > 0) log('swept', { leftovers: swept });
}

function isOver({ world, mode }: Rounds, picked: Left, due: number | undefined, wake: number): boolean {
  if (mode === 'stay' || picked.lookAgain < Number.POSITIVE_INFINITY) return false;
  return mode === 'once' ? wake > world.now() : due === undefined;
}

/** Waits for the moment given, for the next push, for a transport that has done its work, or for a person to change something. */
async function rest(context: Rounds, picked: Left, wake: number): Promise<void> {
  const { world, drop, lock, outbox, workplaces, dispatcher, signal } = context;
  const what =
    wake < Number.POSITIVE_INFINITY ? `next try at ${new Date(wake).toISOString()}` : 'waiting for pushes';
  if (!dispatcher.isBusy()) world.progress(`${what}; Ctrl-C stops the worker`);
  const longest = picked.held.size > 0 || dispatcher.isBusy() ? HELD_WAIT : HOUR;
  const timeout = Math.min(wake - world.now(), longest);
  const isNew = async () =>
    (await drop.names()).some(name => !picked.held.has(name) && !picked.waiting.has(name));
  const isWanted = async () =>
    dispatcher.hasEnded() ||
    !lock.isInPlace() ||
    workplaces.changed() ||
    (await outbox.nudged()) ||
    (await isNew());
  await waitUntil(isWanted, { watch: [drop.watch, outbox.watch, dispatcher.watch], timeout, signal });
}
