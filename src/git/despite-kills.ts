import { setTimeout as sleep } from 'node:timers/promises';
import { GitFailure } from './git.ts';

/** Pauses before another try, in milliseconds. */
const PAUSES = [100, 1000, 5000];

/**
 * Does something anew where git was killed under it, three times at the most: where a hook has started the worker, nobody
 * comes later to do it.
 */
export async function despiteKills<T>(task: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES) {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof GitFailure && error.killed)) throw error;
      await sleep(pause);
    }
  }
  return task();
}
