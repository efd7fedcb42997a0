import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlain, unlessMissing } from '../../disk/durable.ts';
import { type Damaged, inSpool, unlessLost } from '../../disk/spool-fault.ts';
import type { OutboxEntry } from '../../model/outbox-entry.ts';
import { foldJournal } from '../fold-journal.ts';
import type { EntryRef, ListedEntry } from '../outbox.ts';
import { ENTRY, JOURNAL, parseEntry } from './entry-document.ts';
import { parseJournal } from './journal-lines.ts';
import { entryPath, type Spool } from './spool.ts';

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
  if (text !== undefined) {
    const entry = parseEntry(text, ref.number);
    return entry ? { entry } : { damaged: `${ENTRY} is damaged` };
  }
  const path = entryPath(spool, ref);
  const there = await inSpool(path, () => access(path).then(() => true, unlessMissing(false)));
  return there ? { damaged: `${ENTRY} is missing` } : undefined;
}

function readText(path: string, what: string): Promise<string | Damaged | undefined> {
  const read = async () => readPlain(path).toString('utf8');
  return inSpool(path, () => unlessLost(what, read().catch(unlessMissing(undefined))));
}
