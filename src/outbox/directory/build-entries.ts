import { chmod, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inSpool, syncFolder, UNFINISHED, writeNew } from '../../disk/files.ts';
import { asctime, type ComposedMail } from '../../model/mail.ts';
import type { JournalEvent, OutboxEntry, StoredMail } from '../../model/outbox-entry.ts';
import type { Push } from '../../model/push.ts';
import { entryText } from '../entry-text.ts';
import { journalLines } from '../journal-lines.ts';
import type { MovingEntry } from '../moving.ts';
import type { AddOptions, Place } from '../outbox.ts';
import { sha256 } from '../sealed-json.ts';
import { ENTRY, entryPath, folderName, JOURNAL, MAILS, type Spool, undividedPath } from './spool.ts';

/** What is stored of a push: an entry for each audience, in the order of their first mails. */
export interface Stored {
  readonly entries: readonly OutboxEntry[];
  readonly place: Place;
}

/**
 * Stores a push as entries, with numbers from `first` on. All is written and synced in folders that nobody looks at; several are put
 * into one folder then. The rename of that one to its final name is the moment from which the push is stored, with all its entries.
 * Returns the place: a push without mails has nothing to wait for. The caller syncs that place, and divides what is several entries.
 * Whatever fails before the rename leaves nothing behind.
 */
export async function buildEntries(
  spool: Spool,
  first: number,
  push: Push,
  mails: AsyncIterable<ComposedMail>,
  { now, ledger }: AddOptions,
): Promise<Stored> {
  const drafts = new Map<string, Draft>();
  const made: string[] = [];
  const folderOf = async (name: string) => {
    const folder = join(spool.layout.queue, `${UNFINISHED}${name}`);
    made.push(folder);
    await makeFolder(folder, spool.rights.folder);
    return folder;
  };
  const start = async (audience: string) => {
    const folder = await folderOf(`${first + drafts.size}`);
    const draft = await openDraft(folder, spool.rights.file, now);
    drafts.set(audience, draft);
    return draft;
  };
  try {
    for await (const mail of mails) {
      const { audience = '' } = mail;
      await (drafts.get(audience) ?? (await start(audience))).append(mail);
    }
    if (drafts.size === 0) await start('');
    const entries = [...drafts].map(([audience, { mails }], index): OutboxEntry => {
      const named = audience === '' ? {} : { audience };
      // The move is in the newest: whoever looks for one that is missing reads from there down.
      const moves = ledger && index === drafts.size - 1 ? { ledger } : {};
      return { number: first + index, push, ...named, queuedAt: now, mails, ...moves };
    });
    // Side by side: the disk takes what comes together in less time. All are waited for, so that nothing is written after one has failed.
    const finishing = [...drafts.values()].map((draft, index) => draft.finish(entries[index] as OutboxEntry));
    await Promise.allSettled(finishing);
    await Promise.all(finishing);
    const place = entries[0]?.mails.length === 0 ? 'done' : 'queue';
    const path = (number: number) => entryPath(spool, { place, number, id: push.id });
    if (entries.length === 1) await commit(made[0] as string, path(first));
    else {
      const whole = await folderOf(`push-${push.id}`);
      await inSpool(whole, async () => {
        for (const [index, { number }] of entries.entries())
          await rename(made[index] as string, join(whole, folderName({ number, id: push.id })));
        await syncFolder(whole);
      });
      await commit(whole, undividedPath(spool, push.id));
    }
    return { entries, place };
  } catch (error) {
    for (const draft of drafts.values()) await draft.close().catch(() => {});
    // Gives the space back. Should this fail too, the next worker sweeps it.
    for (const folder of made) await rm(folder, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}

/** Stores an entry that another outbox had, with its number, in its place and with its journal. `mails` may add to `events` while they are read. */
export async function storeEntry(
  spool: Spool,
  { entry, place }: Pick<MovingEntry, 'entry' | 'place'>,
  mails: AsyncIterable<ComposedMail>,
  events: readonly JournalEvent[],
): Promise<void> {
  const folder = join(spool.layout.queue, `${UNFINISHED}${entry.number}`);
  await makeFolder(folder, spool.rights.folder);
  const draft = await openDraft(folder, spool.rights.file, entry.queuedAt);
  try {
    for await (const mail of mails) await draft.append(mail);
    // The sums stay what they were: a mail that is damaged stays damaged.
    const whole = draft.mails.map((mail, index) => ({ ...mail, sha256: entry.mails[index]?.sha256 ?? '' }));
    await draft.finish({ ...entry, mails: whole }, journalLines(events));
  } catch (error) {
    await draft.close().catch(() => {});
    throw error;
  }
  await commit(folder, entryPath(spool, { place, number: entry.number, id: entry.push.id }));
  await inSpool(spool.layout[place], () => syncFolder(spool.layout[place]));
}

function commit(folder: string, path: string): Promise<void> {
  return inSpool(path, () => rename(folder, path));
}

function makeFolder(folder: string, mode: number): Promise<void> {
  return inSpool(folder, async () => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, mode);
    await chmod(folder, mode);
  });
}

type Draft = Awaited<ReturnType<typeof openDraft>>;

/** Bytes of mails that are written at once: each write is a switch of threads. */
const CHUNK = 1 << 16;

/**
 * An entry that is being made in its folder. Its mails are written one after another into a new file, so that only a few of them are in memory. Before each stands a separator line, so that `less` and `mutt -f` open the file as a mailbox:
 *
 *     From refpost@example.org Sat Nov 22 11:30:00 2026
 *
 * What is stored is what is sent, so nothing inside a mail is quoted for the mailbox's sake.
 */
async function openDraft(folder: string, mode: number, now: number) {
  const path = join(folder, MAILS);
  const file = await inSpool(path, () => open(path, 'wx', mode));
  const mails: StoredMail[] = [];
  let unwritten: Buffer[] = [];
  let [written, end] = [0, 0];
  try {
    await inSpool(path, () => file.chmod(mode));
  } catch (error) {
    await file.close();
    throw error;
  }

  async function append({ envelope, messageId, subject, about, bytes }: ComposedMail): Promise<void> {
    const before = separator(envelope.from, now);
    // A blank line before the next separator, or mail programs do not see it.
    const after = bytes.at(-1) === 0x0a ? '\n' : '\n\n';
    const pieces = [Buffer.from(before), bytes, Buffer.from(after)];
    const offset = end + Buffer.byteLength(before);
    const place = { offset, length: bytes.length, sha256: sha256(bytes) };
    const named = about === undefined ? {} : { about };
    mails.push({ number: mails.length + 1, messageId, subject, ...named, envelope, ...place });
    end = offset + bytes.length + after.length;
    unwritten.push(...pieces);
    if (end - written >= CHUNK) await write();
  }

  async function write(): Promise<void> {
    const chunk = Buffer.concat(unwritten);
    await inSpool(path, () => file.writeFile(chunk));
    unwritten = [];
    written = end;
  }

  /** Durably, with all that belongs to an entry. */
  async function finish(entry: OutboxEntry, journal: string = ''): Promise<void> {
    await write();
    await inSpool(path, () => file.sync());
    await file.close();
    await inSpool(folder, async () => {
      await writeNew(join(folder, JOURNAL), journal, mode);
      await writeNew(join(folder, ENTRY), entryText(entry), mode);
      await syncFolder(folder);
    });
  }

  return { mails: mails as readonly StoredMail[], append, finish, close: () => file.close() };
}

function separator(from: string, now: number): string {
  const sender = /^\S+$/.test(from) ? from : 'MAILER-DAEMON';
  return `From ${sender} ${asctime(now)}\n`;
}
