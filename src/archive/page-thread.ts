import { parentPort, workerData } from 'node:worker_threads';
import { errorCode } from '../disk/files.ts';
import type { Archive } from './add-mails.ts';
import { openArchive } from './open-archive.ts';
import { carryOut, type ThreadAnswer, type ThreadCall, type ThreadData } from './page-threads.ts';
import { folderShelf } from './shelf.ts';

/** Starts this thread as one of those of `pageThreads`. */
export function startPageThread(): void {
  const { root, home, look } = workerData as ThreadData;
  const archive = openArchive(folderShelf(root, true), home, look);
  let last: Promise<unknown> = Promise.resolve();
  parentPort?.on('message', (asked: ThreadCall) => {
    last = last.then(async () => parentPort?.postMessage(await answer(archive, asked)));
  });
}

async function answer(archive: Promise<Archive>, asked: ThreadCall): Promise<ThreadAnswer> {
  try {
    return { value: await carryOut((await archive).maker, asked) };
  } catch (error) {
    const code = errorCode(error);
    return { error: (error as Error).message, ...(code === undefined ? {} : { code }) };
  }
}
