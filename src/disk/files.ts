import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fault } from '../errors.ts';

/** What starts with this is being made, or was when its maker died. */
export const UNFINISHED = '.tmp-';

/** Writes a new file, whole or in pieces, and waits for the disk. `mode` counts as it is: the umask takes nothing from it. */
export async function writeNew(
  path: string,
  content: Buffer | string | Iterable<string>,
  mode: number,
): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.chmod(mode);
    await writeFile(file, content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts new content in the place of a file at one moment: whoever reads it, and whatever dies, it is the old or the new. */
export async function replaceFile(path: string, content: Buffer | string, mode: number): Promise<void> {
  const unfinished = join(dirname(path), `${UNFINISHED}${basename(path)}`);
  await rm(unfinished, { recursive: true, force: true });
  await writeNew(unfinished, content, mode);
  await rename(unfinished, path);
  await syncFolder(dirname(path));
}

/** Makes the names in a folder durable: on Linux a rename may be lost in a power cut until its folder is synced (fsync(2)). */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR } = constants;

/**
 * Opens a file of a spool: for reading, or with `append` to add to it, and then a missing one is made with that mode. Others may be
 * allowed to write into the folder, so a link is not followed, and a pipe, a device or a second name of a file elsewhere is refused:
 * all of them with the code ELOOP. The caller closes the descriptor. Synchronous: for a small file, Node's threads take ten times as long.
 */
export function openPlain(path: string, append?: number): { readonly file: number; readonly found: Stats } {
  const flags = append === undefined ? O_RDONLY : O_RDWR | O_APPEND | O_CREAT;
  const file = openSync(path, flags | O_NOFOLLOW | O_NONBLOCK, append);
  const found = fstatSync(file);
  if (found.isFile() && (append === undefined || found.nlink === 1)) return { file, found };
  closeSync(file);
  throw Object.assign(new Error(`ELOOP: not a plain file, '${path}'`), { code: 'ELOOP' });
}

/** No file of a spool comes near this many bytes. A sparse file that somebody left there may, and would fill the memory. */
const MOST = 2 ** 28;

/** The content of a file of a spool. @throws with the code ELOOP where there is no plain file, EFBIG where it is far too large */
export function readPlain(path: string): Buffer {
  const { file, bytes } = openWhole(path);
  closeSync(file);
  return bytes;
}

/** The same as `openPlain`, and what the file holds. */
export function openWhole(path: string, append?: number): { readonly file: number; readonly bytes: Buffer } {
  const { file, found } = openPlain(path, append);
  try {
    return { file, bytes: readWhole(file, found.size) };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** What an open file of that size holds, from its start. */
export function readWhole(descriptor: number, size: number): Buffer {
  if (size > MOST) throw Object.assign(new Error(`EFBIG: ${size} bytes`), { code: 'EFBIG' });
  return readBytes(descriptor, 0, size);
}

/** So many bytes of an open file, less where it ends before. Not by way of Node's threads: that takes longer than to read a mail. */
export function readBytes(descriptor: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  for (let read = -1; filled < length && read !== 0; filled += read)
    read = readSync(descriptor, bytes, filled, length - filled, offset + filled);
  return filled < length ? bytes.subarray(0, filled) : bytes;
}

/** True where two paths lead to one file or folder, which is there. */
export function isSame(one: string, other: string): boolean {
  const [found, known] = [one, other].map(path => statSync(path, { throwIfNoEntry: false }));
  return found !== undefined && found.dev === known?.dev && found.ino === known.ino;
}

/** Runs something that touches `path`. What an operator can fix (rights, space, a damaged disk) is thrown as an OperatorError, the rest as it came. */
export async function inSpool<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw spoolFault(path, error);
  }
}

/** The same, and `otherwise` where what it touches is not there (any more). */
export async function ifThere<T, U>(path: string, work: () => T | Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await work();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return otherwise;
    throw spoolFault(path, error);
  }
}

const FULL = ['ENOSPC', 'EDQUOT'];
const DENIED = ['EACCES', 'EPERM', 'EROFS'];
const BROKEN = ['EIO', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ELOOP', 'ENXIO', 'ENAMETOOLONG', 'ENOTEMPTY'];

export function spoolFault(path: string, error: unknown): unknown {
  const code = errorCode(error) ?? '';
  if (FULL.includes(code)) return fault.spoolFull(path, error);
  if (code === 'EFBIG') return fault.spoolFileTooLarge(path, error);
  if (DENIED.includes(code)) return fault.spoolDenied(path, currentUser(), code === 'EROFS', error);
  return BROKEN.includes(code) ? fault.spoolBroken(path, (error as Error).message, error) : error;
}

/** The same for what was thrown anywhere: a system error that names its path is the operator's at every door. */
export function faultOf(error: unknown): unknown {
  const { path } = (error ?? {}) as NodeJS.ErrnoException;
  return path === undefined ? error : spoolFault(path, error);
}

/** The name of a system call's error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

/** What the disk gave back is not what was written, as the end of a sentence. */
export interface Damaged {
  readonly damaged: string;
}

/**
 * Reads something of an entry; undefined where it is not there. A disk that cannot give it back has damaged it, and so has who put
 * something else in its place: that is one entry's misfortune. @param what it is, as the start of a sentence
 */
export async function unlessLost<T>(
  path: string,
  what: string,
  read: () => T | Promise<T>,
): Promise<T | Damaged | undefined> {
  try {
    return await read();
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (code === 'ENOENT') return undefined;
    if (code === 'EIO') return { damaged: `${what} cannot be read from the disk` };
    if (['ELOOP', 'ENOTDIR', 'ENXIO', 'EISDIR', 'EFBIG'].includes(code))
      return { damaged: `${what} is not a file of refpost` };
    throw spoolFault(path, error);
  }
}

/** A container's user may have no name. */
export function currentUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.geteuid?.()}`;
  }
}
