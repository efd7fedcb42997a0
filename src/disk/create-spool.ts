import type { Stats } from 'node:fs';
import { chmod, lstat, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fault } from '../errors.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import { spoolRights } from './rights.ts';
import { errorCode, inSpool } from './spool-fault.ts';

/**
 * Makes the folders of a spool, or what is missing of them; where all is there, it costs two system calls a folder.
 * `shared` is the repository's `core.sharedRepository`. Folders that are there keep their rights, and get those that they lack
 * if they are ours: a repository may have become a shared one since. A link in the place of a folder is refused, but for the root: what is swept
 * there would be somebody else's.
 * Throws an OperatorError that says which directory, which user and what to do.
 */
export async function createSpool(root: string, shared: string): Promise<void> {
  const layout = spoolLayout(root);
  const rights = spoolRights(shared);
  await inSpool(dirname(root), () => mkdir(dirname(root), { recursive: true }));
  const { dropTmp, dropNew, dropBad, dropHeld, queue, done, failed, ledger } = layout;
  const drop = [dirname(dropNew), dropTmp, dropNew, dropBad, dropHeld];
  for (const folder of [root, ...drop, queue, done, failed, ledger]) {
    await inSpool(folder, () => ensureFolder(folder, rights.folder, folder === root ? stat : lstat));
  }
}

/**
 * Refuses a spool that is not to be trusted (INTERNALS, "Who must be trusted with what"): root works in root's only, and nobody in one
 * into which every user may write, unless the repository is shared with all of them.
 */
export async function refuseForeignSpool(root: string, shared: string): Promise<void> {
  const found = await inSpool(root, () => stat(root));
  if (process.geteuid?.() === 0 && found.uid !== 0) throw fault.foreignSpool(root);
  // Where the sticky bit is set, as on a disk of its own, nobody can take away what another one has made (inode(7)).
  const openToAll = (found.mode & 0o1002) === 0o002;
  if (openToAll && (spoolRights(shared).folder & 0o002) === 0) throw fault.openSpool(root);
}

async function ensureFolder(
  path: string,
  mode: number,
  look: (path: string) => Promise<Stats>,
): Promise<void> {
  try {
    await mkdir(path, mode);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return widen(path, mode, await look(path));
  }
  // mkdir(2) takes the umask away from what was asked for.
  await chmod(path, mode);
}

async function widen(path: string, mode: number, found: Stats): Promise<void> {
  if (!found.isDirectory()) throw Object.assign(new Error('it is not a folder'), { code: 'ENOTDIR' });
  const bits = found.mode & 0o7777;
  const ours = found.uid === process.geteuid?.();
  if (ours && (bits & mode) !== mode) await chmod(path, bits | mode);
}
