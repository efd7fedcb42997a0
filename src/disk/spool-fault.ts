import { userInfo } from 'node:os';
import { fault } from '../errors.ts';

/**
 * Runs something that touches `path` in the spool. What an operator can fix (rights, space, a damaged
 * disk) is thrown as an OperatorError that names path and user; anything else as it came.
 */
export async function inSpool<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw spoolFault(path, error);
  }
}

/** The same, and `otherwise` where what it touches is not there (any more). */
export function ifThere<T, U>(path: string, work: () => T | Promise<T>, otherwise: U): Promise<T | U> {
  return inSpool(path, async () => {
    try {
      return await work();
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return otherwise;
      throw error;
    }
  });
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
export function unlessLost<T>(
  path: string,
  what: string,
  read: () => T | Promise<T>,
): Promise<T | Damaged | undefined> {
  const reading = async () => {
    try {
      return await read();
    } catch (error) {
      const code = errorCode(error) ?? '';
      if (code === 'EIO') return { damaged: `${what} cannot be read from the disk` };
      if (['ELOOP', 'ENOTDIR', 'ENXIO', 'EISDIR', 'EFBIG'].includes(code))
        return { damaged: `${what} is not a file of refpost` };
      throw error;
    }
  };
  return ifThere(path, reading, undefined);
}

/** A container's user may have no name. */
function currentUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.geteuid?.()}`;
  }
}
