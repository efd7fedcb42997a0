import { type FSWatcher, watch } from 'node:fs';

/** Where events do not come (network file systems, no inotify watch left), a look finds what has come, after so many milliseconds. */
const LOOK_AGAIN = 3000;

/** Milliseconds; a longer timer would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Calls back when something may have changed, until the function that it returns is called. */
export type Watcher = (ring: () => void) => () => void;

export interface Wait {
  readonly watch: readonly Watcher[];
  /** Milliseconds after which to stop waiting. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/**
 * Waits until something is so: true, and at once if it is already. False after the timeout or when the signal is aborted. What is
 * watched is watched before the first look, so that nothing comes unnoticed between the two.
 */
export async function waitUntil(
  isSo: () => Promise<boolean>,
  { watch, timeout, signal }: Wait,
): Promise<boolean> {
  const bell = makeBell();
  let over = signal.aborted;
  const end = (): void => {
    over = true;
    bell.ring();
  };
  const stops = watch.map(watcher => watcher(bell.ring));
  const clock = setInterval(bell.ring, LOOK_AGAIN);
  const deadline = setTimeout(end, Math.min(timeout, LONGEST_TIMER));
  signal.addEventListener('abort', end);
  try {
    for (;;) {
      if (await isSo()) return true;
      if (over) return false;
      await bell.rung();
    }
  } finally {
    signal.removeEventListener('abort', end);
    clearTimeout(deadline);
    clearInterval(clock);
    for (const stop of stops) stop();
  }
}

/** Watches the names in a folder, as far as the system can. */
export function folderWatcher(folder: string): Watcher {
  return ring => {
    let watcher: FSWatcher | undefined;
    try {
      watcher = watch(folder, ring).on('error', ring);
    } catch {
      // The clock is left.
    }
    return () => watcher?.close();
  };
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
