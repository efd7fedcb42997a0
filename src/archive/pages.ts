import { monthOf } from '../model/page-path.ts';
import { type AddressStyle, hidden, withDomains } from './address-styles.ts';
import type { FullPart, Links } from './links.ts';
import {
  around,
  type Delivery,
  days,
  deliveryFields,
  framed,
  moment,
  monthName,
  sizesOf,
  threadLines,
} from './page-values.ts';
import type { ReadMail } from './read-mail.ts';
import { type Part, type Row, rowOf, threads } from './rows.ts';
import { marked, textRuns } from './text-runs.ts';
import { startOf, threadAt } from './whole-threads.ts';

/** How the pages of an archive look. */
export interface Look {
  readonly addresses: AddressStyle;
  /** An administrator's folder of templates, whose own `archive` has those of pages. */
  readonly templates?: string | undefined;
  /** In a preview: how mails are sent, by their ids. */
  readonly deliveries?: ReadonlyMap<string, Delivery>;
}

/** Compiled templates of pages. */
export type PageTemplates = (name: PageName, values: object) => string;

const NAMES_OF_PAGES = [
  'message',
  'date',
  'thread',
  'whole-thread',
  'list',
  'site',
  'search',
  'feed',
] as const;

/** Their templates, and what these include. */
export const PAGE_NAMES = [...NAMES_OF_PAGES, 'layout', 'index-head', 'index-foot'] as const;

type PageName = (typeof NAMES_OF_PAGES)[number];

/** Makes pages: paths in the archive with what is in them. The same mails give the same bytes. */
export type Pages = ReturnType<typeof pagesBy>;

export function pagesBy(templates: PageTemplates, { addresses, deliveries }: Look) {
  const page = (name: PageName, values: object) => hidden(templates(name, values), addresses);
  return {
    /** What is kept of a mail for indexes and search, which is a file too. */
    row(mail: ReadMail): Row {
      const row = rowOf(mail);
      if (addresses !== 'masked') return row;
      const [subject, author] = [row.subject, row.author].map(text => withDomains(text, () => '@…'));
      return { ...row, subject: subject ?? '', author: author ?? '' };
    },

    /** The views of a mail: as HTML where it has that, as text, raw. */
    message(mail: ReadMail, links: Links): [path: string, content: string | Buffer][] {
      const { id, list, html, text } = mail;
      const folder = folderOf(mail);
      const runs = textRuns(text, '');
      const files = runs.filter(({ path }) => path).map(({ path, anchor }) => ({ path, anchor }));
      const attachments = mail.attachments.map(({ name, type, size, text: own = '' }, at) => ({
        ...{ name, type, size },
        text: marked(textRuns(own, `${at + 1}-`)),
      }));
      const delivery = deliveries?.get(id);
      const fields = delivery ? [...mail.fields, ...deliveryFields(mail, delivery)] : mail.fields;
      // Written out, since templates are faster where all that they are given has one shape.
      const view = (isHtml: boolean) =>
        page('message', {
          root: '../../',
          title: mail.subject,
          list,
          id,
          fields,
          headers: mail.headers,
          ...around(links, folder.month),
          sizes: sizesOf(mail),
          hasHtml: html !== undefined,
          isHtml,
          attachments,
          files,
          textView: `${id}${html === undefined ? '' : '.text'}.html`,
          isShort: files.length <= SHORT,
          text: marked(runs),
        });
      if (html === undefined) return [[`${folder.path}${id}.html`, view(false)]];
      return [
        [`${folder.path}${id}.html`, view(true)],
        [`${folder.path}${id}.text.html`, view(false)],
        [`${folder.path}${id}.part.html`, hidden(framed(html), addresses)],
      ];
    },

    /** The indexes of a part by date and by thread. @param month the parts of its month */
    part(list: string, full: FullPart, month: readonly Part[], before?: Part, after?: Part) {
      const { part, rows } = full;
      const path = `${list}/${part.month}/`;
      const turn = (to: Part | undefined, view: string) =>
        to ? `${to.month === part.month ? '' : `../${to.month}/`}${fileOf(view, to)}` : '';
      const values = (view: string) => ({
        ...{ root: '../../', list, month: part.month, title: `${list}: ${monthName(part.month)}` },
        ...{ view, count: rows.length },
        other: fileOf(view === 'date' ? 'thread' : 'date', part),
        before: turn(before, view),
        after: turn(after, view),
        parts:
          part.end === '' && month.length > 1
            ? month.map(each => ({
                file: fileOf(view, each),
                until: moment(each.last[0]),
                count: each.count,
              }))
            : [],
      });
      const trees = threads(rows).map(thread => ({
        // Where a thread starts in another part, its page leads there.
        start: thread[0] ? (startOf(thread[0].row) ?? '') : '',
        rows: threadLines(thread),
      }));
      return [
        [`${path}${fileOf('date', part)}`, page('date', { ...values('date'), days: days(rows) })],
        [`${path}${fileOf('thread', part)}`, page('thread', { ...values('thread'), threads: trees })],
      ] as [string, string][];
    },

    /** All mails of a thread. @param start the id of the one that starts it */
    wholeThread(list: string, start: string, rows: readonly Row[]): [path: string, content: string] {
      const lines = threadLines(threads(rows).flat());
      const values = {
        root: '../../',
        list,
        title: lines[0]?.subject ?? '',
        count: rows.length,
        rows: lines,
      };
      return [threadAt(list, start, 'html'), page('whole-thread', values)];
    },

    /** A list's index and search. */
    list(list: string, parts: readonly Part[]): [path: string, content: string][] {
      const counts = new Map<string, number>();
      for (const { month, count } of parts) counts.set(month, (counts.get(month) ?? 0) + count);
      const months = [...counts]
        .reverse()
        .map(([month, count]) => ({ month, name: monthName(month), count }));
      const common = { root: '../', list, months };
      return [
        [`${list}/index.html`, page('list', { ...common, title: list })],
        [`${list}/search.html`, page('search', { ...common, title: `${list}: search` })],
      ];
    },

    /** The newest mails as an Atom feed (RFC 4287), the newest first. */
    feed(list: string, newest: readonly Row[]): [path: string, content: string] {
      const entries = newest.map(row => ({
        ...{ id: row.id, month: monthOf(row.date), subject: row.subject, author: row.author },
        updated: new Date(row.date).toISOString(),
        day: new Date(row.date).toISOString().slice(0, 10),
      }));
      const updated = entries[0]?.updated ?? new Date(0).toISOString();
      return [`${list}/feed.xml`, page('feed', { list, updated, entries })];
    },

    site(lists: readonly ListSummary[]): [path: string, content: string] {
      const shown = lists.map(({ newest, ...list }) => ({ ...list, newest: moment(newest) }));
      return ['index.html', page('site', { root: '', title: 'Mail archive', lists: shown })];
    },
  };
}

/** So many files are listed without being asked for. */
const SHORT = 10;

/** A list on the index of the site. */
export interface ListSummary {
  readonly name: string;
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly newest: number;
}

/** The folder of a mail's pages. */
export function folderOf({ list, date }: ReadMail): { readonly month: string; readonly path: string } {
  const month = monthOf(date);
  return { month, path: `${list}/${month}/` };
}

/** The name of a part's page: `date.html`, `thread-05f1c2….html`. */
function fileOf(view: string, { end }: Part): string {
  return end === '' ? `${view}.html` : `${view}-${end}.html`;
}
