import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a new file and waits for the disk. The umask takes nothing from `mode`. */
export async function writeDurably(path: string, bytes: Buffer | string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.chmod(mode);
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts new content in the place of a file at one moment. */
export async function replaceFile(path: string, bytes: Buffer | string, mode: number): Promise<void> {
  const unfinished = `${path}.new`;
  await rm(unfinished, { force: true });
  await writeDurably(unfinished, bytes, mode);
  await rename(unfinished, path);
  await syncFolder(dirname(path));
}

/** Makes the names in a folder durable (fsync(2)). */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** For `catch`: a file that is not there (any more) comes to this value; any other error goes on. */
export function unlessMissing<T>(value: T): (cause: NodeJS.ErrnoException) => T {
  return cause => {
    if (cause.code === 'ENOENT') return value;
    throw cause;
  };
}
