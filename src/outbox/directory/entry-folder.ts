import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { closingOnError, type Damaged, inSpool, unlessAbsent, unlessLost } from '../../disk/spool-fault.ts';
import { fault } from '../../errors.ts';
import type { JournalEvent, OutboxEntry } from '../../model/outbox-entry.ts';
import type { EntryState } from '../entry-state.ts';
import { foldJournal, withEvents } from '../fold-journal.ts';
import type { EntryRef, Jotted, StoredBytes } from '../outbox.ts';
import { JOURNAL, MAILS } from './entry-document.ts';
import type { EntryName } from './entry-name.ts';
import { type JournalFile, openJournal } from './journal-file.ts';
import { readStored } from './mails-file.ts';
import { locate } from './move-entry.ts';
import { readDocument } from './read-entry.ts';
import { entryPath, type Spool } from './spool.ts';

/**
 * An entry at hand: its files are open, so it can be worked on even if a person moves it elsewhere meanwhile.
 * To be closed.
 */
export interface EntryFolder {
  readonly damaged?: undefined;
  readonly ref: EntryRef;
  readonly entry: OutboxEntry;
  /** As of the last `record` or `jot`. */
  state(): EntryState;
  /** Durable when it resolves. */
  record(events: readonly JournalEvent[]): Promise<EntryState>;
  jot(events: readonly JournalEvent[]): Promise<Jotted>;
  readMail(number: number): Promise<StoredBytes>;
  close(): Promise<void>;
}

/** Opens an entry for work. undefined if it is not there (any more). @param known what it says, if that was read already */
export async function openEntry(
  spool: Spool,
  ref: EntryRef,
  known?: OutboxEntry,
): Promise<EntryFolder | Damaged | undefined> {
  const document = known ? { entry: known } : await readDocument(spool, ref);
  if (!document || 'damaged' in document) return document;
  // The journal last: only in a folder that is still there can it be opened, and then the mails are missing if they seem so.
  const mails = await openMails(spool, ref);
  const journal = await closingOnError(mails, openItsJournal(spool, ref));
  if (journal && !('damaged' in journal)) return entryFolder(ref, document.entry, journal, mails);
  await mails?.close();
  return journal;
}

/** Opens an entry wherever it is, even if it is being moved about. undefined if it is gone. */
export async function openWherever(
  spool: Spool,
  name: EntryName,
): Promise<EntryFolder | Damaged | undefined> {
  for (let ref = await locate(spool, name); ref; ref = await locate(spool, name)) {
    const opened = await openEntry(spool, ref);
    if (opened) return opened;
  }
  return undefined;
}

/** One mail of an entry that is not at hand. Needs no right to write. */
export async function readMailOf(spool: Spool, entry: OutboxEntry, number: number): Promise<StoredBytes> {
  const name = { number: entry.number, id: entry.push.id };
  for (let ref = await locate(spool, name); ref; ref = await locate(spool, name)) {
    const mails = await openMails(spool, ref);
    if (!mails && (await locate(spool, name))?.place !== ref.place) continue;
    try {
      return await readFrom(mails, entry, number);
    } finally {
      await mails?.close();
    }
  }
  throw fault.entryGone(entry.number, entry.push.id);
}

function entryFolder(
  ref: EntryRef,
  entry: OutboxEntry,
  journal: JournalFile,
  mails: FileHandle | undefined,
): EntryFolder {
  let state = foldJournal(entry, journal.found.events, journal.found.unreadable);

  async function jot(events: readonly JournalEvent[]): Promise<Jotted> {
    const { whole, durable } = await journal.append(events);
    state = whole ? foldJournal(entry, whole.events, whole.unreadable) : withEvents(state, events);
    return { state, durable };
  }

  async function record(events: readonly JournalEvent[]): Promise<EntryState> {
    const jotted = await jot(events);
    await jotted.durable;
    return jotted.state;
  }

  async function close(): Promise<void> {
    await Promise.all([journal.close(), mails?.close()]);
  }

  const readMail = (number: number) => readFrom(mails, entry, number);
  return { ref, entry, state: () => state, record, jot, readMail, close };
}

function openMails(spool: Spool, ref: EntryRef): Promise<FileHandle | undefined> {
  const path = join(entryPath(spool, ref), MAILS);
  return inSpool(path, () => unlessAbsent(open(path, 'r')));
}

/** Without the journal nobody can tell what was sent: that is for a person. */
function openItsJournal(spool: Spool, ref: EntryRef): Promise<JournalFile | Damaged | undefined> {
  const path = join(entryPath(spool, ref), JOURNAL);
  return inSpool(path, () =>
    unlessLost(`its ${JOURNAL}`, unlessAbsent(openJournal(path, spool.rights.file))),
  );
}

async function readFrom(
  mails: FileHandle | undefined,
  entry: OutboxEntry,
  number: number,
): Promise<StoredBytes> {
  const mail = entry.mails[number - 1];
  if (!mail) throw new Error(`push ${entry.push.id} has no mail ${number}`);
  const found = mails
    ? await unlessLost('it', readStored(mails, mail))
    : { damaged: 'the file of mails is missing' };
  if ('bytes' in found) return found;
  return { damaged: `refpost cannot send this mail: it was damaged in the spool (${found.damaged})` };
}
