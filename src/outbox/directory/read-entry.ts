import { join } from 'node:path';
import { type Damaged, readPlain, unlessLost } from '../../disk/files.ts';
import type { OutboxEntry, StoredMail } from '../../model/outbox-entry.ts';
import { foldJournal } from '../fold-journal.ts';
import type { EntryRef, ListedEntry } from '../outbox.ts';
import { parseJournal } from './journal-file.ts';
import { seal, unseal } from './sealed-json.ts';
import { ENTRY, entryPath, isThere, JOURNAL, type Spool } from './spool.ts';

/** An entry and its state as they are on the disk; undefined if there is none. Needs no right to write. */
export async function readEntry(spool: Spool, ref: EntryRef): Promise<ListedEntry | undefined> {
  const document = await readDocument(spool, ref);
  if (!document || 'damaged' in document) return document && { ref, ...document };
  const text = await readText(join(entryPath(spool, ref), JOURNAL), `its ${JOURNAL}`);
  if (typeof text === 'object') return { ref, ...text };
  const { events, unreadable } = parseJournal(text ?? '');
  return { ref, entry: document.entry, state: foldJournal(document.entry, events, unreadable) };
}

/** An entry without its state. */
export async function readDocument(
  spool: Spool,
  ref: EntryRef,
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

/** An entry as it stands in `entry.json`. */
export function entryText(entry: OutboxEntry): string {
  return `${seal(entry, 1)}\n`;
}

/** The entry in an `entry.json`, or undefined if that is damaged or belongs to another number. */
function parseEntry(text: string, number: number): OutboxEntry | undefined {
  const entry = unseal(text) as Partial<OutboxEntry> | undefined;
  return entry && isWhole(entry) && entry.number === number ? entry : undefined;
}

/** The checksum vouches for what refpost wrote; this is for what a person has corrected. */
function isWhole(entry: Partial<OutboxEntry>): entry is OutboxEntry {
  const { push, mails, ledger } = entry;
  if (typeof entry.queuedAt !== 'number' || typeof push?.id !== 'string') return false;
  if (typeof push.repository !== 'string' || !Array.isArray(push.updates)) return false;
  if (ledger !== undefined && (typeof ledger?.refs !== 'object' || ledger.refs === null)) return false;
  return Array.isArray(mails) && mails.every((mail, index) => isMail(mail, index + 1));
}

function isMail(mail: Partial<StoredMail> | null, number: number): boolean {
  const to: unknown = mail?.envelope?.to;
  const recipients: unknown[] = Array.isArray(to) ? to : [undefined];
  const texts = [mail?.messageId, mail?.subject, mail?.sha256, mail?.envelope?.from, ...recipients];
  const sizes = [mail?.offset, mail?.length];
  return (
    mail?.number === number &&
    texts.every(text => typeof text === 'string') &&
    sizes.every(size => Number.isSafeInteger(size) && (size as number) >= 0)
  );
}
