import { existsSync } from 'node:fs';
import { access, constants, statfs } from 'node:fs/promises';
import { errorCode, inSpool, spoolFault } from '../disk/files.ts';
import { openDrop, recordedAt } from '../drop/drop.ts';
import { EX, fault, OperatorError } from '../errors.ts';
import { readStartError } from '../hook/worker.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import type { Glance, Reason, Status, WorkerStatus } from '../model/status.ts';
import type { World } from '../model/world.ts';
import { holder } from '../outbox/directory/lock.ts';
import { openOutbox } from '../outbox/directory/open-outbox.ts';
import type { ListedEntry } from '../outbox/outbox.ts';
import { hostOf } from '../repository/host-of.ts';
import { readMirrors } from '../repository/mirror-state.ts';
import type { Tolerated } from '../repository/workplace.ts';
import { statusJson, statusMetrics, statusText } from './formats.ts';
import { type EntryFindings, findingsOf, statusOf } from './status-of.ts';
import { exitCodeOf } from './troubles.ts';

export type StatusFormat = 'text' | 'json' | 'prometheus';

const PROGRAM_FORMATS = { json: statusJson, prometheus: statusMetrics };

/** `refpost status`. Returns the exit code. For programs something is printed in any case: what is gone from a file of metrics raises no alert. */
export async function showStatus(
  world: World,
  open: () => Promise<Tolerated>,
  format: StatusFormat,
): Promise<number> {
  let spool: string | undefined;
  try {
    const workplace = await open();
    ({ spool } = workplace);
    const host = await hostOf(world, workplace);
    const read = await readStatus(world, workplace, { finished: format !== 'text' });
    const status = { ...read, ...(host ? { host: host.title } : {}) };
    world.stdout.write(format === 'text' ? statusText(status) : PROGRAM_FORMATS[format](status));
    return exitCodeOf(status.troubles);
  } catch (error) {
    if (format !== 'text') world.stdout.write(PROGRAM_FORMATS[format](glance(error, world.now(), spool)));
    throw error;
  }
}

function glance(error: unknown, at: number, spool: string | undefined): Glance {
  const kind = error instanceof OperatorError && error.exitCode === EX.CONFIG ? 'settings' : 'outbox';
  const reason =
    error instanceof OperatorError ? reasonIn(error) : { what: String(error), remedy: 'please report this' };
  return { ...(spool === undefined ? {} : { spool }), at, troubles: [{ kind, ...reason }] };
}

interface Look {
  /** Leaves out the other entries. */
  readonly isMeant?: (listed: ListedEntry) => boolean;
  /** Whether finished pushes are read too: only programs want to know how much was sent. */
  readonly finished?: boolean;
}

/** Looks at an outbox beside whatever worker is at it. Only reads. */
export async function readStatus(
  world: World,
  { spool, shared, config, wrong }: Pick<Tolerated, 'spool' | 'shared' | 'config' | 'wrong'>,
  { isMeant = () => true, finished = false }: Look = {},
): Promise<Status> {
  if (!existsSync(spool)) throw fault.noSpool(spool);
  const now = world.now();
  const drop = openDrop(spool);
  const outbox = openOutbox(spool, shared);
  return inSpool(spool, async () => {
    const disk = await diskFault(spool);
    const entries: EntryFindings[] = [];
    let damaged = 0;
    for (const place of ['queue', 'failed', ...(finished ? (['done'] as const) : [])] as const) {
      for await (const listed of outbox.entries(place)) {
        if (!isMeant(listed)) continue;
        if (listed.damaged === undefined) entries.push(findingsOf(listed, now));
        else if (place !== 'done') damaged++;
      }
    }
    const startError = readStartError(spoolLayout(spool));
    const recorded = await drop.names();
    const reasons = await drop.held();
    return statusOf({
      spool,
      now,
      worker: { ...(await workerOf(spool, config.worker)), ...(startError ? { startError } : {}) },
      warnAfter: config.warnAfter,
      recorded: recorded.map(recordedAt),
      held: [...reasons].flatMap(([push, reason]) => (recorded.includes(push) ? [{ push, ...reason }] : [])),
      unreadable: (await drop.condemned()).length,
      entries,
      damaged,
      mirrors: await readMirrors(spool),
      settings: wrong && reasonIn(wrong),
      disk: disk && reasonIn(disk),
    });
  });
}

async function workerOf(spool: string, startedBy: WorkerStatus['startedBy']): Promise<WorkerStatus> {
  const found = await holder(spool);
  if (!found || found.alive === false) return { state: 'none', startedBy };
  const { pid, host, alive } = found;
  return { state: alive ? 'running' : 'unknown', pid, host, startedBy };
}

/** Less than this is full: a record, an entry and its mails want some blocks each. Bytes. */
const LEAST = 64 * 1024;

/** What keeps the disk of a spool from taking anything, found without writing: it is full or read-only. */
export async function diskFault(root: string): Promise<OperatorError | undefined> {
  const denied = await access(root, constants.W_OK).catch((error: unknown) => error);
  // access(2) says so even to root.
  if (errorCode(denied) === 'EROFS') return spoolFault(root, denied) as OperatorError;
  const { bsize, bfree, bavail, files, ffree } = await statfs(root);
  const blocks = process.geteuid?.() === 0 ? bfree : bavail;
  // Some file systems have no fixed number of inodes, and say 0.
  const full = blocks * bsize < LEAST || (files > 0 && ffree === 0);
  return full ? fault.spoolFull(root) : undefined;
}

function reasonIn({ message, remedy }: OperatorError): Reason {
  return { what: message, remedy };
}
