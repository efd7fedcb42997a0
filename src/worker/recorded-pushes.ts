import { join } from 'node:path';
import { inSpool } from '../disk/spool-fault.ts';
import { condemnRecord, listRecords, readRecord } from '../drop/drop.ts';
import { fault } from '../errors.ts';
import type { Push } from '../model/push.ts';
import type { SpoolLayout } from '../model/spool-layout.ts';
import { type Log, reasonOf } from './log.ts';

export interface RecordDoors {
  readonly layout: SpoolLayout;
  readonly log: Log;
  /** Why records are held, by push: each reason is logged once. */
  readonly heldReasons: Map<string, string>;
}

/** The pushes in the drop directory, by repository. What cannot be read is put aside for a person. */
export async function recordedPushes(
  doors: RecordDoors,
  held: Map<string, Error>,
): Promise<Map<string, Push[]>> {
  const { layout, log } = doors;
  const byRepository = new Map<string, Push[]>();
  const hold = (id: string, reason: Error) => {
    held.set(id, reason);
    logHeld(doors, { id, repository: layout.root }, reason);
  };
  for (const id of await inSpool(layout.dropNew, () => listRecords(layout))) {
    const record = await readRecord(layout, id).catch((error: Error) => error);
    if (record instanceof Error) {
      hold(id, fault.unreadableRecord(join(layout.dropNew, id), record));
      continue;
    }
    if ('fault' in record) {
      const kept = await inSpool(layout.dropBad, () => condemnRecord(layout, id, record.fault)).catch(
        (error: Error) => error,
      );
      if (kept instanceof Error) hold(id, kept);
      else log('unreadable', { push: id, reason: record.fault, kept: layout.dropBad });
      continue;
    }
    for (const complaint of record.complaints) log('complaint', { push: id, reason: complaint });
    const { repository } = record.push;
    const pushes = byRepository.get(repository);
    if (pushes) pushes.push(record.push);
    else byRepository.set(repository, [record.push]);
  }
  return byRepository;
}

/** Says once why a push is held. */
export function logHeld(
  { log, heldReasons }: RecordDoors,
  push: Pick<Push, 'id' | 'repository'>,
  error: Error,
): void {
  const reason = reasonOf(error);
  if (heldReasons.get(push.id) === reason) return;
  heldReasons.set(push.id, reason);
  log('held', { push: push.id, repository: push.repository, reason });
}
