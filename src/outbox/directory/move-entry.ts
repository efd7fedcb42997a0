import { access, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile, unlessMissing } from '../../disk/durable.ts';
import { errorCode, inSpool } from '../../disk/spool-fault.ts';
import type { EntryRef, Place } from '../outbox.ts';
import { NOTE } from './entry-document.ts';
import type { EntryName } from './entry-name.ts';
import { entryPath, type Spool } from './spool.ts';

/** In the order in which entries leave them. */
export const PLACES: readonly Place[] = ['queue', 'failed', 'done'];

/**
 * Moves an entry to a place, wherever it is: one rename, so it is never in two places or in none. Returns false if it
 * is gone. A worker and a person may want to move the same entry; the one who comes second looks for it again.
 */
export async function moveEntry(spool: Spool, name: EntryName, place: Place): Promise<boolean> {
  for (let ref = await locate(spool, name); ref; ref = await locate(spool, name)) {
    if (ref.place === place || (await tryMove(spool, ref, place))) return true;
  }
  return false;
}

/** How often to look through all places for an entry that others may be moving meanwhile. */
const LOOKS = 5;

/** Where an entry is now. */
export async function locate(spool: Spool, { number, id }: EntryName): Promise<EntryRef | undefined> {
  for (let look = 0; look < LOOKS; look++) {
    for (const place of PLACES) {
      const ref = { place, number, id };
      const path = entryPath(spool, ref);
      if (await inSpool(path, () => access(path).then(() => true, unlessMissing(false)))) return ref;
    }
  }
  return undefined;
}

/**
 * Takes a damaged entry out of the way of the others and keeps it for a person, with a note that says why.
 * Its number and push id are in its name; the mails may be whole.
 */
export async function putAside(
  spool: Spool,
  ref: EntryRef,
  damaged: string,
): Promise<{ readonly ref: EntryRef; readonly damaged: string }> {
  const note = join(entryPath(spool, ref), NOTE);
  const words = `refpost put this push aside: ${damaged}. Its mails were not all sent; they are in the file "mails".\n`;
  await inSpool(note, () => replaceFile(note, words, spool.rights.file));
  await moveEntry(spool, ref, 'failed');
  return { ref: { ...ref, place: 'failed' }, damaged };
}

/** False if it was no longer there. No entry is in two places: what has its name there is nothing of ours, and keeps no worker. */
async function tryMove(spool: Spool, ref: EntryRef, place: Place): Promise<boolean> {
  const [from, to] = [entryPath(spool, ref), entryPath(spool, { ...ref, place })];
  const move = () => rename(from, to).then(() => true, unlessMissing(false));
  return inSpool(to, () =>
    move().catch(async error => {
      if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error;
      await rm(to, { recursive: true, force: true });
      return move();
    }),
  );
}
