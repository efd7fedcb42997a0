import { access, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { spoolRights } from '../../disk/create-spool.ts';
import { errorCode, ifThere, inSpool, replaceFile, UNFINISHED } from '../../disk/files.ts';
import type { SpoolLayout } from '../../model/spool-layout.ts';
import type { EntryRef, Place } from '../outbox.ts';

/** A spool directory: where its things are, and the rights of what is made in it. */
export interface Spool {
  readonly layout: SpoolLayout;
  readonly rights: ReturnType<typeof spoolRights>;
}

/** What the name of an entry's folder says: `00000017-20261122T113000-9f86d081`. */
type EntryName = Omit<EntryRef, 'place'>;

/** The names of the files in an entry's folder. */
export const MAILS = 'mails';
export const JOURNAL = 'journal';
export const ENTRY = 'entry.json';
/** Why a damaged entry lies in `failed/`, for the person who looks there. */
const NOTE = 'note';

/** What the folder of a push starts with that is not divided yet: its entries are in there, all of them or those that are left. */
const UNDIVIDED = '.push-';

/** An entry, and whether its folder is still in that of its push. */
export interface FolderRef extends EntryRef {
  readonly undivided?: true;
}

/** In the order in which entries leave them. */
const PLACES: readonly Place[] = ['queue', 'failed', 'done'];

/** A file that tells the running worker that a person wants something done at once: it remembers when entries are due. */
export function nudgePath(spool: Spool): string {
  return join(spool.layout.queue, '.nudge');
}

/** Throws if the id would not make a plain file name: ids are made by refpost, so that is a bug. */
export function folderName({ number, id }: EntryName): string {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(id)) throw new Error(`not a push id: ${JSON.stringify(id)}`);
  return `${String(number).padStart(8, '0')}-${id}`;
}

/** The folder of an entry. */
export function entryPath(spool: Spool, { place, undivided, ...name }: FolderRef): string {
  return join(undivided ? undividedPath(spool, name.id) : spool.layout[place], folderName(name));
}

/** Where the entries of a push are until they are divided. */
export function undividedPath(spool: Spool, id: string): string {
  return join(spool.layout.queue, `${UNDIVIDED}${id}`);
}

/**
 * The entries in a place, lowest number first, by their names alone: nothing is opened. Those of a push that is not divided yet are in the
 * queue. What else lies there, links too, is passed over.
 */
export async function entriesIn(spool: Pick<Spool, 'layout'>, place: Place): Promise<FolderRef[]> {
  const folder = spool.layout[place];
  const found = await foldersIn(folder);
  const isDivided = place !== 'queue' || !found.some(isUndivided);
  const undivided = isDivided ? [] : await undividedAmong(spool, found);
  // What has left the folder of its push since then, all of it perhaps, is in the queue now.
  const refs = refsAmong(isDivided ? found : await foldersIn(folder), place);
  const numbers = new Set(refs.map(({ number }) => number));
  refs.push(...undivided.filter(({ number }) => !numbers.has(number)));
  return refs.sort((a, b) => a.number - b.number);
}

function isUndivided(folder: string): boolean {
  return folder.startsWith(UNDIVIDED);
}

async function undividedAmong(
  spool: Pick<Spool, 'layout'>,
  folders: readonly string[],
): Promise<readonly FolderRef[]> {
  const ids = folders.filter(isUndivided).map(name => name.slice(UNDIVIDED.length));
  const refs = await Promise.all(
    ids.map(async id => refsAmong(await foldersIn(join(spool.layout.queue, `${UNDIVIDED}${id}`)), 'queue')),
  );
  return refs.flat().map(ref => ({ ...ref, undivided: true }));
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const found = await ifThere(folder, () => readdir(folder, { withFileTypes: true }), []);
  return found.filter(each => each.isDirectory()).map(({ name }) => name);
}

function refsAmong(folders: readonly string[], place: Place): FolderRef[] {
  return folders.flatMap(name => {
    const [, number, id] = /^(\d{8,15})-([A-Za-z0-9][\w.-]*)$/.exec(name) ?? [];
    return number && id ? [{ place, number: Number(number), id }] : [];
  });
}

