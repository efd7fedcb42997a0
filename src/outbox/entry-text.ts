import type { OutboxEntry, StoredMail } from '../model/outbox-entry.ts';
import { seal, unseal } from './sealed-json.ts';

/** An entry as it is stored: `entry.json` of its folder, or its document in a database. */
export function entryText(entry: OutboxEntry): string {
  return `${seal(entry, 1)}\n`;
}

/** The entry in such a text, which may leave its number out; undefined if it is damaged or belongs to another number. */
export function parseEntry(text: string, number: number): OutboxEntry | undefined {
  const entry: Partial<OutboxEntry> = { number, ...unseal(text) };
  return isWhole(entry) && entry.number === number ? entry : undefined;
}

/** The checksum vouches for what refpost wrote; this is for what a person has corrected. */
function isWhole(entry: Partial<OutboxEntry>): entry is OutboxEntry {
  const { push, mails, ledger } = entry;
  if (typeof entry.queuedAt !== 'number' || typeof push?.id !== 'string') return false;
  if (typeof push.repository !== 'string' || !Array.isArray(push.updates)) return false;
  if (!['undefined', 'string'].includes(typeof entry.audience)) return false;
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
