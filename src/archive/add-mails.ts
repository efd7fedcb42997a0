import {
  called,
  type ListChange,
  linksNear,
  pathsNear,
  planList,
  rowsAt,
  stateOf,
  storedAt,
  summariesWith,
} from './list-change.ts';
import { folderOf, type Pages } from './pages.ts';
import { type ReadMail, readMail } from './read-mail.ts';
import { byTime, type Part, type Row } from './rows.ts';
import type { Shelf } from './shelf.ts';

/** An archive: its files, and how they look. */
export interface Archive {
  readonly shelf: Shelf;
  readonly pages: Pages;
}

/** How many mails are added at once: so many are in memory. */
const BATCH = 2000;
/** How many mails a feed has. */
const NEWEST = 25;
/** Which mails are being added, and what the files were that say which are there. */
const UNFINISHED_WORK = '.unfinished.json';

/** Adds mails to an archive, those that it does not have. Returns how many. What a killed process had begun is brought to its end first. */
export async function addMails(
  archive: Archive,
  mails: AsyncIterable<Buffer> | Iterable<Buffer>,
  progress: (added: number) => void = () => {},
): Promise<number> {
  let added = await recover(archive);
  let batch: ReadMail[] = [];
  const flush = async () => {
    added += await addBatch(archive, batch, false);
    batch = [];
    progress(added);
  };
  for await (const bytes of mails) {
    batch.push(await readMail(bytes));
    if (batch.length === BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  return added;
}

/** Where the page of a mail is. */
export async function pageOf(bytes: Buffer): Promise<string> {
  return storedAt(await readMail(bytes)).replace(/eml$/, 'html');
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
  const { mails, before } = JSON.parse(noted.toString()) as UnfinishedWork;
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
  return addBatch(archive, await Promise.all(stored.map(readMail)), true);
}

async function addBatch(archive: Archive, mails: readonly ReadMail[], isAgain: boolean): Promise<number> {
  const { shelf, pages } = archive;
  const names = [...new Set(mails.map(({ list }) => list))];
  const lists = names.map(name => planList(shelf, name, mails, isAgain));
  const changed = lists.filter(({ incoming }) => incoming.length > 0);
  if (changed.length > 0) {
    const state = new Map(changed.flatMap(stateOf));
    const summaries = summariesWith(shelf, changed);
    state.set('lists.js', called('refpostLists', summaries));
    const before = [...state.keys()].map(path => [path, shelf.read(path)?.toString() ?? null] as const);
    const work: UnfinishedWork = {
      mails: changed.flatMap(({ incoming }) =>
        incoming.map(mail => [storedAt(mail), mail.bytes.length] as const),
      ),
      before: Object.fromEntries(before),
    };
    shelf.write(UNFINISHED_WORK, JSON.stringify(work));
    for (const mail of changed.flatMap(list => list.incoming)) shelf.write(storedAt(mail), mail.bytes, true);
    for (const list of changed) await writePages(archive, list);
    shelf.write(...pages.site(summaries));
    for (const [path, content] of state) shelf.write(path, content);
  }
  shelf.remove(UNFINISHED_WORK);
  return changed.reduce((sum, { incoming }) => sum + incoming.length, 0);
}

async function writePages({ shelf, pages }: Archive, list: ListChange): Promise<void> {
  const { name, incoming, after, changed } = list;
  const now = new Map(changed.map(({ part, rows }) => [rowsAt(name, part), rows]));
  const rowsNow = (part: Part) => now.get(rowsAt(name, part)) ?? list.rowsBefore(part);
  const filled = after.filter(({ count }) => count > 0);
  const near = pathsNear(name, filled, now);
  const isNear = (part: Part) => near.has(rowsAt(name, part));
  const before = linksNear(list.before, list.rowsBefore, isNear);
  const mails = new Map(incoming.map(mail => [`${folderOf(mail).month}/${mail.id}`, mail]));
  for (const [path, links] of linksNear(after, rowsNow, isNear)) {
    const given = mails.get(path);
    if (!given && before.get(path)?.mark === links.mark) continue;
    const mail = given ?? (await readStored(shelf, `${name}/${path}.eml`));
    if (!mail) continue;
    for (const page of pages.message(mail, links.make())) shelf.write(...page, given !== undefined);
  }
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
    for (const page of pages.part(name, full, ofMonth, previous, next)) shelf.write(...page);
  }
  for (const page of pages.list(name, filled)) shelf.write(...page);
  const newest: Row[] = [];
  for (const part of filled.toReversed()) {
    if (newest.length >= NEWEST) break;
    newest.push(...rowsNow(part).toReversed());
  }
  shelf.write(...pages.feed(name, newest.slice(0, NEWEST)));
}

async function readStored(shelf: Shelf, path: string): Promise<ReadMail | undefined> {
  const bytes = shelf.read(path);
  return bytes && readMail(bytes);
}
