import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { type Damaged, openPlain, readBytes, readPlain, unlessLost } from '../../disk/files.ts';
import { fault } from '../../errors.ts';
import type { JournalEvent, OutboxEntry, StoredMail } from '../../model/outbox-entry.ts';
import { parseEntry } from '../entry-text.ts';
import { foldJournal, withEvents } from '../fold-journal.ts';
import { parseJournal } from '../journal-lines.ts';
import type { Appended, EntryRef, ListedEntry, StoredBytes } from '../outbox.ts';
import { sha256 } from '../sealed-json.ts';
import { type JournalFile, openJournal } from './journal-file.ts';
import {
  ENTRY,
  entryPath,
  type FolderRef,
  isThere,
  JOURNAL,
  locate,
  MAILS,
  type Spool,
  wherever,
} from './spool.ts';

/** An entry and its state as they are on the disk; undefined if there is none. Needs no right to write. @param known what its document says, if that is known */
export async function readEntry(
  spool: Spool,
  ref: FolderRef,
  known?: OutboxEntry,
): Promise<ListedEntry | undefined> {
  const read = await readEvents(spool, ref, known);
  if (!read || 'damaged' in read) return read && { ref, ...read };
  const { entry, events, unreadable } = read;
  return { ref, entry, state: foldJournal(entry, events, unreadable) };
}

/** The same with what has happened to it, one thing after another. */
export async function readEvents(spool: Spool, ref: FolderRef, known?: OutboxEntry) {
  const document = known ? { entry: known } : await readDocument(spool, ref);
  if (!document || 'damaged' in document) return document;
  const text = await readText(join(entryPath(spool, ref), JOURNAL), `its ${JOURNAL}`);
  return typeof text === 'object' ? text : { ...document, ...parseJournal(text ?? '') };
}

/** An entry without its state. */
export async function readDocument(
  spool: Spool,
  ref: FolderRef,
): Promise<{ readonly entry: OutboxEntry } | Damaged | undefined> {
  const text = await readText(join(entryPath(spool, ref), ENTRY), ENTRY);
  if (typeof text === 'object') return text;
  if (text === undefined)
    return (await isThere(entryPath(spool, ref))) ? { damaged: `${ENTRY} is missing` } : undefined;
  const entry = parseEntry(text, ref.number);
  return entry ? { entry } : { damaged: `${ENTRY} is damaged` };
}

function readText(path: string, what: string): Promise<string | Damaged | undefined> {
  return unlessLost(path, what, () => readPlain(path).toString('utf8'));
}

/**
 * The entry that was stored or read last, until it is claimed. Who stores one works on it next, and of a large push its document is megabytes
 * (bench: memory, 10,000 mails).
 */
export interface Latest {
  entry?: OutboxEntry | undefined;
}

/** An entry at hand, to be closed: its files are open, so it can be worked on even if a person moves it elsewhere meanwhile. */
export type EntryFolder = ReturnType<typeof entryFolder>;

/** Opens an entry for work. undefined if it is not there (any more). @param known what its document says, if that is known */
export async function openEntry(
  spool: Spool,
  ref: FolderRef,
  known?: OutboxEntry,
): Promise<EntryFolder | Damaged | undefined> {
  const document = known ? { entry: known } : await readDocument(spool, ref);
  if (!document || 'damaged' in document) return document;
  // The journal last: only in a folder that is still there can it be opened, and then the mails are missing if they seem so.
  const mails = await openMails(spool, ref);
  let journal: JournalFile | Damaged | undefined;
  try {
    const path = join(entryPath(spool, ref), JOURNAL);
    // Without it nobody can tell what was sent: that is for a person.
    journal = await unlessLost(path, `its ${JOURNAL}`, () => openJournal(path, spool.rights.file));
    return journal && 'found' in journal ? entryFolder(ref, document.entry, journal, mails) : journal;
  } finally {
    if (!journal || 'damaged' in journal) closeMails(mails);
  }
}

/** Does something with an entry wherever it is, even if it is being moved about. undefined if it is gone. */
export async function withEntry<T>(
  spool: Spool,
  name: Omit<EntryRef, 'place'>,
  task: (folder: EntryFolder) => Promise<T>,
): Promise<{ readonly done: T } | Damaged | undefined> {
  const folder = await wherever(spool, name, ref => openEntry(spool, ref));
  if (!folder || folder.damaged !== undefined) return folder;
  try {
    return { done: await task(folder) };
  } finally {
    await folder.close();
  }
}

/** One mail of an entry that is not at hand. Needs no right to write. */
export async function readMailOf(spool: Spool, entry: OutboxEntry, number: number): Promise<StoredBytes> {
  const name = { number: entry.number, id: entry.push.id };
  const read = await wherever(spool, name, async ref => {
    const mails = await openMails(spool, ref);
    if (mails === undefined && (await locate(spool, name))?.place !== ref.place) return undefined;
    try {
      return await readFrom(mails, entry, number);
    } finally {
      closeMails(mails);
    }
  });
  if (!read) throw fault.entryGone(entry.number, entry.push.id);
  return read;
}

/** No other worker is there, as long as this one has the lock. */
const stillOurs = async () => {};

function entryFolder(ref: EntryRef, entry: OutboxEntry, journal: JournalFile, mails: Mails) {
  let state = foldJournal(entry, journal.found.events, journal.found.unreadable);
  let last: { readonly number: number; readonly read: StoredBytes } | undefined;

  async function append(events: readonly JournalEvent[]): Promise<Appended> {
    const { whole, durable } = await journal.append(events);
    state = whole ? foldJournal(entry, whole.events, whole.unreadable) : withEvents(state, events);
    return { state, durable, stillOurs };
  }

  async function close(): Promise<void> {
    closeMails(mails);
    await journal.close();
  }

  /** The last one again without the disk: it was looked at as the one to come. */
  async function readMail(number: number): Promise<StoredBytes> {
    if (last?.number !== number) last = { number, read: await readFrom(mails, entry, number) };
    return last.read;
  }

  /** `state` is as of the last `append`. */
  return { damaged: undefined, ref, entry, state: () => state, append, readMail, close };
}

/** The descriptor of an open file of mails; undefined or the reason where there is none. */
type Mails = number | Damaged | undefined;

function openMails(spool: Spool, ref: FolderRef): Promise<Mails> {
  const path = join(entryPath(spool, ref), MAILS);
  return unlessLost(path, 'the file of mails', () => openPlain(path).file);
}

function closeMails(mails: Mails): void {
  if (typeof mails === 'number') closeSync(mails);
}

async function readFrom(mails: Mails, entry: OutboxEntry, number: number): Promise<StoredBytes> {
  const mail = entry.mails[number - 1];
  if (!mail) throw new Error(`push ${entry.push.id} has no mail ${number}`);
  const found =
    typeof mails === 'number' ? await unlessLost(MAILS, 'it', () => readStored(mails, mail)) : mails;
  if (found && 'bytes' in found) return found;
  const { damaged } = found ?? { damaged: 'the file of mails is missing' };
  return { damaged: `refpost cannot send this mail: it was damaged in the spool (${damaged})` };
}

/** The stored bytes of a mail, or why they are not what was stored, as the end of a sentence. */
function readStored(file: number, { offset, length, sha256: sum }: StoredMail): StoredBytes {
  const bytes = readBytes(file, offset, length);
  if (bytes.length < length)
    return { damaged: `the file of mails ends ${length - bytes.length} bytes too early` };
  return sha256(bytes) === sum ? { bytes } : { damaged: 'its checksum does not fit its bytes' };
}
