import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Head, PageMaker, PageOrder } from './page-maker.ts';
import type { Look } from './pages.ts';

/** What a thread is given at its start. */
export interface ThreadData {
  readonly root: string;
  readonly home: string;
  readonly look: Look;
}

/** A call of one of the functions of a PageMaker, and what came of it: the answers come in the order of the calls. */
export type ThreadCall =
  | { readonly call: 'read'; readonly value: readonly Uint8Array[] }
  | { readonly call: 'store'; readonly value: readonly string[] }
  | { readonly call: 'write'; readonly value: readonly PageOrder[] };
export type ThreadAnswer = { readonly value: unknown } | { readonly error: string; readonly code?: string };

/** A PageMaker that divides the mails among threads (page-thread.ts). */
export function pageThreads(data: ThreadData, count: number): PageMaker {
  const threads = Array.from({ length: count }, () => openThread(data));
  /** Which thread has kept a mail: of the batch that is read, and of the one before it. */
  let [before, owners] = [new Map<string, number>(), new Map<string, number>()];
  /** Gives each thread its own of some things. */
  const divide = async <T>(call: 'store' | 'write', all: readonly T[], pathOf: (one: T) => string) => {
    const shares: T[][] = threads.map(() => []);
    all.forEach((one, at) => {
      shares[before.get(pathOf(one)) ?? owners.get(pathOf(one)) ?? at % count]?.push(one);
    });
    await Promise.all(shares.map((value, at) => threads[at]?.ask({ call, value } as unknown as ThreadCall)));
  };
  return {
    async read(mails) {
      [before, owners] = [owners, new Map()];
      const found = owners;
      const each = Math.ceil(mails.length / count);
      const shares = threads.map((thread, at) =>
        thread.ask({ call: 'read', value: mails.slice(at * each, (at + 1) * each) }),
      );
      const heads = (await Promise.all(shares)) as Head[][];
      heads.forEach((own, at) => {
        for (const { path } of own) if (!found.has(path)) found.set(path, at);
      });
      return heads.flat();
    },
    store: paths => divide('store', paths, path => path),
    write: orders => divide('write', orders, ({ path }) => path),
    close: async () => void (await Promise.all(threads.map(thread => thread.close()))),
  };
}

function openThread(data: ThreadData) {
  // Room for what is of use for a moment: to look through it more often costs a tenth of the time.
  const resourceLimits = { maxYoungGenerationSizeMb: 64 };
  const worker = new Worker(join(data.home, 'dist', 'page-thread.cjs'), { workerData: data, resourceLimits });
  /** Those who wait for an answer, in the order of their calls. */
  const waiting: ((answer: ThreadAnswer) => void)[] = [];
  let died: ThreadAnswer | undefined;
  const die = (error: string) => {
    died ??= { error };
    for (const tell of waiting.splice(0)) tell(died);
  };
  worker.on('message', (answer: ThreadAnswer) => waiting.shift()?.(answer));
  worker.on('error', error => die(error.message));
  worker.on('exit', code => die(`a thread ended with ${code}`));
  return {
    async ask(call: ThreadCall): Promise<unknown> {
      const answer = await new Promise<ThreadAnswer>(resolve => {
        if (died) return resolve(died);
        waiting.push(resolve);
        worker.postMessage(call);
      });
      if ('value' in answer) return answer.value;
      throw Object.assign(new Error(answer.error), { code: answer.code });
    },
    close: () => worker.terminate(),
  };
}
