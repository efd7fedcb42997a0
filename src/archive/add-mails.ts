import { dirname } from 'node:path';
import {
  called,
  type ListChange,
  linksNear,
  parsed,
  pathsNear,
  planList,
  rowsAt,
  stateOf,
  summariesWith,
} from './list-change.ts';
import type { Head, PageMaker } from './page-maker.ts';
import type { Pages } from './pages.ts';
import { byTime, type Part, partFor, type Row } from './rows.ts';
import type { Shelf } from './shelf.ts';

/** An archive: its files, and how they look. */
export interface Archive {
  readonly shelf: Shelf;
  readonly pages: Pages;
  readonly maker: PageMaker;
  /** For many mails, where the archive is in a folder. */
  readonly openThreads?: () => PageMaker;
}

/** How many mails are added at once: twice as many are in memory. */
const BATCH = 1000;
/** How many mails a feed has. */
const NEWEST = 25;
/** Which mails are being added, and what the files were that say which are there. */
export const UNFINISHED_WORK = '.unfinished.json';

/** Adds mails to an archive, those that it does not have. Returns how many. What a killed process had begun is brought to its end first. */
export async function addMails(
  archive: Archive,
  mails: AsyncIterable<Buffer> | Iterable<Buffer>,
  progress: (added: number) => void = () => {},
): Promise<number> {
  let added = await recover(archive);
  let threads: PageMaker | undefined;
  /** What adds the batch before: the next one is read meanwhile. */
  let add: (() => Promise<number>) | undefined;
  const flush = async () => {
    added += (await add?.()) ?? 0;
    progress(added);
  };
  try {
    for await (const batch of batches(mails)) {
      if (batch.length === BATCH) threads ??= archive.openThreads?.();
      const maker = threads ?? archive.maker;
      const heads = maker.read(batch);
      // What fails meanwhile is told when its turn comes.
      heads.catch(() => {});
      await flush();
      add = async () => addBatch({ ...archive, maker }, await heads, false);
    }
    await flush();
  } finally {
    await threads?.close();
  }
  return added;
}

async function* batches(mails: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer[]> {
  let batch: Buffer[] = [];
  for await (const bytes of mails) {
    batch.push(bytes);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

interface UnfinishedWork {
  /** Where they are stored, and their lengths: of one whose length is another not all was written. */
  readonly mails: readonly (readonly [path: string, length: number])[];
  readonly before: Readonly<Record<string, string | null>>;
}

/** Puts the state back in which a killed process found it, and adds the mails once more that it had stored. */
async function recover(archive: Archive): Promise<number> {
  const { shelf } = archive;
  const noted = shelf.read(UNFINISHED_WORK);
  if (!noted) return 0;
  const { mails, before } = parsed(UNFINISHED_WORK, noted.toString()) as UnfinishedWork;
  for (const folder of new Set([...mails.map(([path]) => path), ...Object.keys(before)].map(dirname)))
    shelf.sweep(folder);
  for (const [path, content] of Object.entries(before)) {
    if (content === null) shelf.remove(path);
    else shelf.write(path, content);
  }
  const stored = mails.flatMap(([path, length]) => {
    const bytes = shelf.read(path);
    if (bytes?.length === length) return bytes;
    shelf.remove(path);
    return [];
  });
  return addBatch(archive, await archive.maker.read(stored), true);
}

async function addBatch(archive: Archive, mails: readonly Head[], isAgain: boolean): Promise<number> {
  const { shelf, pages, maker } = archive;
  const names = [...new Set(mails.map(({ list }) => list))];
  const lists = names.map(name => planList(shelf, name, mails, isAgain));
  const changed = lists.filter(({ incoming }) => incoming.length > 0);
  if (changed.length > 0) {
    const state = new Map(changed.flatMap(stateOf));
    const summaries = summariesWith(shelf, changed);
    state.set('lists.js', called('refpostLists', summaries));
    const before = [...state.keys()].map(path => [path, shelf.read(path)?.toString() ?? null] as const);
    const work: UnfinishedWork = {
      mails: changed.flatMap(({ incoming }) => incoming.map(({ path, length }) => [path, length] as const)),
      before: Object.fromEntries(before),
    };
    shelf.write(UNFINISHED_WORK, JSON.stringify(work));
    await maker.store(changed.flatMap(({ incoming }) => incoming.map(({ path }) => path)));
    for (const list of changed) await writePages(archive, list);
    shelf.put(...pages.site(summaries));
    for (const [path, content] of state) shelf.put(path, content);
    await shelf.settle();
  }
  shelf.remove(UNFINISHED_WORK);
  return changed.reduce((sum, { incoming }) => sum + incoming.length, 0);
}

async function writePages({ shelf, pages, maker }: Archive, list: ListChange): Promise<void> {
  const { name, incoming, after, changed } = list;
  const now = new Map(changed.map(({ part, rows }) => [rowsAt(name, part), rows]));
  const rowsNow = (part: Part) => now.get(rowsAt(name, part)) ?? list.rowsBefore(part);
  const filled = after.filter(({ count }) => count > 0);
  const near = pathsNear(name, filled, now);
  // The page of a mail that was answered for the first time leads to its thread now.
  for (const [start, rows] of list.threads) {
    const first = list.hadThread(start) ? undefined : rows.find(({ id }) => id === start);
    if (first) near.add(rowsAt(name, partFor(filled, first)));
  }
  const isNear = (part: Part) => near.has(rowsAt(name, part));
  const before = linksNear(list.before, list.rowsBefore, isNear, list.hadThread);
  const fresh = new Set(incoming.map(({ path }) => path));
  const hasThread = (start: string) => list.threads.has(start) || list.hadThread(start);
  const orders = [...linksNear(after, rowsNow, isNear, hasThread)].flatMap(([place, links]) => {
    const path = `${name}/${place}.eml`;
    const isNew = fresh.has(path);
    return isNew || before.get(place)?.mark !== links.mark ? [{ path, links: links.make(), isNew }] : [];
  });
  const written = maker.write(orders);
  // What fails meanwhile is told below.
  written.catch(() => {});
  const months = new Set(changed.map(({ part }) => part.month));
  // The pages of the parts beside them name no more than where these are.
  const hasMoreParts = filled.length !== list.before.filter(({ count }) => count > 0).length;
  for (const part of after) {
    const isOpen = part.end === '' && months.has(part.month);
    if (!isOpen && !(hasMoreParts ? isNear(part) : now.has(rowsAt(name, part)))) continue;
    const place = filled.findIndex(each => byTime(each, part) >= 0);
    const next = filled[place] === part ? filled[place + 1] : filled[place];
    const full = { part, rows: rowsNow(part) };
    const ofMonth = after.filter(each => each.month === part.month);
    const previous = filled[(place < 0 ? filled.length : place) - 1];
    for (const page of pages.part(name, full, ofMonth, previous, next)) shelf.put(...page);
  }
  for (const [start, rows] of list.threads) shelf.put(...pages.wholeThread(name, start, rows));
  for (const page of pages.list(name, filled)) shelf.put(...page);
  const newest: Row[] = [];
  for (const part of filled.toReversed()) {
    if (newest.length >= NEWEST) break;
    newest.push(...rowsNow(part).toReversed());
  }
  shelf.put(...pages.feed(name, newest.slice(0, NEWEST)));
  await written;
}