/** All entries of a spool by their names, newest first: each once, where it was seen last, though a worker moves it meanwhile. */
export async function newestFirst(spool: Spool): Promise<FolderRef[]> {
  const refs = new Map<string, FolderRef>();
  for (const place of PLACES) for (const ref of await entriesIn(spool, place)) refs.set(folderName(ref), ref);
  return [...refs.values()].sort((a, b) => b.number - a.number);
}

export function isThere(path: string): Promise<boolean> {
  return ifThere(path, () => access(path).then(() => true), false);
}

/** How often to look through all places for an entry that others may be moving meanwhile. */
const LOOKS = 5;

/** Where an entry is now. */
export async function locate(spool: Spool, { number, id }: EntryName): Promise<FolderRef | undefined> {
  const refs: readonly FolderRef[] = [
    ...PLACES.map(place => ({ place, number, id })),
    { place: 'queue', number, id, undivided: true },
  ];
  for (let look = 0; look < LOOKS; look++)
    for (const ref of refs) if (await isThere(entryPath(spool, ref))) return ref;
  return undefined;
}

/** Asks for something where an entry is, and again where it is then, until there is an answer: others may be moving it. undefined if it is gone. */
export async function wherever<T>(
  spool: Spool,
  name: EntryName,
  ask: (ref: FolderRef) => Promise<T | undefined>,
): Promise<T | undefined> {
  for (let ref = await locate(spool, name); ref; ref = await locate(spool, name)) {
    const answer = await ask(ref);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** Moves an entry to a place by one rename, wherever it is, unless it is gone. Of a worker and a person, who comes second looks for it again. */
export async function moveEntry(spool: Spool, name: EntryName, place: Place): Promise<void> {
  await wherever(spool, name, async ref => ref.place === place || tryMove(spool, ref, place));
}

/** undefined if it was no longer there. No entry is in two places: what has its name there is nothing of ours, and keeps no worker. */
function tryMove(spool: Spool, ref: FolderRef, place: Place): Promise<true | undefined> {
  const { number, id } = ref;
  const [from, to] = [entryPath(spool, ref), entryPath(spool, { place, number, id })];
  const move = async (): Promise<true> => {
    try {
      await rename(from, to);
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error;
      await rm(to, { recursive: true, force: true });
      await rename(from, to);
    }
    return true;
  };
  return ifThere(to, move, undefined);
}

/** Takes an entry away. Out of sight first: an entry is there with all its files, or it is not. */
export async function removeEntry(spool: Spool, ref: FolderRef): Promise<void> {
  const path = entryPath(spool, ref);
  const leaving = join(spool.layout.done, `${UNFINISHED}${ref.number}`);
  await inSpool(path, () => rename(path, leaving));
  await inSpool(path, () => rm(leaving, { recursive: true, force: true }));
}

/** Gives the entries of undivided pushes their places in the queue: from then on each goes its own way. Can be called again. */
export async function divide(spool: Spool): Promise<void> {
  const { queue } = spool.layout;
  const folders = (await foldersIn(queue)).filter(isUndivided);
  for (const ref of await undividedAmong(spool, folders)) await tryMove(spool, ref, 'queue');
  for (const path of folders.map(name => join(queue, name)))
    await inSpool(path, () => rm(path, { recursive: true, force: true }));
}

/** Takes a damaged entry out of the way of the others and keeps it for a person, with a note that says why: its mails may be whole. */
export async function putAside(spool: Spool, ref: FolderRef, damaged: string) {
  const note = join(entryPath(spool, ref), NOTE);
  const words = `refpost put this push aside: ${damaged}. Its mails were not all sent; they are in the file "mails".\n`;
  await inSpool(note, () => replaceFile(note, words, spool.rights.file));
  await moveEntry(spool, ref, 'failed');
  const { number, id } = ref;
  return { ref: { place: 'failed' as const, number, id }, damaged };
}
