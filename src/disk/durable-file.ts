import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { inSpool } from './spool-fault.ts';

/** What begins with this is being made, or was when its maker died. */
export const UNFINISHED = '.tmp-';

/** Writes a new file and waits for the disk. `mode` counts as it is: the umask takes nothing from it. */
export async function writeNew(path: string, content: string, mode: number): Promise<void> {
  await inSpool(path, async () => {
    const file = await open(path, 'wx', mode);
    try {
      await file.chmod(mode);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

/** Puts new content in the place of a file at one moment: whoever reads it, and whatever dies, it is the old or the new. */
export async function replaceFile(path: string, content: string, mode: number): Promise<void> {
  const unfinished = join(dirname(path), `${UNFINISHED}${basename(path)}`);
  await inSpool(path, async () => {
    await rm(unfinished, { force: true });
    await writeNew(unfinished, content, mode);
    await rename(unfinished, path);
  });
  await syncFolder(dirname(path));
}

/** Makes the names in a folder durable: on Linux a rename may be lost in a power cut until its folder is synced (fsync(2)). */
export async function syncFolder(path: string): Promise<void> {
  await inSpool(path, async () => {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  });
}
