import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseAway } from '../errors.ts';
import type { World } from '../model/world.ts';
import { type Log, reasonOf } from './log.ts';

/** While the database of the outbox is away it is tried as often as this at first, and at least as often as that, in milliseconds. */
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 60_000;

/**
 * What a worker does while the database of its outbox is away: recorded pushes stay where they are, and it is tried again, with growing
 * waits. The log hears of it once, in whatever words it comes, as long as the same is to be done about it; and when it is back.
 * @param isOnce nothing is waited for
 */
export function openAway({ now, progress }: World, log: Log, isOnce: boolean, signal: AbortSignal) {
  let remedy: string | undefined;
  let since = 0;
  let failures = 0;

  return {
    /** Does some work, from its start each time that the database was away meanwhile; undefined where the worker was told to stop while it waited. */
    async through<T>(work: () => Promise<T>): Promise<T | undefined> {
      for (;;) {
        try {
          return await work();
        } catch (error) {
          if (!(error instanceof DatabaseAway) || isOnce) throw error;
          if (signal.aborted) return undefined;
          if (remedy === undefined) since = now();
          if (remedy !== error.remedy) log('away', { reason: reasonOf(error) });
          remedy = error.remedy;
          const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures++) * (0.8 + 0.4 * Math.random());
          progress('the database is away; Ctrl-C stops the worker');
          await sleep(wait, undefined, { signal }).catch(() => undefined);
        }
      }
    },
    /** To be called when it has answered. */
    isBack(): void {
      if (remedy !== undefined) log('back', { after: `${Math.round((now() - since) / 1000)}s` });
      remedy = undefined;
      failures = 0;
    },
  };
}
