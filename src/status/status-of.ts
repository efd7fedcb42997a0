import type { Count, Held, LastWord, Reason, Status, TransportWord } from '../model/status.ts';
import { dueAt, mailState, mailStates, type RecipientState } from '../outbox/entry-state.ts';
import type { ReadableEntry } from '../outbox/outbox.ts';
import { troublesOf, waitingFor } from './troubles.ts';

/** What was found in a spool, to be summed up. Moments and durations in milliseconds. */
export interface Findings extends Pick<Status, 'spool' | 'worker' | 'warnAfter' | 'unreadable' | 'mirrors'> {
  readonly now: number;
  /** When each recorded push was stored, as far as its name shows. */
  readonly recorded: readonly (number | undefined)[];
  /** Why records are held. */
  readonly held: readonly HeldPush[];
  readonly entries: readonly EntryFindings[];
  /** Further ones that nobody has tried yet, as sums. */
  readonly untried?: Untried;
  /** Entries that cannot be read. */
  readonly damaged: number;
  /** What is wrong with the settings and with the disk. */
  readonly settings?: Reason | undefined;
  readonly database?: Reason | undefined;
  readonly disk?: Reason | undefined;
}

interface HeldPush extends Reason {
  readonly push: string;
}

/** Pushes that wait in the queue, and to none of whose mails anything has happened yet. */
export interface Untried extends Count {
  /** When the first of them was queued; Infinity where there is none. */
  readonly since: number;
}

/** What one entry adds to the sum. */
export interface EntryFindings {
  readonly push: string;
  /** Mails that somebody still waits for, and those of them that were tried. */
  readonly queued: number;
  readonly deferred: number;
  /** Mails that were given up for somebody, and that somebody got. */
  readonly givenUp: number;
  readonly sent: number;
  /** Infinity where nobody waits. */
  readonly since: number;
  readonly nextTry: number;
  /** Since when a mail could have been tried, and was not. */
  readonly untried: number;
  readonly held: readonly HeldPush[];
  readonly unreached: readonly TransportWord[];
  readonly lastError: LastWord | undefined;
}

export function findingsOf({ entry, state, ref }: ReadableEntry, now: number): EntryFindings {
  const mailsIn = (isMeant: (recipient: RecipientState) => boolean) =>
    mailStates(state).filter(recipients => [...recipients.values()].some(isMeant)).length;
  const all = mailStates(state).flatMap(recipients => [...recipients.values()]);
  const waiting = all.filter(each => each.state === 'waiting');
  const next = [...state.lanes]
    .map(([recipient, number]) => mailState(state, number)?.get(recipient))
    .filter(each => each?.state === 'waiting');
  // For one reason, whose remedy brings all of the entry on.
  const held = waiting.find(each => each.held !== undefined)?.held;
  const about = { first: ref.id, ...(entry.audience === undefined ? {} : { audience: entry.audience }) };
  return {
    push: ref.id,
    queued: mailsIn(each => each.state === 'waiting'),
    deferred: mailsIn(each => each.state === 'waiting' && each.reply !== undefined),
    givenUp: mailsIn(each => each.state === 'rejected'),
    sent: mailsIn(each => each.state === 'sent'),
    since: least(waiting.map(({ since }) => since)),
    nextTry: Math.max(now, least(next.map(each => dueAt(each, now)))),
    untried: least(next.map(each => Math.max(dueAt(each, now), each.unreachedAt ?? 0))),
    held: held ? [{ push: ref.id, ...held }] : [],
    unreached: waiting.flatMap(({ unreachedAt, lasting = false, reply = '' }) =>
      unreachedAt === undefined ? [] : [{ at: unreachedAt, words: reply, lasting, ...about }],
    ),
    lastError: latest(all.map(errorIn)),
  };
}

