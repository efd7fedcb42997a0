import { type Envelope, smtpSize } from '../model/mail.ts';
import { monthOf } from '../model/page-path.ts';
import { shortLine } from '../render/visible.ts';
import type { Links } from './links.ts';
import type { ReadMail } from './read-mail.ts';
import type { Row, Threaded } from './rows.ts';

/** What leads from a mail's page, as addresses seen from it; '' where there is nothing. @param own its month */
export function around({ part, thread, ...links }: Links, own: string) {
  const href = (to: { month: string; id: string } | undefined) =>
    to ? `${to.month === own ? '' : `../${to.month}/`}${to.id}.html` : '';
  const suffix = part === '' ? '' : `-${part}`;
  return {
    dateIndex: `date${suffix}.html`,
    threadIndex: `thread${suffix}.html`,
    previous: href(links.previous),
    next: href(links.next),
    previousInThreads: href(links.previousInThreads),
    nextInThreads: href(links.nextInThreads),
    hasMore: links.hasMore,
    wholeThread: links.wholeThread && `../threads/${links.wholeThread}.html`,
    ownThread: links.ownThread && `../threads/${links.ownThread}.html`,
    answered: links.answered ? { ...links.answered, href: href(links.answered) } : null,
    thread: thread.length > 1 || links.wholeThread ? thread.map(each => ({ ...each, href: href(each) })) : [],
  };
}

/** What the mail and its views have in bytes. */
export function sizesOf({ bytes, text, html }: ReadMail): string {
  const figures: [string, number][] = [['text', Buffer.byteLength(text)]];
  if (html !== undefined) figures.push(['HTML', Buffer.byteLength(html)]);
  figures.push(['whole mail', bytes.length]);
  return figures.map(([name, size]) => `${name} ${figure(size)}`).join(', ');
}

/** How a mail is sent that a preview shows. */
export interface Delivery {
  readonly envelope: Envelope;
  /** The setting, in bytes as a server counts them. */
  readonly maxSize: number;
}

/** Gmail shows so much of an HTML part, in KB. */
const CLIPPED = 102;

/** What a preview shows of that, and how near the mail is to what limits it. */
export function deliveryFields(
  { bytes, html }: ReadMail,
  { envelope, maxSize }: Delivery,
): ReadMail['fields'] {
  const { from, to } = envelope;
  const fields: ReadMail['fields'] = [
    ['Envelope', `from ${from || '<>'} to ${to.join(', ')}`],
    ['Size', `${figure(smtpSize(bytes))} bytes; refpost.maxSize is ${figure(maxSize)}`],
  ];
  if (html === undefined) return fields;
  return [...fields, ['HTML', `${Math.ceil(Buffer.byteLength(html) / 1024)} KB; Gmail shows ${CLIPPED} KB`]];
}

function figure(count: number): string {
  return count.toLocaleString('en');
}

/** A line of an index. */
function shown({ id, subject, author, date }: Row) {
  return { id, subject: shortLine(subject), author: shortLine(author, 80), time: moment(date).slice(-12) };
}

/** The lines of a thread. */
export function threadLines(thread: readonly Threaded[]) {
  return thread.map(({ row, depth }) => ({
    ...shown(row),
    depth: Math.min(depth, 8),
    month: monthOf(row.date),
    moment: moment(row.date),
  }));
}

/** The lines of an index under the days of their mails. */
export function days(rows: readonly Row[]) {
  const found: { day: string; rows: object[] }[] = [];
  for (const row of rows) {
    const day = new Date(row.date).toUTCString().slice(0, 16);
    if (found.at(-1)?.day !== day) found.push({ day, rows: [] });
    found.at(-1)?.rows.push(shown(row));
  }
  return found;
}

export function moment(date: number): string {
  return new Date(date).toUTCString();
}

/**
 * The HTML of a mail for its frame. It is foreign: the frame's sandbox keeps scripts and forms from it, and this policy, which is the first thing
 * in it, also where somebody opens the file alone: nothing is loaded, and nothing runs. Links open outside of the frame.
 */
export function framed(html: string): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";
  const outside = html
    .replace(LEADING_AWAY, '<basefont')
    .replace(/<a\s(?=[^<>]*\bhref\s*=\s*["']?https?:)/gi, '<a target="_blank" rel="noopener noreferrer" ');
  return `<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">\n${outside.replace(/^\s*<!doctype[^>]*>/i, '')}`;
}

/**
 * Elements of a head that no policy keeps from taking the reader of the file elsewhere (refresh), or from asking a server (preconnect), but for what
 * mails say of colours and width. In their place comes one that may be there and does nothing.
 */
const LEADING_AWAY =
  /<(?:meta|link|base)(?=[\s/>])(?!\s+name=(["']?)(?:color-scheme|supported-color-schemes|viewport)\1\s+content=(?:"[^"<>]*"|'[^'<>]*'|[^"'<>\s]+)\s*\/?>)/gi;

const MONTH = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });

export function monthName(month: string): string {
  return MONTH.format(new Date(`${month}-01T00:00:00Z`));
}
