import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { openPlain, unlessMissing } from '../../disk/durable.ts';
import { type Damaged, inSpool, unlessLost } from '../../disk/spool-fault.ts';
import { fault } from '../../errors.ts';
import type { JournalEvent, OutboxEntry } from '../../model/outbox-entry.ts';
import type { EntryState } from '../entry-state.ts';
import { foldJournal, withEvents } from '../fold-journal.ts';
import type { Appended, EntryRef, StoredBytes } from '../outbox.ts';
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
  /** As of the last `record` or `append`. */
  state(): EntryState;
  /** Durable when it resolves. */
  record(events: readonly JournalEvent[]): Promise<EntryState>;
  append(events: readonly JournalEvent[]): Promise<Appended>;
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
  let journal: JournalFile | Damaged | undefined;
  try {
    journal = await openItsJournal(spool, ref);
    if (journal && !('damaged' in journal)) return entryFolder(ref, document.entry, journal, mails);
    return journal;
  } finally {
    if (!journal || 'damaged' in journal) closeMails(mails);
  }
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
    if (mails === undefined && (await locate(spool, name))?.place !== ref.place) continue;
    try {
      return await readFrom(mails, entry, number);
    } finally {
      closeMails(mails);
    }
  }
  throw fault.entryGone(entry.number, entry.push.id);
}

function entryFolder(ref: EntryRef, entry: OutboxEntry, journal: JournalFile, mails: Mails): EntryFolder {
  let state = foldJournal(entry, journal.found.events, journal.found.unreadable);

  async function append(events: readonly JournalEvent[]): Promise<Appended> {
    const { whole, durable } = await journal.append(events);
    state = whole ? foldJournal(entry, whole.events, whole.unreadable) : withEvents(state, events);
    return { state, durable };
  }

  async function record(events: readonly JournalEvent[]): Promise<EntryState> {
    const appended = await append(events);
    await appended.durable;
    return appended.state;
  }

  async function close(): Promise<void> {
    closeMails(mails);
    await journal.close();
  }

  const readMail = (number: number) => readFrom(mails, entry, number);
  return { ref, entry, state: () => state, record, append, readMail, close };
}

/** The descriptor of an open file of mails; undefined or the reason where there is none. */
type Mails = number | Damaged | undefined;

function openMails(spool: Spool, ref: EntryRef): Promise<Mails> {
  const path = join(entryPath(spool, ref), MAILS);
  const opened = async () => openPlain(path);
  return inSpool(path, () => unlessLost('the file of mails', opened().catch(unlessMissing(undefined))));
}

function closeMails(mails: Mails): void {
  if (typeof mails === 'number') closeSync(mails);
}

/** Without the journal nobody can tell what was sent: that is for a person. */
function openItsJournal(spool: Spool, ref: EntryRef): Promise<JournalFile | Damaged | undefined> {
  const path = join(entryPath(spool, ref), JOURNAL);
  const opened = async () => openJournal(path, spool.rights.file);
  return inSpool(path, () => unlessLost(`its ${JOURNAL}`, opened().catch(unlessMissing(undefined))));
}

async function readFrom(mails: Mails, entry: OutboxEntry, number: number): Promise<StoredBytes> {
  const mail = entry.mails[number - 1];
  if (!mail) throw new Error(`push ${entry.push.id} has no mail ${number}`);
  const found =
    typeof mails === 'number'
      ? await unlessLost('it', readStored(mails, mail))
      : (mails ?? { damaged: 'the file of mails is missing' });
  if ('bytes' in found) return found;
  return { damaged: `refpost cannot send this mail: it was damaged in the spool (${found.damaged})` };
}
