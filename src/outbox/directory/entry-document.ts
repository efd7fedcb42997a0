import type { OutboxEntry, StoredMail } from '../../model/outbox-entry.ts';
import { seal, unseal } from './sealed-json.ts';

/** The names of the files in an entry's folder. */
export const MAILS = 'mails';
export const JOURNAL = 'journal';
export const ENTRY = 'entry.json';
/** Why a damaged entry lies in `failed/`, for the person who looks there. */
export const NOTE = 'note';

/** An entry as it stands in `entry.json`. */
export function entryText(entry: OutboxEntry): string {
  return `${seal(entry, 1)}\n`;
}

/** The entry in an `entry.json`, or undefined if that is damaged or belongs to another number. */
export function parseEntry(text: string, number: number): OutboxEntry | undefined {
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
  const texts = [mail?.messageId, mail?.subject, mail?.sha256, mail?.envelope?.from];
  const to: unknown = mail?.envelope?.to;
  return (
    mail?.number === number &&
    texts.every(text => typeof text === 'string') &&
    [mail.offset, mail.length].every(size => Number.isSafeInteger(size) && (size as number) >= 0) &&
    Array.isArray(to) &&
    to.every(recipient => typeof recipient === 'string')
  );
}
