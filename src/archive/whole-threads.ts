import { byDate, type Part, type Row } from './rows.ts';

/** The mails of a thread by the id of the one that starts it, wherever in a list they are: a thread has such a file as soon as a mail answers. */
export type WholeThreads = ReadonlyMap<string, readonly Row[]>;

/** Where the mails of a thread are listed: as a script, which is state, and as a page. */
export function threadAt(list: string, start: string, kind: 'js' | 'html'): string {
  return `${list}/threads/${start}.${kind}`;
}

/** The id of the mail that starts the thread of one that answers; undefined of any other mail. */
export function startOf({ id, parents }: Row): string | undefined {
  const start = parents.at(-1);
  return start === id ? undefined : start;
}

/** What was known before some mails come. */
export interface KnownMails {
  readonly parts: readonly Part[];
  /** The rows of a thread that has a file. */
  readonly thread: (start: string) => readonly Row[] | undefined;
  readonly rows: (part: Part) => readonly Row[];
  /** Whether a month has a mail. */
  readonly has: (month: string, id: string) => boolean;
}

/** The threads to which some mails come, with all that are in them now. What comes of it does not depend on the order in which mails come. */
export function changedThreads(incoming: readonly Row[], known: KnownMails): WholeThreads {
  const months = [...new Set(known.parts.map(({ month }) => month))].reverse();
  const found = new Map<string, Map<string, Row>>();
  const opened = (start: string, rows: readonly Row[]) => {
    const thread = found.get(start) ?? new Map(rows.map(row => [row.id, row]));
    found.set(start, thread);
    return thread;
  };
  const oldStart = (id: string): Row[] => {
    const month = months.find(each => known.has(each, id));
    const parts = known.parts.filter(part => part.month === month);
    return parts.flatMap(part => known.rows(part).filter(row => row.id === id)).slice(0, 1);
  };
  for (const row of incoming) {
    const start = startOf(row);
    if (start === undefined) continue;
    const rows = found.has(start) ? [] : (known.thread(start) ?? oldStart(start));
    opened(start, rows).set(row.id, row);
  }
  for (const row of incoming) {
    const rows = found.has(row.id) ? [] : known.thread(row.id);
    if (rows) opened(row.id, rows).set(row.id, row);
  }
  const listed = [...found].map(([start, rows]): [string, readonly Row[]] => [
    start,
    [...rows.values()].map(row => ({ ...row, files: [] })).sort(byDate),
  ]);
  return new Map(listed);
}
