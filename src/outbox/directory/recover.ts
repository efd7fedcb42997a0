import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inSpool, syncFolder, UNFINISHED } from '../../disk/files.ts';
import type { OutboxEntry } from '../../model/outbox-entry.ts';
import type { EntryRef } from '../outbox.ts';
import { applyMove, ledgerBehind } from './ledger-file.ts';
import { readDocument } from './read-entry.ts';
import type { Spool } from './spool.ts';

/**
 * Brings the ledgers up to date from entries that were stored, but whose move is not in their ledger yet. Returns
 * those entries, in order.
 *
 * Only the newest can be such an entry. A worker applies a move before `add` returns and before it stores
 * anything else; workers follow one another by the lock; numbers only grow; and `prune` never takes the newest.
 * So this reads from the newest down to the first that has nothing missing from its ledger: all below is older. Damaged
 * ones prove nothing and are passed. With 10,000 entries, it still opens one or two.
 */
export async function applyNewest(spool: Spool, refs: readonly EntryRef[]): Promise<OutboxEntry[]> {
  // What the dead worker renamed may not be on the disk yet, and its record will be removed on our word.
  for (const folder of [spool.layout.queue, spool.layout.done])
    await inSpool(folder, () => syncFolder(folder));
  const missing: OutboxEntry[] = [];
  for (const ref of refs) {
    const document = await readDocument(spool, ref);
    if (!document || 'damaged' in document) continue;
    if (!(await ledgerBehind(spool, document.entry))) break;
    missing.unshift(document.entry);
  }
  for (const entry of missing) await applyMove(spool, entry);
  return missing;
}

/** Removes what a dead worker was building or removing; returns how many of them there were. */
export async function sweep({ layout }: Spool): Promise<number> {
  let swept = 0;
  for (const folder of [layout.queue, layout.done, layout.ledger]) {
    const names = await inSpool(folder, () => readdir(folder));
    const left = names.filter(name => name.startsWith(UNFINISHED)).map(name => join(folder, name));
    for (const path of left) await inSpool(path, () => rm(path, { recursive: true, force: true }));
    swept += left.length;
  }
  return swept;
}
