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

export async function carryOut(maker: PageMaker, asked: ThreadCall): Promise<unknown> {
  if (asked.call === 'store') return maker.store(asked.value);
  if (asked.call === 'write') return maker.write(asked.value);
  // On its way to a thread a Buffer has become its plain bytes.
  return maker.read(asked.value.map(bytes => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)));
}

/** Whoever makes pages with others has indexes to make too, and so gets half of what they get. */
const OWN_PART = 0.5;

/** A PageMaker that divides the mails among threads (page-thread.ts) and the one that is asked. @param own for the part of that one */
export function pageThreads(data: ThreadData, count: number, own: PageMaker): PageMaker {
  const threads = Array.from({ length: count }, () => openThread(data));
  // It does its part at once, and so it is asked after the others.
  const makers = [...threads, { ask: (call: ThreadCall) => carryOut(own, call) }];
  const bounds = makers.map((_, at) => Math.min((at + 1) / (count + OWN_PART), 1));
  /** Which of them has kept a mail: of the batch that is read, and of the one before it. */
  let [before, owners] = [new Map<string, number>(), new Map<string, number>()];
  /** Gives each its own of some things. */
  const divide = async <T>(call: 'store' | 'write', all: readonly T[], pathOf: (one: T) => string) => {
    const shares: T[][] = makers.map(() => []);
    all.forEach((one, at) => {
      shares[before.get(pathOf(one)) ?? owners.get(pathOf(one)) ?? at % makers.length]?.push(one);
    });
    await Promise.all(shares.map((value, at) => makers[at]?.ask({ call, value } as unknown as ThreadCall)));
  };
  return {
    async read(mails) {
      [before, owners] = [owners, new Map()];
      const found = owners;
      const ends = bounds.map(bound => Math.round(bound * mails.length));
      const shares = makers.map((maker, at) =>
        maker.ask({ call: 'read', value: mails.slice(ends[at - 1] ?? 0, ends[at]) }),
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
  const program = JSON.stringify(join(data.home, 'bin', 'refpost.js'));
  const script = `require(${program}).runThread()`;
  const worker = new Worker(script, { eval: true, workerData: data, resourceLimits });
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
