import { type Part, type Row, type Threaded, threads } from './rows.ts';

/** A part with its mails. */
export interface FullPart {
  readonly part: Part;
  readonly rows: readonly Row[];
}

/** Where the pages around a mail are. */
export interface Links {
  readonly part: string;
  readonly previous?: Target;
  readonly next?: Target;
  readonly previousInThreads?: Target;
  readonly nextInThreads?: Target;
  /** The mails before and after it in its thread, and itself. */
  readonly thread: readonly (Target & { readonly depth: number; readonly isSelf: boolean })[];
  /** True where the thread has more than these. */
  readonly hasMore: boolean;
  /** The mail that it answers, if that is in another part. */
  readonly answered?: Target;
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

/** What leads from the mails of a part, which depends on the parts before and after it alone. */
export function linksOf(part: FullPart, before?: FullPart, after?: FullPart): Map<string, Links> {
  const target = ({ part }: FullPart, { id, subject, author }: Row): Target => ({
    ...{ month: part.month, id, subject, author },
  });
  const maybe = (from: FullPart | undefined, row: Row | undefined) => from && row && target(from, row);
  const inThreads = threads(part.rows);
  const byThread = inThreads.flat();
  const [earlier, later] = [before && threads(before.rows).flat(), after && threads(after.rows).flat()];
  const elsewhere = new Map(
    [before, after].flatMap(other => other?.rows.map(row => [row.id, target(other, row)] as const) ?? []),
  );
  const places = new Map(byThread.map(({ row }, at) => [row.id, at]));
  const threadOf = new Map(
    inThreads.flatMap(thread => thread.map((_, at) => [thread[at]?.row.id, { thread, at }])),
  );
  return new Map(
    part.rows.map((row, at): [string, Links] => {
      const place = places.get(row.id) ?? 0;
      const { thread, at: own } = threadOf.get(row.id) as { thread: Threaded[]; at: number };
      const start = Math.max(0, own - AROUND);
      const shown = thread.slice(start, own + AROUND + 1);
      const links = {
        part: part.part.end,
        previous: maybe(part, part.rows[at - 1]) ?? maybe(before, before?.rows.at(-1)),
        next: maybe(part, part.rows[at + 1]) ?? maybe(after, after?.rows[0]),
        previousInThreads: maybe(part, byThread[place - 1]?.row) ?? maybe(before, earlier?.at(-1)?.row),
        nextInThreads: maybe(part, byThread[place + 1]?.row) ?? maybe(after, later?.[0]?.row),
        thread: shown.map(each => ({
          ...target(part, each.row),
          depth: Math.min(each.depth, 8),
          isSelf: each.row.id === row.id,
        })),
        hasMore: shown.length < thread.length,
        answered:
          own === 0 ? row.parents.map(id => elsewhere.get(id)).find(found => found !== undefined) : undefined,
      };
      return [row.id, links as Links];
    }),
  );
}
