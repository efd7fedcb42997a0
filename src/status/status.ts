import { existsSync } from 'node:fs';
import { openDrop } from '../drop/drop.ts';
import { recordedAt } from '../drop/push-id.ts';
import { EX, fault } from '../errors.ts';
import type { Status, Trouble, WorkerStatus } from '../model/status.ts';
import type { World } from '../model/world.ts';
import { holder } from '../outbox/directory/lock.ts';
import { openOutbox } from '../outbox/directory/open-outbox.ts';
import type { ListedEntry } from '../outbox/outbox.ts';
import type { Workplace } from '../repository/workplace.ts';
import { statusJson } from './json.ts';
import { statusMetrics } from './prometheus.ts';
import { type Findings, findingsOf, statusOf } from './status-of.ts';
import { statusText } from './text.ts';

export type StatusFormat = 'text' | 'json' | 'prometheus';

const PRINTERS: Readonly<Record<StatusFormat, (status: Status) => string>> = {
  text: statusText,
  json: statusJson,
  prometheus: statusMetrics,
};

/** By trouble: `waiting` may mend itself, the others want a person. */
const EXIT_CODES: Readonly<Record<Trouble, number>> = {
  'given-up': EX.UNAVAILABLE,
  unreadable: EX.UNAVAILABLE,
  'no-worker': EX.UNAVAILABLE,
  waiting: EX.TEMPFAIL,
};

/** `refpost status`: how the outbox is doing. Returns the exit code for a monitoring check. */
export async function showStatus(world: World, workplace: Workplace, format: StatusFormat): Promise<number> {
  const status = await readStatus(world, workplace);
  world.stdout.write(PRINTERS[format](status));
  const worst = status.troubles[0];
  return worst === undefined ? EX.OK : EXIT_CODES[worst];
}

/**
 * Looks at an outbox beside whatever worker is at it. Only reads.
 * @param isMeant leaves out the other entries
 */
export async function readStatus(
  world: World,
  { spool, shared, config }: Workplace,
  isMeant: (listed: ListedEntry) => boolean = () => true,
): Promise<Status> {
  if (!existsSync(spool)) throw fault.noSpool(spool);
  const now = world.now();
  const drop = openDrop(spool);
  const outbox = openOutbox(spool, shared);
  const entries: Findings['entries'][number][] = [];
  for (const place of ['queue', 'failed'] as const) {
    for await (const listed of outbox.entries(place)) {
      if (isMeant(listed)) entries.push(findingsOf(listed, now));
    }
  }
  return statusOf({
    spool,
    now,
    worker: await workerOf(spool, config.worker),
    warnAfter: config.warnAfter,
    recorded: (await drop.names()).map(recordedAt),
    unreadable: (await drop.condemned()).length,
    entries,
  });
}

async function workerOf(spool: string, startedBy: WorkerStatus['startedBy']): Promise<WorkerStatus> {
  const found = await holder(spool);
  if (!found || found.alive === false) return { state: 'none', startedBy };
  const { pid, host, alive } = found;
  return { state: alive ? 'running' : 'unknown', pid, host, startedBy };
}
