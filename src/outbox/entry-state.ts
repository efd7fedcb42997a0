import type { RetryPolicy } from '../model/config.ts';
import type { JournalEvent, OutboxEntry } from '../model/outbox-entry.ts';
import { remembered } from '../model/remembered.ts';

/** A mail that a recipient still waits for. All moments here are milliseconds since 1970. */
export interface Waiting {
  readonly state: 'waiting';
  /** Tries that ended in "later". */
  readonly attempts: number;
  /** Queued, or asked for again by a person: giving up counts from here. */
  readonly since: number;
  /** The last "later"; `since` before the first. */
  readonly deferredAt: number;
  readonly notBefore: number;
  /** Offered, and no answer was written down. If another process wrote that, it died meanwhile: the mail may have arrived. */
  readonly uncertain: boolean;
  /** The last word of the server. */
  readonly reply?: string;
  /** When the server could not be reached, if that was the last that happened. */
  readonly unreachedAt?: number;
  /** And waiting does not help. */
  readonly lasting?: boolean;
  /** Why it could not even be offered, if that was the last that happened. */
  readonly held?: { readonly at: number; readonly what: string; readonly remedy: string };
}

/** The end of a mail for a recipient. `rejected`: given up, by a reply or after days. `dropped`: a person gave it up. */
interface Settled {
  readonly state: 'sent' | 'rejected' | 'dropped';
  readonly at: number;
  readonly reply?: string;
}

export type RecipientState = Waiting | Settled;

/** What has become of a mail, by recipient. */
export type MailState = ReadonlyMap<string, RecipientState>;

/** What has become of an entry so far. Never stored: folded from the journal. */
export interface EntryState {
  /** So many mails a page, in their order: what an event changes is copied, and of a large push that must not be all. */
  readonly pages: readonly (readonly MailState[])[];
  /** For each recipient with a mail left to come: the number of their next one. */
  readonly lanes: ReadonlyMap<string, number>;
  /** Journal lines that could not be read, or speak of a mail or recipient that the entry does not have. */
  readonly unreadable: number;
}

/** An entry to which nothing has happened yet. */
export function newState(entry: OutboxEntry): EntryState {
  const waiting = waitingSince(entry.queuedAt);
  const lanes = new Map<string, number>();
  const pages: MailState[][] = [];
  // Nearly always they are the same in all mails.
  const all = remembered(
    1,
    (to: readonly string[]): MailState => new Map(to.map(recipient => [recipient, waiting])),
    to => to.join(),
  );
  for (const { number, envelope } of entry.mails) {
    for (const recipient of envelope.to) if (!lanes.has(recipient)) lanes.set(recipient, number);
    if ((number - 1) % PAGE === 0) pages.push([]);
    pages.at(-1)?.push(all(envelope.to));
  }
  return { pages, lanes, unreadable: 0 };
}

/** Mails in a page. */
export const PAGE = 128;

/** What has become of each mail, in their order. */
export function mailStates({ pages }: Pick<EntryState, 'pages'>): readonly MailState[] {
  return pages.flat();
}

/** What has become of mail n; undefined if there is none. */
export function mailState(state: Pick<EntryState, 'pages'>, number: number): MailState | undefined {
  return state.pages[Math.floor((number - 1) / PAGE)]?.[(number - 1) % PAGE];
}

export function waitingSince(since: number): Waiting {
  return { state: 'waiting', attempts: 0, since, deferredAt: since, notBefore: since, uncertain: false };
}

/**
 * When a mail may be tried; never, if it is settled. What was deferred in the future was deferred by a clock that went wrong, and
 * may be tried at once.
 */
export function dueAt(was: RecipientState | undefined, now: number): number {
  if (was?.state !== 'waiting') return Number.POSITIVE_INFINITY;
  return was.deferredAt > now ? now : was.notBefore;
}

/** True when no recipient waits for anything any more. */
export function isSettled(state: EntryState): boolean {
  return state.lanes.size === 0;
}

/** True if a mail was given up without a person having said so. */
export function hasRejected(state: EntryState): boolean {
  return mailStates(state).some(mail => [...mail.values()].some(recipient => recipient.state === 'rejected'));
}

/** What is to be done for an entry: offer this mail to these recipients, come back at that moment, or nothing ever. */
export type Due =
  | { readonly due: 'now'; readonly mail: number; readonly recipients: readonly string[] }
  | { readonly due: 'later'; readonly at: number }
  | { readonly due: 'never' };

/**
 * The lowest mail that is next for at least one recipient and may be tried at `now`, with all recipients for whom it is both. A mail
 * is next for a recipient when all before it are settled for them: they read the push in order, and one who greylists holds nobody else.
 */
export function dueMail(state: EntryState, now: number): Due {
  let [mail, at] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let recipients: string[] = [];
  for (const [recipient, number] of state.lanes) {
    const moment = dueAt(mailState(state, number)?.get(recipient), now);
    at = Math.min(at, moment);
    if (moment > now || number > mail) continue;
    if (number < mail) recipients = [];
    mail = number;
    recipients.push(recipient);
  }
  if (recipients.length > 0) return { due: 'now', mail, recipients };
  return at === Number.POSITIVE_INFINITY ? { due: 'never' } : { due: 'later', at };
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

/** Where an entry belongs. */
export function placeOf(state: EntryState): 'queue' | 'done' | 'failed' {
  if (!isSettled(state)) return 'queue';
  return hasRejected(state) ? 'failed' : 'done';
}

/** What a person says who has all mails tried again that were not sent. */
export function retries(state: EntryState, at: number): readonly JournalEvent[] {
  return mailStates(state).flatMap((recipients, index) => {
    const unsent = [...recipients.values()].some(({ state }) => state !== 'sent');
    return unsent ? [{ at, event: 'retry' as const, mail: index + 1 }] : [];
  });
}

/** The same for one who gives them up. By name, because an event without a recipient is about those who wait, not about those for whom the mail was given up. */
export function drops(state: EntryState, at: number): readonly JournalEvent[] {
  return mailStates(state).flatMap((recipients, index) =>
    [...recipients]
      .filter(([, { state }]) => state === 'waiting' || state === 'rejected')
      .map(([recipient]) => ({ at, event: 'dropped' as const, mail: index + 1, recipient })),
  );
}
