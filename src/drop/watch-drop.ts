import { type FSWatcher, watch } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SpoolLayout } from '../model/spool-layout.ts';
import { recordNames } from './drop.ts';

/** Where events do not come (network file systems, no inotify watch left), a look at the folder finds the record. */
const LOOK_AGAIN = 3000;

/** The hook that has written a record still syncs it, while somebody waits: it has the machine to itself for so many milliseconds. */
const LEAVE = 50;

/** Milliseconds; a longer timer would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

export interface Watch {
  /** The records that the caller knows and leaves where they are. */
  readonly seen: ReadonlySet<string>;
  /** Milliseconds after which to stop waiting. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/**
 * Waits until a record lies in drop/new that the caller has not seen: true, and at once if it lies there already. False
 * after the timeout or when the signal is aborted. The folder is watched before it is listed, so that no record comes
 * unnoticed between the two, however long ago the caller listed it.
 */
export async function watchDrop(layout: SpoolLayout, { seen, timeout, signal }: Watch): Promise<boolean> {
  const bell = makeBell();
  let over = signal.aborted;
  const end = (): void => {
    over = true;
    bell.ring();
  };
  const watcher = openWatcher(layout.dropNew, bell.ring);
  const clock = setInterval(bell.ring, LOOK_AGAIN);
  const deadline = setTimeout(end, Math.min(timeout, LONGEST_TIMER));
  signal.addEventListener('abort', end);
  try {
    for (;;) {
      const names = await recordNames(layout);
      if (names.some(name => !seen.has(name))) {
        await sleep(LEAVE);
        return true;
      }
      if (over) return false;
      await bell.rung();
    }
  } finally {
    signal.removeEventListener('abort', end);
    clearTimeout(deadline);
    clearInterval(clock);
    watcher?.close();
  }
}

/** A bell that remembers to have been rung while nobody listened. */
function makeBell(): { readonly ring: () => void; readonly rung: () => Promise<void> } {
  let wake: () => void;
  let next = new Promise<void>(resolve => {
    wake = resolve;
  });
  return {
    ring: () => wake(),
    rung: async () => {
      await next;
      next = new Promise(resolve => {
        wake = resolve;
      });
    },
  };
}

function openWatcher(folder: string, ring: () => void): FSWatcher | undefined {
  try {
    return watch(folder, ring).on('error', ring);
  } catch {
    return undefined; // The clock is left.
  }
}
