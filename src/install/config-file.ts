import { constants } from 'node:fs';
import { copyFile, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { fault } from '../errors.ts';

/**
 * Changes a config file at one moment, under git's own lock (`<file>.lock`), so that neither git nor a crash gets in
 * between. `edit` works on a copy; `commit` sees both contents just before the copy takes the file's place.
 */
export async function editConfig(
  config: string,
  edit: (copy: string) => Promise<void>,
  commit: (before: Buffer, after: Buffer) => Promise<void>,
): Promise<void> {
  const file = await realpath(config);
  const lock = `${file}.lock`;
  await copyFile(file, lock, constants.COPYFILE_EXCL).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'EEXIST' ? fault.configLocked(lock) : cause;
  });
  try {
    await edit(lock);
    const [before, after] = [await readFile(file), await readFile(lock)];
    await commit(before, after);
    if (before.equals(after)) await rm(lock);
    else {
      await sync(lock);
      await rename(lock, file);
    }
  } catch (cause) {
    await rm(lock, { force: true });
    throw cause;
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
