import { fault } from '../errors.ts';
import { type FullPart, type LazyLinks, linksOf } from './links.ts';
import type { Head } from './page-maker.ts';
import type { ListSummary } from './pages.ts';
import { byTime, divided, type Part, partFor, type Row } from './rows.ts';
import type { Shelf } from './shelf.ts';
import { changedThreads, threadAt, type WholeThreads } from './whole-threads.ts';

/** A list as it is and as it is to be. */
export interface ListChange {
  readonly name: string;
  readonly incoming: readonly Head[];
  readonly before: readonly Part[];
  readonly after: readonly Part[];
  /** The parts that are others now. */
  readonly changed: readonly FullPart[];
  readonly rowsBefore: (part: Part) => readonly Row[];
  /** The threads to which mails come. */
  readonly threads: WholeThreads;
  /** Whether a thread had a file before. */
  readonly hadThread: (start: string) => boolean;
}

export function planList(shelf: Shelf, name: string, mails: readonly Head[], isAgain: boolean): ListChange {
  const index = `${name}/index.js`;
  const before = (argumentsIn(shelf, index)?.[0] as Part[] | undefined) ?? [];
  // They become names of files.
  if (!before.every(({ month, end }) => /^\d{4}-(?:0[1-9]|1[0-2])\/[0-9a-f]*$/.test(`${month}/${end}`)))
    throw fault.archiveDamaged(index);
  const read = new Map<string, readonly Row[]>();
  const rowsBefore = (part: Part) => {
    const path = rowsAt(name, part);
    const rows = read.get(path) ?? (argumentsIn(shelf, path)?.[1] as Row[] | undefined) ?? [];
    read.set(path, rows);
    return rows;
  };
  const parts = new Map<string, { part: Part; rows: Map<string, Row> }>();
  const incoming: Head[] = [];
  const taken = new Set<string>();
  for (const mail of mails.filter(({ list }) => list === name)) {
    const { list: _, path: at, length: __, ...row } = mail;
    const part = partFor(before, row);
    const path = rowsAt(name, part);
    const own = parts.get(path) ?? { part, rows: new Map(rowsBefore(part).map(each => [each.id, each])) };
    if (own.rows.has(row.id) || taken.has(at) || (!isAgain && shelf.has(at))) continue;
    taken.add(at);
    parts.set(path, own);
    own.rows.set(row.id, row);
    incoming.push(mail);
  }
  const changed = [...parts.values()].flatMap(({ part, rows }) => divided(part, [...rows.values()]));
  const others = before.filter(part => !parts.has(rowsAt(name, part)));
  const after = [...others, ...changed.map(({ part }) => part)].sort(byTime);
  const had = new Map<string, boolean>();
  const hadThread = (start: string) => {
    const isThere = had.get(start) ?? shelf.has(threadAt(name, start, 'js'));
    had.set(start, isThere);
    return isThere;
  };
  const threads = changedThreads(
    incoming.map(({ list: _, path: __, length: ___, ...row }) => row),
    {
      parts: before,
      rows: rowsBefore,
      has: (month, id) => shelf.has(`${name}/${month}/${id}.eml`),
      thread: start =>
        hadThread(start)
          ? ((argumentsIn(shelf, threadAt(name, start, 'js'))?.[1] as Row[] | undefined) ?? [])
          : undefined,
    },
  );
  return { name, incoming, before, after, changed, rowsBefore, threads, hadThread };
}

/** The files that say which mails there are. */
export function stateOf({ name, changed, after, threads }: ListChange): [path: string, content: string][] {
  return [
    ...changed.map(({ part, rows }): [string, string] => [
      rowsAt(name, part),
      called('refpostRows', part.month, rows),
    ]),
    ...[...threads].map(([start, rows]): [string, string] => [
      threadAt(name, start, 'js'),
      called('refpostThread', start, rows),
    ]),
    [`${name}/index.js`, called('refpostParts', after)],
  ];
}

/** Where the parts are that are changed, and those beside them. */
export function pathsNear(
  name: string,
  parts: readonly Part[],
  changed: ReadonlyMap<string, unknown>,
): Set<string> {
  const paths = parts.map(part => rowsAt(name, part));
  const beside = paths.filter((_, at) => [at - 1, at, at + 1].some(each => changed.has(paths[each] ?? '')));
  return new Set([...beside, ...changed.keys()]);
}

export function linksNear(
  parts: readonly Part[],
  rowsOf: (part: Part) => readonly Row[],
  isNear: (part: Part) => boolean,
  hasThread: (start: string) => boolean,
): Map<string, LazyLinks> {
  const filled = parts.filter(({ count }) => count > 0);
  const full = (at: number): FullPart | undefined => {
    const part = filled[at];
    return part && { part, rows: rowsOf(part) };
  };
  const found = new Map<string, LazyLinks>();
  filled.forEach((part, at) => {
    if (!isNear(part)) return;
    const own = linksOf({ part, rows: rowsOf(part) }, hasThread, full(at - 1), full(at + 1));
    for (const [id, links] of own) found.set(`${part.month}/${id}`, links);
  });
  return found;
}

export function summariesWith(shelf: Shelf, changed: readonly ListChange[]): ListSummary[] {
  const known = (argumentsIn(shelf, 'lists.js')?.[0] as ListSummary[] | undefined) ?? [];
  const summaries = new Map(known.map(each => [each.name, each]));
  for (const { name, after } of changed) {
    const count = after.reduce((sum, part) => sum + part.count, 0);
    summaries.set(name, { name, count, newest: Math.max(...after.map(({ last }) => last[0])) });
  }
  return [...summaries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function rowsAt(name: string, { month, end }: Part): string {
  return `${name}/${month}/${end === '' ? 'rows' : `rows-${end}`}.js`;
}

/** A script that hands values to a page: what fetch() may not read from the disk, a script element may. */
export function called(name: string, ...values: readonly unknown[]): string {
  const json = values.map(value => JSON.stringify(value).replaceAll('@', '\\u0040'));
  return `${name}(${json.join(',')})\n`;
}

function argumentsIn(shelf: Shelf, path: string): unknown[] | undefined {
  const script = shelf.read(path)?.toString();
  if (script === undefined) return undefined;
  const [, values = ','] = /^\w+\((.*)\)\n$/s.exec(script) ?? [];
  return parsed(path, `[${values}]`) as unknown[];
}

/** What stands in a file of an archive's state. */
export function parsed(path: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw fault.archiveDamaged(path, cause);
  }
}
