import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, UNFINISHED, writeNew } from '../../disk/durable.ts';
import { inSpool } from '../../disk/spool-fault.ts';
import type { ComposedMail } from '../../model/mail.ts';
import type { OutboxEntry } from '../../model/outbox-entry.ts';
import type { Push } from '../../model/push.ts';
import type { AddOptions, Place } from '../outbox.ts';
import { ENTRY, entryText, JOURNAL, MAILS } from './entry-document.ts';
import { writeMails } from './mails-file.ts';
import { entryPath, type Spool } from './spool.ts';

/**
 * Stores a push as entry `number`. All is written and synced in a folder that nobody looks at; the rename to its final name is
 * the moment from which the push is stored. Returns the place: a push without mails has nothing to wait for.
 * The caller syncs that place. Whatever fails before the rename leaves nothing behind.
 */
export async function buildEntry(
  spool: Spool,
  number: number,
  push: Push,
  mails: AsyncIterable<ComposedMail>,
  options: AddOptions,
): Promise<{ readonly entry: OutboxEntry; readonly place: Place }> {
  const folder = join(spool.layout.queue, `${UNFINISHED}${number}`);
  try {
    const entry = await fill(spool, folder, number, push, mails, options);
    const place = entry.mails.length === 0 ? 'done' : 'queue';
    const path = entryPath(spool, { place, number, id: push.id });
    await inSpool(path, () => rename(folder, path));
    return { entry, place };
  } catch (error) {
    // Gives the space back. Should this fail too, the next worker sweeps it.
    await rm(folder, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}

async function fill(
  spool: Spool,
  folder: string,
  number: number,
  push: Push,
  mails: AsyncIterable<ComposedMail>,
  { now, ledger }: AddOptions,
): Promise<OutboxEntry> {
  const { rights } = spool;
  await inSpool(folder, async () => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, rights.folder);
    await chmod(folder, rights.folder);
  });
  const stored = await writeMails(join(folder, MAILS), mails, now, rights.file);
  const entry = { number, push, queuedAt: now, mails: stored, ...(ledger && { ledger }) };
  await inSpool(folder, async () => {
    await writeNew(join(folder, JOURNAL), '', rights.file);
    await writeNew(join(folder, ENTRY), entryText(entry), rights.file);
    await syncFolder(folder);
  });
  return entry;
}
