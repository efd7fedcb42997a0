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
  let over = signal.aborted;
  let rung = false;
  let wake = (): void => {};
  const ring = (): void => {
    rung = true;
    wake();
  };
  const end = (): void => {
    over = true;
    ring();
  };
  const stops = watch.map(watcher => watcher(ring));
  const clock = setInterval(ring, LOOK_AGAIN);
  const deadline = setTimeout(end, Math.min(timeout, LONGEST_TIMER));
  signal.addEventListener('abort', end);
  try {
    for (;;) {
      rung = false;
      if (await isSo()) return true;
      if (over) return false;
      // A ring while it looked is not lost.
      if (!rung) await new Promise<void>(resolve => (wake = resolve));
    }
  } finally {
    signal.removeEventListener('abort', end);
    clearTimeout(deadline);
    clearInterval(clock);
    for (const stop of stops) stop();
  }
}

/** Watches the names in a folder, as far as the system can; rings so many milliseconds after something has come. */
export function folderWatcher(folder: string, delay = 0): Watcher {
  return ring => {
    let watcher: FSWatcher | undefined;
    let timer: NodeJS.Timeout | undefined;
    const ringLater = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        ring();
      }, delay);
    };
    try {
      watcher = watch(folder, ringLater).on('error', ring);
    } catch {
      // The clock is left.
    }
    return () => {
      clearTimeout(timer);
      watcher?.close();
    };
  };
}
