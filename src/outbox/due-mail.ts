import type { RetryPolicy } from '../model/config.ts';
import { dueAt, type EntryState, mailState, type Waiting } from './entry-state.ts';

/** What is to be done for an entry: offer this mail to these recipients, come back at that moment, or nothing ever. */
export type Due =
  | { readonly due: 'now'; readonly mail: number; readonly recipients: readonly string[] }
  | { readonly due: 'later'; readonly at: number }
  | { readonly due: 'never' };

/**
 * The lowest mail that is next for at least one recipient and may be tried at `now` (milliseconds since 1970), with
 * all recipients for whom it is both. A mail is next for a recipient when all before it are settled
 * for him: he reads the push in order, and one who greylists holds nobody else.
 */
export function dueMail(state: EntryState, now: number): Due {
  let mail = Number.POSITIVE_INFINITY;
  let next = Number.POSITIVE_INFINITY;
  let recipients: string[] = [];
  for (const [recipient, number] of state.lanes) {
    const at = dueAt(mailState(state, number)?.get(recipient), now);
    next = Math.min(next, at);
    if (at > now || number > mail) continue;
    if (number < mail) recipients = [];
    mail = number;
    recipients.push(recipient);
  }
  if (recipients.length > 0) return { due: 'now', mail, recipients };
  return next === Number.POSITIVE_INFINITY ? { due: 'never' } : { due: 'later', at: next };
}

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

/** True if a mail that is deferred at `now` (milliseconds since 1970) has waited long enough and is to be given up. */
export function isTooOld(waiting: Waiting, policy: RetryPolicy, now: number): boolean {
  return now - waiting.since > policy.giveUpAfter;
}
