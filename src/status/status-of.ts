import type { LastWord, Status, Trouble, WorkerStatus } from '../model/status.ts';
import { dueMail } from '../outbox/due-mail.ts';
import { type EntryState, mailStates, type RecipientState } from '../outbox/entry-state.ts';
import type { ListedEntry } from '../outbox/outbox.ts';

/** What was found in a spool, to be summed up. Moments and durations in milliseconds. */
export interface Findings {
  readonly spool: string;
  readonly now: number;
  readonly worker: WorkerStatus;
  readonly warnAfter: number;
  /** When each recorded push was stored, as far as its name tells. */
  readonly recorded: readonly (number | undefined)[];
  readonly unreadable: number;
  readonly entries: readonly EntryFindings[];
}

/** What one entry, queued or given up, adds to the sum. */
interface EntryFindings {
  /** Mails that somebody still waits for. */
  readonly queued: number;
  /** Mails that were given up for somebody. */
  readonly givenUp: number;
  readonly damaged: boolean;
  /** Infinity where nobody waits. */
  readonly since: number;
  readonly nextTry: number;
  readonly unreached: readonly LastWord[];
  readonly lastError: LastWord | undefined;
}

export function findingsOf(listed: ListedEntry, now: number): EntryFindings {
  if (listed.damaged !== undefined) return { ...NOTHING, damaged: true };
  const { state } = listed;
  const all = mailStates(state).flatMap(recipients => [...recipients.values()]);
  const waiting = all.filter(each => each.state === 'waiting');
  return {
    queued: mailsIn(state, 'waiting'),
    givenUp: mailsIn(state, 'rejected'),
    damaged: false,
    since: least(waiting.map(({ since }) => since)),
    nextTry: nextTry(state, now),
    unreached: waiting.flatMap(({ unreachedAt, reply = '' }) =>
      unreachedAt === undefined ? [] : [{ at: unreachedAt, words: reply }],
    ),
    lastError: latest(all.map(errorIn)),
  };
}

/** Sums up a spool. Pure. */
export function statusOf(findings: Findings): Status {
  const { spool, now, worker, warnAfter, recorded, unreadable, entries } = findings;
  const stored = recorded.map(at => at ?? now);
  const oldest = least([...stored, ...entries.map(({ since }) => since)]);
  const next = least(entries.map(({ nextTry }) => nextTry));
  const lastError = latest(entries.map(entry => entry.lastError));
  const sums = {
    recorded: recorded.length,
    queued: { pushes: count(entries, ({ queued }) => queued > 0), mails: sum(entries, 'queued') },
    givenUp: {
      pushes: count(entries, ({ givenUp, damaged }) => givenUp > 0 || damaged),
      mails: sum(entries, 'givenUp'),
    },
    unreadable,
    ...(oldest === NEVER ? {} : { oldest }),
  };
  return {
    spool,
    at: now,
    worker,
    ...sums,
    ...(next === NEVER ? {} : { nextTry: next }),
    held: waysHeld(entries.flatMap(({ unreached }) => unreached)),
    ...(lastError ? { lastError } : {}),
    warnAfter,
    troubles: troublesOf({ ...sums, worker, at: now, warnAfter, untaken: now - least(stored) }),
  };
}

const NEVER = Number.POSITIVE_INFINITY;
const NOTHING: EntryFindings = {
  queued: 0,
  givenUp: 0,
  damaged: false,
  since: NEVER,
  nextTry: NEVER,
  unreached: [],
  lastError: undefined,
};

/** How long a push may be recorded before somebody should ask where the worker is, in milliseconds. A timer may start it. */
const TAKE_IN = 5 * 60_000;

type Sums = Pick<Status, 'givenUp' | 'unreadable' | 'worker' | 'oldest' | 'at' | 'warnAfter'> & {
  /** For how long the oldest record waits; -Infinity if there is none. */
  readonly untaken: number;
};

function troublesOf(sums: Sums): readonly Trouble[] {
  const { givenUp, unreadable, worker, untaken, oldest, at, warnAfter } = sums;
  return [
    ...(givenUp.pushes > 0 ? (['given-up'] as const) : []),
    ...(unreadable > 0 ? (['unreadable'] as const) : []),
    ...(worker.state === 'none' && untaken > TAKE_IN ? (['no-worker'] as const) : []),
    ...(oldest !== undefined && at - oldest > warnAfter ? (['waiting'] as const) : []),
  ];
}

function mailsIn(state: EntryState, wanted: RecipientState['state']): number {
  return mailStates(state).filter(recipients => [...recipients.values()].some(each => each.state === wanted))
    .length;
}

function nextTry(state: EntryState, now: number): number {
  const due = dueMail(state, now);
  if (due.due === 'never') return NEVER;
  return due.due === 'now' ? now : due.at;
}

/** The last word about a mail that is not out, and when it was said. */
function errorIn(recipient: RecipientState): LastWord | undefined {
  if (recipient.reply === undefined) return undefined;
  if (recipient.state === 'rejected') return { at: recipient.at, words: recipient.reply };
  if (recipient.state !== 'waiting') return undefined;
  return { at: recipient.unreachedAt ?? recipient.deferredAt, words: recipient.reply };
}

/** One for each reason, with its latest moment: the words begin with the way's name. */
function waysHeld(unreached: readonly LastWord[]): readonly LastWord[] {
  const byWords = new Map<string, LastWord>();
  for (const word of unreached) byWords.set(word.words, latest([byWords.get(word.words), word]) ?? word);
  return [...byWords.values()];
}

function latest(words: readonly (LastWord | undefined)[]): LastWord | undefined {
  return words.reduce((last, word) => (word && (!last || word.at > last.at) ? word : last), undefined);
}

/** Not by Math.min(...): a queue may be longer than a list of arguments. */
function least(moments: readonly number[]): number {
  return moments.reduce((low, moment) => Math.min(low, moment), NEVER);
}

function sum(entries: readonly EntryFindings[], key: 'queued' | 'givenUp'): number {
  return entries.reduce((total, entry) => total + entry[key], 0);
}

function count(entries: readonly EntryFindings[], isCounted: (entry: EntryFindings) => boolean): number {
  return entries.filter(isCounted).length;
}
