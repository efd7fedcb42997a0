import { monthOf } from '../model/page-path.ts';
import type { ReadMail } from './read-mail.ts';

/** What an index shows of a mail. */
export type Row = Pick<ReadMail, 'id' | 'date' | 'number' | 'subject' | 'author' | 'parents' | 'files'>;

/**
 * A part of a list's mails, in order of date: of a month, as many as one index page takes. A mail ends its part by its id alone, so that the parts
 * depend on nothing but the mails, and one more mail changes one part, or makes two of it.
 */
export interface Part {
  /** `2026-11`, in UTC: the folder of the mails' pages. */
  readonly month: string;
  /** Of the mail that ends it; '' for the last part of a month, which is open. */
  readonly end: string;
  readonly count: number;
  /** Of its last mail: where a mail belongs. */
  readonly last: Key;
}

/** What mails are sorted by: those of one second by their numbers. */
type Key = readonly [date: number, number: number, id: string];

export function rowOf({ id, date, number, subject, author, parents, files }: ReadMail): Row {
  return { id, date, number, subject, author, parents, files };
}

function keyOf({ date, number, id }: Row): Key {
  return [date, number, id];
}

function byKey(a: Key, b: Key): number {
  return a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0);
}

/** Rows in the order of their mails. */
export function byDate(a: Row, b: Row): number {
  return byKey(keyOf(a), keyOf(b));
}

/** One id in 256 ends a part. */
function isEnd({ id }: Row): boolean {
  return id.startsWith('00');
}

/** Those of the month's parts to which a mail belongs: the first whose last mail is not before it, or the open one. */
export function partFor(parts: readonly Part[], row: Row): Part {
  const month = monthOf(row.date);
  const own = parts.filter(part => part.month === month);
  const found = own.find(part => part.end !== '' && byKey(keyOf(row), part.last) <= 0);
  return found ?? own.find(part => part.end === '') ?? { month, end: '', count: 0, last: [0, 0, ''] };
}

/** A part and the mails that come to it, as the parts that they make. */
export function divided({ month, end }: Part, rows: readonly Row[]): { part: Part; rows: readonly Row[] }[] {
  const sorted = rows.toSorted(byDate);
  const ends = sorted.flatMap((row, at) => (isEnd(row) ? [at + 1] : []));
  // The open part is there even where it is empty: its page names the others.
  const bounds = [0, ...ends, ...(end === '' ? [sorted.length] : [])];
  return bounds.slice(1).map((to, at) => {
    const own = sorted.slice(bounds[at], to);
    const last = own.at(-1);
    const isOpen = end === '' && at === bounds.length - 2;
    const part: Part = {
      month,
      end: isOpen ? '' : (last?.id ?? ''),
      count: own.length,
      last: last ? keyOf(last) : [0, 0, ''],
    };
    return { part, rows: own };
  });
}

/** Parts in the order of their mails. */
export function byTime(a: Part, b: Part): number {
  if (a.month !== b.month) return a.month < b.month ? -1 : 1;
  return a.end === '' ? 1 : b.end === '' ? -1 : byKey(a.last, b.last);
}

/** A mail in its thread. */
export interface Threaded {
  readonly row: Row;
  /** 0 for the mail that starts the thread. */
  readonly depth: number;
}

/**
 * The threads of a part, each mail below the one that it answers, in order of date. Those that answer none of this part start
 * one, together with those of the same thread elsewhere. Where mails answer each other in a circle, the first of them does.
 */
export function threads(rows: readonly Row[]): readonly Threaded[][] {
  const known = THREADS.get(rows) ?? threadsOf(rows);
  THREADS.set(rows, known);
  return known;
}

/** Of the same rows they are asked for a dozen times. */
const THREADS = new WeakMap<readonly Row[], readonly Threaded[][]>();

function threadsOf(rows: readonly Row[]): Threaded[][] {
  const ids = new Set(rows.map(({ id }) => id));
  const parentOf = new Map(rows.map(row => [row.id, row.parents.find(id => id !== row.id && ids.has(id))]));
  const replies = new Map<string, Row[]>();
  const starts: Row[] = [];
  for (const row of rows) {
    const parent = parentOf.get(row.id);
    if (parent === undefined) starts.push(row);
    else if (!replies.get(parent)?.push(row)) replies.set(parent, [row]);
  }
  const seen = new Set<string>();
  const threadFrom = (start: Row): Threaded[] => {
    const thread: Threaded[] = [];
    const open: Threaded[] = [{ row: start, depth: 0 }];
    for (let next = open.pop(); next; next = open.pop()) {
      if (seen.has(next.row.id)) continue;
      seen.add(next.row.id);
      thread.push(next);
      const { depth } = next;
      for (const row of (replies.get(next.row.id) ?? []).toReversed()) open.push({ row, depth: depth + 1 });
    }
    return thread;
  };
  const found = new Map<string, Threaded[]>();
  const add = (start: Row) => {
    const root = start.parents.at(-1) ?? start.id;
    const known = found.get(root);
    const deeper = (each: Threaded) => ({ ...each, depth: each.depth + 1 });
    if (known) known.push(...threadFrom(start).map(deeper));
    else found.set(root, threadFrom(start));
  };
  starts.forEach(add);
  // Circles have no start.
  for (const row of rows) if (!seen.has(row.id)) add(row);
  return [...found.values()].toSorted((a, b) => byDate(first(a), first(b)));
}

function first(thread: readonly Threaded[]): Row {
  return (thread[0] as Threaded).row;
}
