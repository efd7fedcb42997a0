import { parentPort, workerData } from 'node:worker_threads';
import { errorCode } from '../disk/files.ts';
import { openArchive } from './open-archive.ts';
import type { ThreadAnswer, ThreadCall, ThreadData } from './page-threads.ts';
import { folderShelf } from './shelf.ts';

/** One of the threads of `pageThreads`: its start, in a program of its own. */
const { root, home, look } = workerData as ThreadData;
const archive = openArchive(folderShelf(root, true), home, look);

async function answer(asked: ThreadCall): Promise<ThreadAnswer> {
  try {
    const { maker } = await archive;
    // On its way a Buffer has become its plain bytes.
    if (asked.call === 'read') {
      return {
        value: await maker.read(
          asked.value.map(bytes => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)),
        ),
      };
    }
    return { value: await (asked.call === 'store' ? maker.store(asked.value) : maker.write(asked.value)) };
  } catch (error) {
    const code = errorCode(error);
    return { error: (error as Error).message, ...(code === undefined ? {} : { code }) };
  }
}

let last: Promise<unknown> = Promise.resolve();
parentPort?.on('message', (asked: ThreadCall) => {
  last = last.then(async () => parentPort?.postMessage(await answer(asked)));
});
