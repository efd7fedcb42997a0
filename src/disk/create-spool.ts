import { chmod, lstat, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fault } from '../errors.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import { errorCode, inSpool } from './files.ts';

/**
 * Makes the folders of a spool, or what is missing of them; where all is there, it costs two system calls a folder.
 * `shared` is the repository's `core.sharedRepository`. Folders that are there keep their rights, and get those that they lack
 * if they are ours: a repository may have become a shared one since. A link in the place of a folder is refused, but for the root: what
 * is swept there would be somebody else's. Throws an OperatorError that says which directory, which user and what to do.
 */
export async function createSpool(root: string, shared: string): Promise<void> {
  const { dropBad, dropHeld, queue, done, failed, ledger } = spoolLayout(root);
  await createFolders(root, shared, dropBad, dropHeld, queue, done, failed, ledger);
}

/** The same for those that a hook needs: what is wrong with the others is the worker's to say, and keeps no push from being recorded. */
export async function createDrop(root: string, shared: string): Promise<void> {
  await createFolders(root, shared);
}

async function createFolders(root: string, shared: string, ...more: readonly string[]): Promise<void> {
  const { dropTmp, dropNew } = spoolLayout(root);
  const rights = spoolRights(shared);
  await inSpool(dirname(root), () => mkdir(dirname(root), { recursive: true }));
  for (const folder of [root, dirname(dropNew), dropTmp, dropNew, ...more]) {
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

async function ensureFolder(path: string, mode: number, look: typeof lstat): Promise<void> {
  try {
    await mkdir(path, mode);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const found = await look(path);
    if (!found.isDirectory()) throw Object.assign(new Error('it is not a folder'), { code: 'ENOTDIR' });
    const isOurs = found.uid === process.geteuid?.();
    if (isOurs && (found.mode & mode) !== mode) await chmod(path, (found.mode & 0o7777) | mode);
    return;
  }
  // mkdir(2) takes the umask away from what was asked for.
  await chmod(path, mode);
}

/**
 * Permission bits of what is made in a spool, by `core.sharedRepository` (git-config(1); `git init --shared` writes 1 and 2). Of one user's
 * only they can read it, whatever their umask: private code is not to be read in mails. Folders of a group hand it on (setgid), as git's do.
 */
export function spoolRights(shared: string) {
  const file = fileMode(shared.toLowerCase());
  // Whoever may read a folder may also enter it.
  const enter = (file & 0o444) >> 2;
  const setgid = file & 0o070 ? 0o2000 : 0;
  return { folder: file | enter | setgid, file };
}

function fileMode(shared: string): number {
  if (/^(1|group|true|yes|on)$/.test(shared)) return 0o660;
  if (/^(2|all|world|everybody)$/.test(shared)) return 0o664;
  return 0o600 | (/^[0-7]{3,4}$/.test(shared) ? Number.parseInt(shared, 8) & 0o066 : 0);
}

/** What a directory lies on, by the number that statfs(2) gives for its file system on Linux (linux/magic.h). */
const SHARED: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x01161970, 'GFS2'],
  [0x7461636f, 'OCFS2'],
]);

/** These may be a disk of this machine or of many: sshfs and glusterfs, the folders that a virtual machine has from its host. */
const UNSURE: ReadonlyMap<number, string> = new Map([
  [0x65735546, 'FUSE'],
  [0x01021997, '9P'],
]);

/**
 * The name of the network file system on which a spool must not lie, since flock(2) does not reach other hosts there, or not always;
 * undefined where it may. Where the type leaves it open, a worker of another host that has not given the lock back decides.
 * @param type of the file system, as statfs(2) gives it
 */
export function networkDisk(type: number, heldElsewhere: boolean): string | undefined {
  const unsigned = type >>> 0;
  return SHARED.get(unsigned) ?? (heldElsewhere ? UNSURE.get(unsigned) : undefined);
}
