import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UNFINISHED, unlessMissing } from '../../disk/durable.ts';
import { inSpool } from '../../disk/spool-fault.ts';
import type { EntryRef } from '../outbox.ts';
import { JOURNAL } from './entry-document.ts';
import { listEntries } from './entry-name.ts';
import { entryPath, type Spool } from './spool.ts';

const DAY = 24 * 60 * 60 * 1000;

/**
 * Removes from `done/` what was finished `keepDays` ago or longer; returns how many. The entry `newest` stays
 * however old it is: the next number is counted from it. The walk ends at the first entry that is to be kept, so that
 * it costs no more than what it removes; one behind it waits until then.
 */
export async function pruneDone(
  spool: Spool,
  now: number,
  keepDays: number,
  newest: number,
): Promise<number> {
  let pruned = 0;
  for (const name of await listEntries(spool.layout.done)) {
    const ref: EntryRef = { place: 'done', ...name };
    if (name.number === newest || now - (await finishedAt(spool, ref)) < keepDays * DAY) break;
    await remove(spool, ref);
    pruned++;
  }
  return pruned;
}

/** The journal is written last when the last mail is settled. */
async function finishedAt(spool: Spool, ref: EntryRef): Promise<number> {
  const path = entryPath(spool, ref);
  const journal = await inSpool(path, () => stat(join(path, JOURNAL)).catch(unlessMissing(undefined)));
  return (journal ?? (await inSpool(path, () => stat(path)))).mtimeMs;
}

/** Out of sight first: an entry is there with all its files, or it is not. */
async function remove(spool: Spool, ref: EntryRef): Promise<void> {
  const path = entryPath(spool, ref);
  const leaving = join(spool.layout.done, `${UNFINISHED}${ref.number}`);
  await inSpool(path, async () => {
    await rename(path, leaving);
    await rm(leaving, { recursive: true, force: true });
  });
}
