import { userInfo } from 'node:os';
import { fault } from '../errors.ts';

/**
 * Runs something that touches `path` in the spool. What an operator can mend (rights, space, a damaged
 * disk) is thrown as an OperatorError that names path and user; anything else as it came.
 */
export async function inSpool<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw spoolFault(path, error);
  }
}

export function spoolFault(path: string, error: unknown): unknown {
  switch (errorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return fault.spoolFull(path, error);
    case 'EFBIG':
      return fault.spoolFileTooLarge(path, error);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return fault.spoolDenied(path, currentUser(), errorCode(error) === 'EROFS', error);
    case 'EIO':
    case 'ENOTDIR':
    case 'EISDIR':
    case 'EEXIST':
    case 'ELOOP':
    case 'ENOTEMPTY':
      return fault.spoolBroken(path, (error as Error).message, error);
    default:
      return error;
  }
}

/** The name of a system call's error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

/** undefined in place of the error if something is not there. */
export async function unlessAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** What the disk gave back is not what was written, as the end of a sentence. */
export interface Damaged {
  readonly damaged: string;
}

/** A disk that cannot give a file back has damaged it: that is one entry's misfortune, not the spool's. */
export async function unlessLost<T>(what: string, work: Promise<T>): Promise<T | Damaged> {
  try {
    return await work;
  } catch (error) {
    if (errorCode(error) === 'EIO') return { damaged: `${what} cannot be read from the disk` };
    throw error;
  }
}

/** Does not leave a file open that nobody will get to see. */
export async function closingOnError<T>(
  file: { close(): Promise<void> } | undefined,
  work: Promise<T>,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    await file?.close();
    throw error;
  }
}

/** A container's user may have no name. */
function currentUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.geteuid?.()}`;
  }
}
