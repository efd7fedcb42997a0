import type { OutboxEntry, StoredMail } from '../model/outbox-entry.ts';
import type { Push } from '../model/push.ts';
import { sealed, unseal } from './sealed-json.ts';

/** An entry as it is stored: `entry.json` of its folder, or its document in a database. */
export function entryText(entry: OutboxEntry): Buffer {
  return sealed(entry, 1, '\n');
}

/** The entry in such a text, which may leave its number out; undefined if it is damaged or belongs to another number. */
export function parseEntry(text: string, number: number): OutboxEntry | undefined {
  const entry: Partial<OutboxEntry> = { number, ...unseal(text) };
  return isWhole(entry) && entry.number === number ? entry : undefined;
}

/** The checksum vouches for what refpost wrote; this is for what a person has corrected, or a server of a fleet that means harm. */
function isWhole(entry: Partial<OutboxEntry>): entry is OutboxEntry {
  const { push, mails, ledger } = entry;
  if (!isMoment(entry.queuedAt) || !isPush(push)) return false;
  if (!['undefined', 'string'].includes(typeof entry.audience)) return false;
  if (ledger !== undefined && (typeof ledger?.refs !== 'object' || ledger.refs === null)) return false;
  return Array.isArray(mails) && mails.every((mail, index) => isMail(mail, index + 1));
}

function isPush(push: Partial<Push> | null | undefined): push is Push {
  const { kind = '', id, repository, time, updates, overrides } = push ?? {};
  return (
    ['push', 'notify', 'alarm'].includes(kind) &&
    [id, repository].every(text => typeof text === 'string' && !text.includes('\0')) &&
    isMoment(time) &&
    isListOf(updates, ['ref', 'old', 'new']) &&
    isListOf(overrides, ['key', 'value'])
  );
}

/** True for things of which each has these texts. */
function isListOf(list: unknown, names: readonly string[]): boolean {
  const has = (each: Record<string, unknown> | null) => names.every(name => typeof each?.[name] === 'string');
  return Array.isArray(list) && list.every(has);
}

/** Milliseconds since 1970 that are a date (ECMAScript, 21.4.1.1). */
export function isMoment(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15;
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
