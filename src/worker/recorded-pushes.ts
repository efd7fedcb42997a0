import { join } from 'node:path';
import type { Drop } from '../drop/drop.ts';
import { fault } from '../errors.ts';
import type { Push } from '../model/push.ts';
import { type Log, reasonOf } from './log.ts';

export interface RecordContext {
  readonly drop: Drop;
  readonly log: Log;
  /** Why records are held, by push: each reason is logged once. */
  readonly heldReasons: Map<string, string>;
}

/** The pushes in the drop, by repository. What cannot be read is put aside for a person. */
export async function recordedPushes(
  context: RecordContext,
  held: Map<string, Error>,
): Promise<Map<string, Push[]>> {
  const { drop, log } = context;
  const byRepository = new Map<string, Push[]>();
  const hold = (id: string, reason: Error) => {
    held.set(id, reason);
    logHeld(context, { id }, reason);
  };
  for (const { id, record } of await drop.readAll()) {
    if (record instanceof Error) {
      hold(id, fault.unreadableRecord(id, record));
      continue;
    }
    if ('fault' in record) {
      const kept = await drop.condemn(id, record.fault).catch((error: Error) => error);
      if (kept instanceof Error) hold(id, kept);
      else log('unreadable', { push: id, reason: record.fault, kept: join('drop', 'bad', id) });
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
  { log, heldReasons }: RecordContext,
  push: Pick<Push, 'id'> & Partial<Push>,
  error: Error,
): void {
  const reason = reasonOf(error);
  if (heldReasons.get(push.id) === reason) return;
  heldReasons.set(push.id, reason);
  log('held', { push: push.id, repository: push.repository, reason });
}
