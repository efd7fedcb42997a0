import { chmod, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inSpool, syncFolder, UNFINISHED, writeNew } from '../../disk/files.ts';
import { asctime, type ComposedMail } from '../../model/mail.ts';
import type { OutboxEntry, StoredMail } from '../../model/outbox-entry.ts';
import type { Push } from '../../model/push.ts';
import type { AddOptions, Place } from '../outbox.ts';
import { entryText } from './entry-folder.ts';
import { sha256 } from './sealed-json.ts';
import { ENTRY, entryPath, JOURNAL, MAILS, type Spool } from './spool.ts';

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
  { now, ledger }: AddOptions,
): Promise<{ readonly entry: OutboxEntry; readonly place: Place }> {
  const folder = join(spool.layout.queue, `${UNFINISHED}${number}`);
  const { rights } = spool;
  try {
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
    const place = stored.length === 0 ? 'done' : 'queue';
    const path = entryPath(spool, { place, number, id: push.id });
    await inSpool(path, () => rename(folder, path));
    return { entry, place };
  } catch (error) {
    // Gives the space back. Should this fail too, the next worker sweeps it.
    await rm(folder, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}

/**
 * Writes the mails of a push one after another into a new file, durably, and returns where each lies. Only one mail is in
 * memory at a time. Before each stands a separator line, so that `less` and `mutt -f` open the file as a mailbox:
 *
 *     From refpost@example.org Sat Nov 22 11:30:00 2026
 *
 * What is stored is what is sent, so nothing inside a mail is quoted for the mailbox's sake.
 */
async function writeMails(
  path: string,
  mails: AsyncIterable<ComposedMail>,
  now: number,
  mode: number,
): Promise<StoredMail[]> {
  const file = await inSpool(path, () => open(path, 'wx', mode));
  const stored: StoredMail[] = [];
  let end = 0;
  try {
    await inSpool(path, () => file.chmod(mode));
    for await (const { envelope, messageId, subject, bytes } of mails) {
      const before = separator(envelope.from, now);
      // A blank line before the next separator, or mail programs do not see it.
      const after = bytes.at(-1) === 0x0a ? '\n' : '\n\n';
      const whole = Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
      const offset = end + Buffer.byteLength(before);
      const place = { offset, length: bytes.length, sha256: sha256(bytes) };
      stored.push({ number: stored.length + 1, messageId, subject, envelope, ...place });
      // Not around the loop: what `mails` throws is not the spool's fault.
      await inSpool(path, () => file.writeFile(whole));
      end += whole.length;
    }
    await inSpool(path, () => file.sync());
    return stored;
  } finally {
    await file.close();
  }
}

function separator(from: string, now: number): string {
  const sender = /^\S+$/.test(from) ? from : 'MAILER-DAEMON';
  return `From ${sender} ${asctime(now)}\n`;
}
