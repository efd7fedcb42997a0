import type { RetryPolicy } from '../model/config.ts';
import type { Waiting } from './entry-state.ts';

/**
 * Milliseconds to wait after the try number `attempts` (1: the first) ended in "later": `firstWait`, doubled with
 * each further try up to `maxWait`, and 20 % more or less, so that what failed together does not come back together.
 * `random` is in [0, 1).
 */
export function nextTry(attempts: number, policy: RetryPolicy, random: number): number {
  const doublings = Math.min(Math.max(attempts - 1, 0), 50);
  const wait = Math.min(policy.firstWait * 2 ** doublings, policy.maxWait);
  return Math.round(wait * (0.8 + 0.4 * random));
}

/** True if a mail that is put off at `now` (milliseconds since 1970) has waited long enough and is to be given up. */
export function isTooOld(waiting: Waiting, policy: RetryPolicy, now: number): boolean {
  return now - waiting.since > policy.giveUpAfter;
}
