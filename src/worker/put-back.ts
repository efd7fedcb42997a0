import type { KeptRecords } from '../drop/kept-records.ts';
import type { WorkerContext } from './context.ts';

/**
 * A database that was restored from a copy, or failed over to a server that lagged, has lost the pushes that were stored after the copy was made,
 * and their records are no longer in the drop. So they are kept for some days. Where the database does not know the last one, all that it does
 * not know wait in the drop again: they become the same mails, with the same Message-IDs. What was stored in another database, or under another name
 * of this server, is not lost.
 */
export async function putBackLost(
  kept: KeptRecords,
  { outbox, log }: Pick<WorkerContext, 'outbox' | 'log'>,
): Promise<void> {
  const ids = await kept.ids(await outbox.home());
  const last = ids.at(-1);
  if (last === undefined || (await outbox.knows(last))) return;
  const lost: string[] = [];
  for (const id of ids) if (!(await outbox.knows(id))) lost.push(id);
  log('restored', { pushes: lost.length, first: lost[0], last });
  await kept.putBack(new Set(lost));
}
