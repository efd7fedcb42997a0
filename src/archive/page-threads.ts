import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Head, PageMaker, PageOrder } from './page-maker.ts';
import type { AddressStyle } from './pages.ts';

/** What a thread is given at its start. */
export interface ThreadData {
  readonly root: string;
  readonly home: string;
  readonly addresses: AddressStyle;
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
  const owners = new Map<string, number>();
  /** Gives each thread its own of some things. */
  const divide = async <T>(call: 'store' | 'write', all: readonly T[], pathOf: (one: T) => string) => {
    const shares: T[][] = threads.map(() => []);
    all.forEach((one, at) => {
      shares[owners.get(pathOf(one)) ?? at % count]?.push(one);
    });
    await Promise.all(shares.map((value, at) => threads[at]?.ask({ call, value } as unknown as ThreadCall)));
  };
  return {
    async read(mails) {
      owners.clear();
      const each = Math.ceil(mails.length / count);
      const shares = threads.map((thread, at) =>
        thread.ask({ call: 'read', value: mails.slice(at * each, (at + 1) * each) }),
      );
      const heads = (await Promise.all(shares)) as Head[][];
      heads.forEach((own, at) => {
        for (const { path } of own) if (!owners.has(path)) owners.set(path, at);
      });
      return heads.flat();
    },
    store: paths => divide('store', paths, path => path),
    write: orders => divide('write', orders, ({ path }) => path),
    close: async () => void (await Promise.all(threads.map(thread => thread.close()))),
  };
}

function openThread(data: ThreadData) {
  const worker = new Worker(join(data.home, 'dist', 'page-thread.cjs'), { workerData: data });
  // Whoever waits for an answer is told; who does not, by the next call.
  const died = once(worker, 'exit').then(
    ([code]) => Promise.reject(new Error(`a thread ended with ${code}`)),
    (error: Error) => Promise.reject(error),
  );
  died.catch(() => {});
  return {
    async ask(call: ThreadCall): Promise<unknown> {
      worker.postMessage(call);
      const [answer] = (await Promise.race([once(worker, 'message'), died])) as [ThreadAnswer];
      if ('value' in answer) return answer.value;
      throw Object.assign(new Error(answer.error), { code: answer.code });
    },
    close: () => worker.terminate(),
  };
}
