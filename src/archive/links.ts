import { type Part, type Row, threads } from './rows.ts';
import { startOf } from './whole-threads.ts';

/** A part with its mails. */
export interface FullPart {
  readonly part: Part;
  readonly rows: readonly Row[];
}

/** Where the pages around a mail are. */
export interface Links {
  readonly part: string;
  readonly previous: Target | undefined;
  readonly next: Target | undefined;
  readonly previousInThreads: Target | undefined;
  readonly nextInThreads: Target | undefined;
  /** The mails before and after it in its thread, and itself. */
  readonly thread: readonly (Target & { readonly depth: number; readonly isSelf: boolean })[];
  /** True where the thread has more than these. */
  readonly hasMore: boolean;
  /** The start of its thread, by which that has a page of its own; '' of a mail that nobody answers and that answers none. */
  readonly wholeThread: string;
  /** The same of the thread that it starts by itself, where it does, for those who name no other mail than the one that they answer. */
  readonly ownThread: string;
  /** The mail that it answers. */
  readonly answered: Target | undefined;
}

/** A mail's page, seen from a folder of a month. */
interface Target {
  readonly month: string;
  readonly id: string;
  readonly subject: string;
  readonly author: string;
}

/** How many mails of its thread a page shows before and after its own: one more mail changes no more pages than that. */
const AROUND = 5;

/** The links of a mail, made when they are asked for; and a text that is another one where they are. */
export interface LazyLinks {
  readonly mark: string;
  readonly make: () => Links;
}

/** What leads from the mails of a part, which depends on the parts before and after it alone. */
export function linksOf(
  full: FullPart,
  hasThread: (start: string) => boolean,
  before?: FullPart,
  after?: FullPart,
): Map<string, LazyLinks> {
  const { part, rows } = full;
  const inThreads = threads(rows);
  const byThread = inThreads.flatMap(thread => thread.map(({ row }) => row));
  const [earlier, later] = [before, after].map(other => other && threads(other.rows).flat());
  const parts = new Map([before, full, after].flatMap(each => each?.rows.map(row => [row.id, each]) ?? []));
  const known = new Map([before, full, after].flatMap(each => each?.rows.map(row => [row.id, row]) ?? []));
  const target = ({ id, subject, author }: Row): Target => {
    return { month: parts.get(id)?.part.month ?? part.month, id, subject, author };
  };
  const maybe = (row: Row | undefined) => row && target(row);
  const places = new Map(rows.map((row, at) => [row.id, at]));
  let place = 0;
  const found = inThreads.flatMap(thread =>
    thread.map(({ row }, own): [string, LazyLinks] => {
      const [at, inOrder] = [places.get(row.id) ?? 0, place++];
      const shown = thread.slice(Math.max(0, own - AROUND), own + AROUND + 1);
      const hasMore = shown.length < thread.length;
      const previous = rows[at - 1] ?? before?.rows.at(-1);
      const next = rows[at + 1] ?? after?.rows[0];
      const previousInThreads = byThread[inOrder - 1] ?? earlier?.at(-1)?.row;
      const nextInThreads = byThread[inOrder + 1] ?? later?.[0]?.row;
      const answered = row.parents.map(id => known.get(id)).find(found => found && found.id !== row.id);
      const started = hasThread(row.id) ? row.id : '';
      const wholeThread = startOf(row) ?? started;
      const ownThread = started === wholeThread ? '' : started;
      const around = [previous, next, previousInThreads, nextInThreads, answered].map(each => each?.id);
      const mark = [
        part.end,
        hasMore,
        wholeThread,
        ...around,
        ...shown.map(each => each.row.id + each.depth),
      ].join(' ');
      const make = () => ({
        part: part.end,
        hasMore,
        wholeThread,
        ownThread,
        previous: maybe(previous),
        next: maybe(next),
        answered: maybe(answered),
        previousInThreads: maybe(previousInThreads),
        nextInThreads: maybe(nextInThreads),
        thread: shown.map(each => ({
          ...target(each.row),
          depth: Math.min(each.depth, 8),
          isSelf: each.row.id === row.id,
        })),
      });
      return [row.id, { mark, make }];
    }),
  );
  return new Map(found);
}
