import { existsSync } from 'node:fs';
import { inSpool } from '../disk/files.ts';
import { EX, fault, OperatorError } from '../errors.ts';
import type { Glance, Status } from '../model/status.ts';
import type { World } from '../model/world.ts';
import { hostOf } from '../repository/host-of.ts';
import { outboxOf } from '../repository/outbox-of.ts';
import type { Tolerated } from '../repository/workplace.ts';
import { statusJson, statusText } from './formats.ts';
import { entriesOf, type Look, readDrop, readEntries, reasonIn } from './look.ts';
import { statusMetrics } from './metrics.ts';
import { type EntryFindings, statusOf } from './status-of.ts';
import { exitCodeOf } from './troubles.ts';

export type StatusFormat = 'text' | 'json' | 'prometheus';

const PROGRAM_FORMATS = { json: statusJson, prometheus: statusMetrics };

/** `refpost status`. Returns the exit code. For programs something is printed in any case: what is gone from a file of metrics raises no alert. */
export async function showStatus(
  world: World,
  open: () => Promise<Tolerated>,
  format: StatusFormat,
  shows?: string,
): Promise<number> {
  let spool: string | undefined;
  try {
    const workplace = await open();
    ({ spool } = workplace);
    const read = await readStatus(world, workplace, { finished: format !== 'text', shows });
    // Which it is a database that is away cannot say.
    const isAway = read.troubles.some(({ kind }) => kind === 'database');
    const host = isAway ? undefined : await hostOf(world, workplace);
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

/** Looks at an outbox beside whatever worker is at it. Only reads. */
export async function readStatus(world: World, place: Tolerated, look: Look = {}): Promise<Status> {
  if (place.config.outbox !== undefined)
    return (await import('./fleet-status.ts')).readFleetStatus(world, place, look);
  const { spool } = place;
  if (!existsSync(spool)) throw fault.noSpool(spool);
  const entries: EntryFindings[] = [];
  let damaged = 0;
  const outbox = await outboxOf(world, place);
  return inSpool(spool, async () => {
    for await (const { findings } of readEntries(entriesOf(outbox, look), world.now(), look))
      if (findings) entries.push(findings);
      else damaged++;
    return statusOf({ ...(await readDrop(world, place)), spool, entries, damaged });
  });
}
