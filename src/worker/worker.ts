import { createSpool, refuseForeignSpool } from '../disk/create-spool.ts';
import { openDrop } from '../drop/drop.ts';
import { keptRecords } from '../drop/kept-records.ts';
import { EX, OperatorError } from '../errors.ts';
import type { Override } from '../model/push.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import type { World } from '../model/world.ts';
import { type Lock, takeLock } from '../outbox/directory/lock.ts';
import { databaseIn, serverName } from '../repository/database-of.ts';
import { type OutboxUser, outboxOf } from '../repository/outbox-of.ts';
import type { Tolerated } from '../repository/workplace.ts';
import { openWorkplaces } from '../repository/workplaces.ts';
import { openAlarms } from './alarms.ts';
import { openAway } from './away.ts';
import { openDispatcher } from './dispatch.ts';
import { openLog } from './log.ts';
import { waitingNotes } from './note-waiting.ts';
import { type Rounds, rounds, type Worked, type WorkMode } from './rounds.ts';
import { openTransports } from './transports.ts';

/** What it does of the two: in a fleet, some may only pick up, and others only send. */
type WorkerKind = Exclude<OutboxUser, 'person'>;

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

interface RunOptions {
  readonly user?: WorkerKind;
  /** Settings of this run, of which a sender's transports know. */
  readonly overrides?: readonly Override[];
}

/**
 * The worker: picks up what hooks recorded and delivers what is due. One at a time for a spool. A sender of a fleet has no spool, and by `workplace`
 * the settings outside of repositories, which decide how mails go out whoever queued them.
 */
export async function runWorker(
  world: World,
  workplace: Tolerated,
  mode: WorkMode,
  signal: AbortSignal,
  { user = 'worker', overrides = [] }: RunOptions = {},
): Promise<Worked> {
  const { spool, shared } = workplace;
  const isSender = user === 'sender';
  const drop = openDrop(spool);
  if (!isSender) {
    await createSpool(spool, shared);
    await refuseForeignSpool(spool, shared);
  }
  const log = openLog(world, spoolLayout(spool).log, workplace.config.logFormat);
  let worked: Worked = { ran: false, queued: false, failed: 0, held: new Map() };
  const away = openAway(world, log, mode === 'once', signal);
  const endWatch = workplace.config.outbox && databaseIn(world, workplace).endBy(signal);
  try {
    do {
      const lock = isSender ? NO_LOCK : await takeLock(spool, shared, world.env);
      if (!lock) return worked;
      const outside = isSender ? overrides : undefined;
      const parts = { world, workplace, drop, log, signal, lock, mode, user, outside };
      const done = await away.through(() => work(parts, away.isBack)).finally(lock.release);
      worked = done ?? { ...worked, ran: true, queued: true };
      // A hook may have found the lock taken just before it was given back: its push would wait for the next one.
    } while (!signal.aborted && (await drop.names()).some(name => !worked.held.has(name)));
    return worked;
  } finally {
    endWatch?.();
    log.close();
  }
}

/** Nobody shares anything with a sender but the database. */
const NO_LOCK: Lock = { isInPlace: () => true, release: async () => {} };

interface Parts extends Pick<Rounds, 'world' | 'workplace' | 'drop' | 'log' | 'signal' | 'lock' | 'mode'> {
  readonly user: WorkerKind;
  readonly outside: readonly Override[] | undefined;
}

/** What a server of a fleet keeps and says besides. */
function ofTheFleet({ world, workplace, drop }: Pick<Parts, 'world' | 'workplace' | 'drop'>) {
  const shows = serverName(workplace.config);
  return { kept: keptRecords(workplace.spool), noteWaiting: waitingNotes(world, workplace, drop), shows };
}

/** Opens the outbox, and works on it to the end. */
async function work({ user, outside, ...parts }: Parts, isOpen: () => void): Promise<Worked> {
  const { world, workplace } = parts;
  const workplaces = openWorkplaces(world, outside);
  const placeOf = (repository: string) => workplaces.tolerated(repository, []);
  const opened = {
    ...parts,
    workplaces,
    outbox: await outboxOf(world, workplace, { user, placeOf }),
    transports: openTransports(world, workplaces),
    ...(workplace.config.outbox && user !== 'sender' ? ofTheFleet(parts) : {}),
    retry: workplace.config.retry,
    heldReasons: new Map<string, string>(),
  };
  const alarms = openAlarms(opened);
  const context = { ...opened, log: alarms.log };
  const dispatcher = openDispatcher(context, alarms);
  try {
    return await rounds({ ...context, alarms, dispatcher, isOpen });
  } finally {
    await dispatcher.close().finally(workplaces.close).finally(context.outbox.close);
  }
}