/** Sums up a spool. Pure. */
export function statusOf(findings: Findings): Status {
  const { spool, now, worker, warnAfter, recorded, unreadable, entries, damaged, mirrors } = findings;
  const { untried: fresh = NO_UNTRIED } = findings;
  const stored = recorded.map(at => at ?? now);
  const oldest = least([...stored, fresh.since, ...entries.map(({ since }) => since)]);
  const next = least([...(fresh.mails > 0 ? [now] : []), ...entries.map(({ nextTry }) => nextTry)]);
  const lastError = latest(entries.map(entry => entry.lastError));
  const sum = (key: Counter) => entries.reduce((total, entry) => total + entry[key], 0);
  const pushes = (key: Counter) =>
    new Set(entries.flatMap(entry => (entry[key] > 0 ? [entry.push] : []))).size;
  const sums: Omit<Status, 'troubles'> = {
    spool,
    at: now,
    worker,
    recorded: recorded.length,
    queued: { pushes: pushes('queued') + fresh.pushes, mails: sum('queued') + fresh.mails },
    deferred: sum('deferred'),
    givenUp: { pushes: pushes('givenUp') + damaged, mails: sum('givenUp') },
    sent: sum('sent'),
    unreadable,
    ...(oldest === NEVER ? {} : { oldest }),
    ...(next === NEVER ? {} : { nextTry: next }),
    held: byReason([...findings.held, ...entries.flatMap(({ held }) => held)]),
    transports: byWords(entries.flatMap(({ unreached }) => unreached)),
    mirrors,
    ...(lastError ? { lastError } : {}),
    warnAfter,
  };
  const wait = waitingFor(sums);
  const status = { ...sums, ...(wait === undefined ? {} : { waitingFor: wait }) };
  const untried = least([...stored, fresh.since, ...entries.map(entry => entry.untried)]);
  return {
    ...status,
    troubles: troublesOf(status, {
      settings: findings.settings,
      disk: findings.disk,
      database: findings.database,
      untried,
    }),
  };
}

type Counter = 'queued' | 'deferred' | 'givenUp' | 'sent';

const NEVER = Number.POSITIVE_INFINITY;

export const NO_UNTRIED: Untried = { pushes: 0, mails: 0, since: NEVER };

/** The last word about a mail that is not out, and when it was said. */
function errorIn(recipient: RecipientState): LastWord | undefined {
  if (recipient.reply === undefined) return undefined;
  if (recipient.state === 'rejected') return { at: recipient.at, words: recipient.reply };
  if (recipient.state !== 'waiting') return undefined;
  return { at: recipient.unreachedAt ?? recipient.deferredAt, words: recipient.reply };
}

function byReason(held: readonly HeldPush[]): readonly Held[] {
  const reasons = new Map<string, Reason & { readonly pushes: Set<string> }>();
  for (const { push, what, remedy } of held.toSorted((a, b) => (a.push < b.push ? -1 : 1))) {
    const key = JSON.stringify([what, remedy]);
    const { pushes } = reasons.get(key) ?? { pushes: new Set() };
    reasons.set(key, { what, remedy, pushes: pushes.add(push) });
  }
  return [...reasons.values()].map(({ what, remedy, pushes }) => {
    const [first = ''] = pushes;
    return { what, remedy, pushes: pushes.size, first };
  });
}

/** One for each word, with its latest moment and its first push: the words begin with the transport's name. */
function byWords(unreached: readonly TransportWord[]): readonly TransportWord[] {
  const words = new Map<string, TransportWord>();
  for (const word of unreached) {
    const known = words.get(word.words);
    const { at, lasting } = known && known.at >= word.at ? known : word;
    words.set(word.words, { ...(known ?? word), at, lasting });
  }
  return [...words.values()];
}

function latest<Word extends LastWord>(words: readonly (Word | undefined)[]): Word | undefined {
  return words.reduce((last, word) => (word && (!last || word.at > last.at) ? word : last), undefined);
}

/** Not by Math.min(...): a queue may be longer than a list of arguments. */
function least(moments: readonly number[]): number {
  return moments.reduce((low, moment) => Math.min(low, moment), NEVER);
}
