import type { AddressObject, EmailAddress, ParsedMail } from 'mailparser';
import { type Fields, KEYS, type Line, type Plain, readPlain, valueIn } from './plain-mail.ts';

/** What an archive shows of a parsed mail. */
export type Parsed = Fields & { readonly date: Date | undefined } & Pick<
    ParsedMail,
    'text' | 'html' | 'headerLines' | 'attachments'
  >;

/**
 * Parses a mail of anybody, as RFC 5322 and MIME have it. Nearly all mails on commits are of a few plain shapes: they are read here, and all others by
 * mailparser, whose half a dozen streams take many times as long. That both read the same is a test.
 */
export async function parseMail(bytes: Buffer): Promise<Parsed> {
  const plain = readPlain(bytes);
  if (plain) return parsed(plain, plainFields(plain.lines) ?? (await library()).fieldsOf(plain.lines));
  const mail = await (await library()).parseAny(bytes);
  // Where there is none that can be read, mailparser has the time of the clock.
  return { ...mail, date: dateOf(mail.headerLines) } as Parsed;
}

/** It is as large as all the rest of refpost, and mostly not asked for. */
function library() {
  return import('./parse-any.ts');
}

/** Written out, since all that is done with a mail is faster where all of them have one shape. */
function parsed({ lines, text, html }: Plain, fields: Fields): Parsed {
  return {
    subject: fields.subject,
    from: fields.from,
    to: fields.to,
    cc: fields.cc,
    messageId: fields.messageId,
    inReplyTo: fields.inReplyTo,
    references: fields.references,
    date: dateOf(lines),
    headerLines: lines,
    attachments: [],
    text,
    html,
  };
}

/** The last one, as mailparser has it. */
function dateOf(lines: readonly Line[]): Date | undefined {
  const line = lines.findLast(({ key }) => key === 'date');
  const date = new Date(line ? valueIn(line) : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

const DECODED: ReadonlySet<string> = new Set(Object.values(KEYS));
const ASCII = /^[\t -~]*$/;
const ID = /^<[^<>\s]+>$/;

/** Fields that need no decoding; undefined where one does, or is there twice. */
export function plainFields(lines: readonly Line[]): Fields | undefined {
  const values = new Map<string, string>();
  for (const line of lines) {
    if (!DECODED.has(line.key)) continue;
    const value = valueIn(line);
    if (value === '' || values.has(line.key) || !ASCII.test(value) || value.includes('=?')) return undefined;
    values.set(line.key, value);
  }
  const [messageId, inReplyTo] = [values.get(KEYS.messageId), values.get(KEYS.inReplyTo)];
  const ids = values.get(KEYS.references)?.split(/\s+/) ?? [];
  if (![messageId, inReplyTo, ...ids].every(id => id === undefined || ID.test(id))) return undefined;
  const [from, to, cc] = [KEYS.from, KEYS.to, KEYS.cc].map(key => addresses(values.get(key)));
  if (from === null || to === null || cc === null) return undefined;
  const references = ids.length > 1 ? ids : ids[0];
  return { subject: values.get(KEYS.subject), from, to, cc, messageId, inReplyTo, references };
}

/** `a@example.org, Ann Author <ann@example.org>, "Ben" <ben@example.org>`, without anything that has to be decoded or taken apart. */
const ADDRESS =
  /^(?:(?:"(\w[\w .-]*)"|(\w[\w.-]*(?: \w[\w.-]*)*)) )?<([\w.+-]+@[\w.-]+)>$|^([\w.+-]+@[\w.-]+)$/;

/** null where there is something else. */
function addresses(list: string | undefined): AddressObject | undefined | null {
  if (list === undefined) return undefined;
  if (list.includes('@xn--')) return null;
  const value: EmailAddress[] = [];
  for (const each of list.split(/, */)) {
    const [, quoted, name = quoted ?? '', long = '', address = long] = ADDRESS.exec(each) ?? [];
    if (address === '') return null;
    value.push({ address, name });
  }
  const text = value.map(({ name, address }) => (name ? `"${name}" <${address}>` : address)).join(', ');
  return { value, html: '', text };
}
