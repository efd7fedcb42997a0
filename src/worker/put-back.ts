import type { KeptRecords } from '../drop/kept-records.ts';
import type { WorkerContext } from './context.ts';

/**
 * A database that was restored from a copy, or failed over to a server that lagged, has lost the pushes that were stored after the copy was made,
 * and their records are no longer in the drop. So they are kept for some days. What the database does not know of them waits in the drop again: it becomes
 * the same mails, with the same Message-IDs. What was stored in another database, or under another name of this server, is not lost.
 * @param recent so many of the last ones are asked for, and all only where one of these is lost
 */
export async function putBackLost(
  kept: KeptRecords,
  { outbox, log }: Pick<WorkerContext, 'outbox' | 'log'>,
  recent = Number.POSITIVE_INFINITY,
): Promise<void> {
  const ids = await kept.ids(await outbox.home());
  if (ids.length === 0 || (await outbox.lacks(ids.slice(-recent))).length === 0) return;
  const lost = await outbox.lacks(ids);
  log('restored', { pushes: lost.length, first: lost[0], last: lost.at(-1) });
  await kept.putBack(new Set(lost));
}
