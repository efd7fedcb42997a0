import { crc32 } from 'node:zlib';
import type { OutboxEntry, StoredMail } from '../model/outbox-entry.ts';
import type { Push } from '../model/push.ts';
import { sealText, UNSEALED, unseal } from './sealed-json.ts';

/** Mails in a piece of the text. */
const PIECE = 200;

/** An entry as it is stored in its folder: what `seal` makes of it, in pieces, since of a large push it is megabytes (bench: 10,000 mails). */
export function* entryText(entry: OutboxEntry): Generator<string> {
  const { mails } = entry;
  const frame = JSON.stringify(Object.assign({}, entry, { mails: [] }, UNSEALED), undefined, 1);
  // A line end is nowhere inside a text of JSON.
  const start = '\n "mails": [';
  const at = frame.indexOf(start) + start.length;
  let piece = frame.slice(0, at);
  let sum = 0;
  for (let from = 0; from < mails.length; from += PIECE) {
    yield piece;
    sum = crc32(piece, sum);
    piece = `${from === 0 ? '' : ','}${listed(mails.slice(from, from + PIECE))}`;
  }
  const end = mails.length === 0 ? '' : '\n ';
  yield `${sealText(`${piece}${end}${frame.slice(at)}`, sum)}\n`;
}

/** As they stand in the list of an entry, without its brackets. */
function listed(mails: readonly StoredMail[]): string {
  return JSON.stringify(mails, undefined, 1).slice(1, -2).replaceAll('\n', '\n ');
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
