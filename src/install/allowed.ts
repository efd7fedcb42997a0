import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fault } from '../errors.ts';
import { exists } from './hook-file.ts';

/** Runs something that changes files of the repository; missing rights become a sentence that names the path. */
export async function allowed<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { code, path: named } = cause as NodeJS.ErrnoException;
    throw code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
      ? fault.installDenied(named ?? path, cause)
      : cause;
  }
}

/** Fails with a sentence if a folder cannot be changed or, where there is none yet, not be made. */
export async function demandWritable(folder: string): Promise<void> {
  if (await exists(folder)) await allowed(folder, () => access(folder, constants.W_OK | constants.X_OK));
  else await demandWritable(dirname(folder));
}
