import { shortLine } from '../render/visible.ts';
import type { Links } from './links.ts';
import type { ReadMail } from './read-mail.ts';
import type { Row } from './rows.ts';

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
    answered: links.answered ? { ...links.answered, href: href(links.answered) } : null,
    thread: thread.length > 1 || links.hasMore ? thread.map(each => ({ ...each, href: href(each) })) : [],
  };
}

/** What the mail and its views have in bytes. */
export function sizesOf({ bytes, text, html }: ReadMail): string {
  const figures: [string, number][] = [['text', Buffer.byteLength(text)]];
  if (html !== undefined) figures.push(['HTML', Buffer.byteLength(html)]);
  figures.push(['whole mail', bytes.length]);
  return figures.map(([name, size]) => `${name} ${size.toLocaleString('en')}`).join(', ');
}

/** A line of an index. */
export function shown({ id, subject, author, date }: Row) {
  return { id, subject: shortLine(subject), author: shortLine(author, 80), time: moment(date).slice(-12) };
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
