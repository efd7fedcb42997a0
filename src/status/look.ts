import { access, constants, statfs } from 'node:fs/promises';
import { errorCode, spoolFault } from '../disk/files.ts';
import { openDrop, recordedAt } from '../drop/drop.ts';
import { fault, type OperatorError } from '../errors.ts';
import { readStartError } from '../hook/worker.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import type { Reason, WorkerStatus } from '../model/status.ts';
import type { World } from '../model/world.ts';
import { holder } from '../outbox/directory/lock.ts';
import type { ListedEntry, Outbox } from '../outbox/outbox.ts';
import { readMirrors } from '../repository/mirror-state.ts';
import type { Tolerated } from '../repository/workplace.ts';
import { type EntryFindings, findingsOf } from './status-of.ts';

export interface Look {
  /** What the administrator is told is not counted. */
  readonly withoutAlarms?: boolean;
  /** Whether finished pushes are read too: only programs want to know how much was sent. */
  readonly finished?: boolean;
  /** In a fleet: what concerns this server alone. */
  readonly shows?: string | undefined;
}

/** The entries of an outbox of which a status tells. */
export async function* entriesOf(outbox: Outbox, { finished = false }: Look): AsyncGenerator<ListedEntry> {
  for (const place of ['queue', 'failed', ...(finished ? (['done'] as const) : [])] as const)
    yield* outbox.entries(place);
}

/** Entries as findings; without them where one is damaged, which is of no concern once it is finished. */
export async function* readEntries(
  entries: AsyncIterable<ListedEntry>,
  now: number,
  { withoutAlarms = false }: Look,
): AsyncGenerator<{ readonly server?: string | undefined; readonly findings?: EntryFindings }> {
  for await (const listed of entries)
    if (listed.damaged !== undefined) {
      if (listed.ref.place !== 'done') yield {};
    } else if (!withoutAlarms || listed.entry.push.kind !== 'alarm')
      yield { server: listed.entry.server, findings: findingsOf(listed, now) };
}

/** What is in a spool besides the outbox: records, the worker, the disk. */
export async function readDrop(world: World, { spool, config, wrong }: Tolerated) {
  const drop = openDrop(spool);
  const disk = await diskFault(spool);
  const startError = readStartError(spoolLayout(spool));
  const recorded = await drop.names();
  const reasons = await drop.held();
  return {
    now: world.now(),
    worker: { ...(await workerOf(spool, config.worker)), ...(startError ? { startError } : {}) },
    warnAfter: config.warnAfter,
    recorded: recorded.map(recordedAt),
    held: [...reasons].flatMap(([push, reason]) => (recorded.includes(push) ? [{ push, ...reason }] : [])),
    unreadable: (await drop.condemned()).length,
    mirrors: await readMirrors(spool),
    settings: wrong && reasonIn(wrong),
    disk: disk && reasonIn(disk),
  };
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

export function reasonIn({ message, remedy }: OperatorError): Reason {
  return { what: message, remedy };
}
