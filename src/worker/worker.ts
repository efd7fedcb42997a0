import { createSpool, refuseForeignSpool } from '../disk/create-spool.ts';
import { recordNames, sweepDrop } from '../drop/drop.ts';
import { watchDrop } from '../drop/watch-drop.ts';
import { EX, OperatorError } from '../errors.ts';
import { type SpoolLayout, spoolLayout } from '../model/spool-layout.ts';
import type { World } from '../model/world.ts';
import { holder, takeLock } from '../outbox/directory/lock.ts';
import { openOutbox } from '../outbox/directory/open-outbox.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Workplace } from '../repository/workplace.ts';
import { type Alarms, openAlarms } from './alarms.ts';
import { deliver } from './deliver.ts';
import { type Log, openLog } from './log.ts';
import { type TakenIn, takeIn } from './pick-up.ts';
import { openWays, type Ways } from './transports.ts';

/**
 * `once`: until nothing is due. `drain`: until nothing is left in the queue, waiting for what was put off; what
 * the hook starts. `stay`: until told to stop; a service.
 */
export type WorkMode = 'once' | 'drain' | 'stay';

/** What the worker leaves behind. */
export interface Worked {
  /** False if another worker was at it. */
  readonly ran: boolean;
  /** True if pushes are left in the queue. */
  readonly queued: boolean;
  /** Recorded pushes that could not be taken in, and why. */
  readonly held: ReadonlyMap<string, Error>;
}

/** How often finished pushes are looked through for old ones, in milliseconds. */
const HOUR = 3_600_000;
/** The wait where what is due is kept back by wrong settings, in milliseconds. */
const HELD_WAIT = 30_000;

/**
 * Loads what makes mails. A worker that may rest has it done before it begins, and not when the first push comes: an upgrade may
 * take the files away meanwhile. To one that only empties a queue it would be an eighth of its start.
 */
export async function loadMakers(): Promise<void> {
  await Promise.all([import('./pick-up-repository.ts'), import('./alarm-mails.ts')]);
}

/** The exit code that tells how a worker ended (sysexits(3)). */
export function exitCodeOf({ queued, held }: Worked): number {
  for (const error of held.values()) {
    if (error instanceof OperatorError) return error.exitCode;
    return EX.SOFTWARE;
  }
  return queued ? EX.TEMPFAIL : EX.OK;
}

/** The worker: takes in what hooks recorded and delivers what is due. One at a time for a spool. */
export async function work(
  world: World,
  workplace: Workplace,
  mode: WorkMode,
  signal: AbortSignal,
): Promise<Worked> {
  const { spool, shared } = workplace;
  const layout = spoolLayout(spool);
  await createSpool(spool, shared);
  await refuseForeignSpool(spool);
  let worked: Worked = { ran: false, queued: false, held: new Map() };
  do {
    const lock = await takeLock(spool, shared, world.env);
    if (!lock) return worked;
    const outbox = openOutbox(spool, shared);
    const ways = openWays(world);
    const log = openLog(world, layout.log, workplace.config.logFormat);
    try {
      worked = await rounds({
        world,
        layout,
        outbox,
        ways,
        alarms: openAlarms({ world, outbox, workplace, log }),
        log,
        workplace,
        mode,
        signal,
      });
    } finally {
      await ways.close();
      await outbox.close();
      await lock.release();
    }
    // A hook may have found the lock taken just before it was given back: its push would wait for the next one.
  } while (!signal.aborted && (await recordNames(layout)).some(name => !worked.held.has(name)));
  return worked;
}

/** The sentence for a person who starts a second worker. */
export async function otherWorker({ spool }: Workplace): Promise<string> {
  const other = await holder(spool);
  return `another worker${other ? ` (process ${other.pid} on ${other.host})` : ''} is at work on ${spool}`;
}

interface Workshop {
  readonly world: World;
  readonly layout: SpoolLayout;
  readonly outbox: Outbox;
  readonly ways: Ways;
  readonly alarms: Alarms;
  readonly log: Log;
  readonly workplace: Workplace;
  readonly mode: WorkMode;
  readonly signal: AbortSignal;
}

async function rounds(shop: Workshop): Promise<Worked> {
  const { world, outbox, signal } = shop;
  const heldReasons = new Map<string, string>();
  let tidied = Number.NEGATIVE_INFINITY;
  await recover(shop);
  for (;;) {
    if (world.now() - tidied > HOUR) {
      tidied = world.now();
      await tidy(shop);
    }
    const takenIn = await takeIn({ ...shop, heldReasons });
    const begun = world.now();
    if (shop.ways.allHeldUntil() === undefined) await deliver({ ...shop, interrupted: () => signal.aborted });
    await shop.alarms.watch();
    if (shop.alarms.raised() && !signal.aborted) continue;
    const due = await outbox.nextDue();
    const wake = Math.min(takenIn.lookAgain, wakeForQueue(shop, due, begun));
    if (signal.aborted || isOver(shop, takenIn, due, wake)) {
      return { ran: true, queued: due !== undefined, held: takenIn.held };
    }
    if (wake > world.now()) await rest(shop, takenIn, wake);
  }
}

async function recover({ outbox, log }: Workshop): Promise<void> {
  const { applied, swept } = await outbox.recover();
  for (const entry of applied) log('recovered', { push: entry.push.id, entry: entry.number });
  if (swept > 0) log('swept', { leftovers: swept });
}

async function tidy({ world, layout, outbox, workplace }: Workshop): Promise<void> {
  await sweepDrop(layout, world.now());
  await outbox.prune(world.now(), workplace.config.keepDays);
}

/** When the queue wants another round. What is due and yet was not offered waits for its way out to open. */
function wakeForQueue({ world, ways }: Workshop, due: number | undefined, begun: number): number {
  if (due === undefined) return Number.POSITIVE_INFINITY;
  return due > begun ? due : (ways.nextOpening() ?? world.now() + HELD_WAIT);
}

function isOver({ world, mode }: Workshop, takenIn: TakenIn, due: number | undefined, wake: number): boolean {
  if (mode === 'stay' || takenIn.lookAgain < Number.POSITIVE_INFINITY) return false;
  return mode === 'once' ? wake > world.now() : due === undefined;
}

/** Waits for the moment given, or for the next push. Settings may have been changed meanwhile. */
async function rest(shop: Workshop, takenIn: TakenIn, wake: number): Promise<void> {
  const { world, layout, signal, ways } = shop;
  const longest = takenIn.held.size > 0 ? HELD_WAIT : HOUR;
  await watchDrop(layout, { seen: takenIn.seen, timeout: Math.min(wake - world.now(), longest), signal });
  ways.forgetSettings();
}
