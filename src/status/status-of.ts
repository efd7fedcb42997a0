import type { Held, LastWord, Reason, Status, TransportWord, WorkerStatus } from '../model/status.ts';
import {
  dueAt,
  dueMail,
  type EntryState,
  mailState,
  type RecipientState,
  type Waiting,
} from '../outbox/entry-state.ts';
import type { ReadableEntry } from '../outbox/outbox.ts';
import { troublesOf, waitingFor } from './troubles.ts';

/** What was found in a spool, to be summed up. Moments and durations in milliseconds. */
export interface Findings {
  readonly spool: string;
  readonly now: number;
  readonly worker: WorkerStatus;
  readonly warnAfter: number;
  /** When each recorded push was stored, as far as its name shows. */
  readonly recorded: readonly (number | undefined)[];
  /** Why records are held. */
  readonly held: readonly HeldPush[];
  readonly unreadable: number;
  readonly entries: readonly EntryFindings[];
  /** Entries that cannot be read. */
  readonly damaged: number;
  /** What is wrong with the settings and with the disk. */
  readonly settings?: Reason | undefined;
  readonly disk?: Reason | undefined;
}

interface HeldPush extends Reason {
  readonly push: string;
}

/** What one entry adds to the sum. */
export interface EntryFindings {
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

export function findingsOf({ state, ref }: ReadableEntry, now: number): EntryFindings {
  const all = state.mails.flatMap(recipients => [...recipients.values()]);
  const waiting = all.filter(each => each.state === 'waiting');
  return {
    queued: mailsIn(state, each => each.state === 'waiting'),
    deferred: mailsIn(state, each => each.state === 'waiting' && each.reply !== undefined),
    givenUp: mailsIn(state, each => each.state === 'rejected'),
    sent: mailsIn(state, each => each.state === 'sent'),
    since: least(waiting.map(({ since }) => since)),
    nextTry: nextTry(state, now),
    untried: least(
      [...state.lanes].map(([recipient, number]) => untriedSince(state, number, recipient, now)),
    ),
    held: heldIn(waiting, ref.id),
    unreached: waiting.flatMap(({ unreachedAt, lasting = false, reply = '' }) =>
      unreachedAt === undefined ? [] : [{ at: unreachedAt, words: reply, lasting, first: ref.id }],
    ),
    lastError: latest(all.map(errorIn)),
  };
}

/** Sums up a spool. Pure. */
export function statusOf(findings: Findings): Status {
  const { spool, now, worker, warnAfter, recorded, unreadable, entries, damaged, settings, disk } = findings;
  const stored = recorded.map(at => at ?? now);
  const oldest = least([...stored, ...entries.map(({ since }) => since)]);
  const next = least(entries.map(({ nextTry }) => nextTry));
  const lastError = latest(entries.map(entry => entry.lastError));
  const sums: Omit<Status, 'troubles'> = {
    spool,
    at: now,
    worker,
    recorded: recorded.length,
    queued: { pushes: count(entries, ({ queued }) => queued > 0), mails: sum(entries, 'queued') },
    deferred: sum(entries, 'deferred'),
    givenUp: {
      pushes: count(entries, ({ givenUp }) => givenUp > 0) + damaged,
      mails: sum(entries, 'givenUp'),
    },
    sent: sum(entries, 'sent'),
    unreadable,
    ...(oldest === NEVER ? {} : { oldest }),
    ...(next === NEVER ? {} : { nextTry: next }),
    held: byReason([...findings.held, ...entries.flatMap(({ held }) => held)]),
    transports: byWords(entries.flatMap(({ unreached }) => unreached)),
    ...(lastError ? { lastError } : {}),
    warnAfter,
  };
  const wait = waitingFor(sums);
  const status = { ...sums, ...(wait === undefined ? {} : { waitingFor: wait }) };
  const untried = least([...stored, ...entries.map(entry => entry.untried)]);
  return { ...status, troubles: troublesOf(status, { settings, disk, untried }) };
}

const NEVER = Number.POSITIVE_INFINITY;

function mailsIn(state: EntryState, isMeant: (recipient: RecipientState) => boolean): number {
  return state.mails.filter(recipients => [...recipients.values()].some(isMeant)).length;
}

/** For one reason, whose remedy brings all of the entry on. */
function heldIn(waiting: readonly Waiting[], push: string): readonly HeldPush[] {
  const held = waiting.find(each => each.held !== undefined)?.held;
  return held ? [{ push, what: held.what, remedy: held.remedy }] : [];
}

function nextTry(state: EntryState, now: number): number {
  const due = dueMail(state, now);
  if (due.due === 'never') return NEVER;
  return due.due === 'now' ? now : due.at;
}

function untriedSince(state: EntryState, mail: number, recipient: string, now: number): number {
  const waiting = mailState(state, mail)?.get(recipient);
  if (waiting?.state !== 'waiting') return NEVER;
  return Math.max(dueAt(waiting, now), waiting.unreachedAt ?? 0);
}

/** The last word about a mail that is not out, and when it was said. */
function errorIn(recipient: RecipientState): LastWord | undefined {
  if (recipient.reply === undefined) return undefined;
  if (recipient.state === 'rejected') return { at: recipient.at, words: recipient.reply };
  if (recipient.state !== 'waiting') return undefined;
  return { at: recipient.unreachedAt ?? recipient.deferredAt, words: recipient.reply };
}

function byReason(held: readonly HeldPush[]): readonly Held[] {
  const reasons = new Map<string, Held>();
  for (const { push, what, remedy } of held.toSorted((a, b) => (a.push < b.push ? -1 : 1))) {
    const key = JSON.stringify([what, remedy]);
    const { pushes = 0, first = push } = reasons.get(key) ?? {};
    reasons.set(key, { what, remedy, pushes: pushes + 1, first });
  }
  return [...reasons.values()];
}

/** One for each word, with its latest moment and its first push: the words begin with the transport's name. */
function byWords(unreached: readonly TransportWord[]): readonly TransportWord[] {
  const words = new Map<string, TransportWord>();
  for (const word of unreached) {
    const known = words.get(word.words);
    words.set(word.words, known ? { ...(latest([known, word]) ?? word), first: known.first } : word);
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

function sum(entries: readonly EntryFindings[], key: 'queued' | 'deferred' | 'givenUp' | 'sent'): number {
  return entries.reduce((total, entry) => total + entry[key], 0);
}

function count(entries: readonly EntryFindings[], isCounted: (entry: EntryFindings) => boolean): number {
  return entries.filter(isCounted).length;
}
