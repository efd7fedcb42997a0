import type { Damaged } from '../disk/files.ts';
import type { Watcher } from '../disk/wait-until.ts';
import { fault } from '../errors.ts';
import type { Ledger, LedgerMove } from '../model/ledger.ts';
import type { ComposedMail } from '../model/mail.ts';
import type { JournalEvent, OutboxEntry, StoredMail } from '../model/outbox-entry.ts';
import type { Push } from '../model/push.ts';
import type { EntryState } from './entry-state.ts';

/**
 * Where pushes wait until their mails are out. The stages and commands know this and no more: today it is a directory, a fleet
 * of servers will share one on PostgreSQL. All moments are milliseconds since 1970. Every operation throws an OperatorError where rights,
 * disk space or the disk itself are in the way, and can be called again after that: nothing is lost and nothing is done twice.
 */
export interface Outbox extends Intake, Queue, Inspection {}

/**
 * For the one worker who holds the lock: from recorded pushes to entries. One call at a time. What concerns ledgers may be asked
 * without the lock about a repository from which no push is recorded yet.
 */
export interface Intake {
  /** Brings to an end what a killed worker had begun. To be called once, before `knows`, `add` and `prune`. Needs the lock. */
  recover(): Promise<Recovery>;
  /** True if a push with this id is in the outbox, finished ones included: its record may go. */
  knows(pushId: string): Promise<boolean>;
  /** Those of these pushes that are not. */
  lacks(pushIds: readonly string[]): Promise<readonly string[]>;
  /** A word of letters and digits for where it stores, which a copy of a database has, too. What is known in one home another need not know. */
  home(): Promise<string>;
  /** What was announced of a repository, given by its absolute path; undefined if it has no ledger yet. */
  ledger(repository: string): Promise<Ledger | undefined>;
  /** Gives a repository its first ledger. Returns the one in force, which is another if there was one already. */
  baseline(repository: string, ledger: Ledger): Promise<Ledger>;
  /** Takes a repository's ledger away: the next one starts from the refs of that day. */
  forget(repository: string): Promise<void>;
  /**
   * Stores a push: all its mails, the move of its ledger, and that its record is done with, in one step, durably. The mails come in any
   * order of audiences, and each audience has an entry of its own, in the order of their first mails; numbers follow one another. A push
   * without mails is one entry, finished by that. Of a push that is known already, the entries it has are returned.
   * An error of `mails` is passed on, and nothing is stored then.
   */
  add(push: Push, mails: AsyncIterable<ComposedMail>, options: AddOptions): Promise<readonly OutboxEntry[]>;
  /** Removes pushes that were finished `keepDays` ago or longer; returns how many. */
  prune(now: number, keepDays: number): Promise<number>;
}

/** For workers: from entries to mails that are out. */
export interface Queue {
  /**
   * The entries with something to do at `now`, in order of queueing, each read when its turn comes; without those whose numbers are in
   * `but`, which the worker is at. A damaged one has been put into `failed`.
   */
  due(now: number, but: ReadonlySet<number>): AsyncIterable<ListedEntry>;
  /** When to ask for that again: 0 if there are entries that it has not come to, undefined if the queue is empty. */
  nextDue(but?: ReadonlySet<number>): Promise<number | undefined>;
  /**
   * Takes an entry: it is the caller's until it is released, and no other worker gets it meanwhile. undefined if it is gone, or so damaged
   * that it cannot be worked on, which `due` says next.
   */
  claim(ref: EntryRef): Promise<Claim | undefined>;
  release(claim: Claim): Promise<void>;
  /** Reads an entry, and its first mails, before its turn comes, so that it takes less time then. undefined if it is gone or damaged. */
  ahead(ref: EntryRef): Promise<ReadableEntry | undefined>;
  /** Leaves an entry alone until then, whatever is due in it. This worker's own note, which ends with it. */
  postpone(claim: Claim, until: number): void;
  /** Forgets all such notes. */
  recall(): void;
  /** True if a person has asked for a retry or a drop that no `due` has seen yet. It sees them whatever `nextDue` and `postpone` say. */
  nudged(): Promise<boolean>;
  /** True if there may be something to do that no `due` has seen: others add to the same queue, and leave what they had taken. Takes the same as `due`. */
  stirred(but: ReadonlySet<number>, now: number): Promise<boolean>;
  /** Calls back when either may be so. */
  readonly watch: Watcher;
  readMail(entry: OutboxEntry, number: number): Promise<StoredBytes>;
  /**
   * Adds events to the journal, all in one durable step, and returns what it then amounts to. Like `append` and `finish`, it
   * throws where the claim was lost: then another worker answers for the entry, and nothing is written.
   */
  record(claim: Claim, events: readonly JournalEvent[]): Promise<EntryState>;
  /** The same without waiting for the disk. */
  append(claim: Claim, events: readonly JournalEvent[]): Promise<Appended>;
  /** Takes an entry whose mails are all settled out of the queue. Returns where it is now. */
  finish(claim: Claim): Promise<Place>;
  /** Lets go of everything that is held open. */
  close(): Promise<void>;
}

/** For people, at any time, beside a running worker. */
export interface Inspection {
  /** The entries in a place, in order of queueing, each read when its turn comes. */
  entries(place: Place): AsyncIterable<ListedEntry>;
  /** The entries that a person means by a number, or by a push id or the beginning of one. */
  find(name: string): Promise<readonly EntryRef[]>;
  /** The entries with mails about something (`mailsAbout`), without damaged ones. */
  about(name: string): AsyncIterable<ReadableEntry>;
  /** What an entry holds; undefined if it is gone. */
  show(ref: EntryRef): Promise<ListedEntry | undefined>;
  /**
   * Puts an entry back into the queue and makes all its mails due now that were not sent. A waiting one
   * is tried at once, with a fresh count. Returns the entry as it is then; undefined if it is gone.
   */
  retry(ref: EntryRef, now: number): Promise<ListedEntry | undefined>;
  /** Has the running worker look at everything at once. */
  nudge(): Promise<void>;
  /** Gives up all mails of an entry that were not sent. Returns the entry as it is then; undefined if it is gone. */
  drop(ref: EntryRef, now: number): Promise<ListedEntry | undefined>;
}

/** `queue`: something is left to do. `failed`: something was given up, and waits for a person. */
export type Place = 'queue' | 'done' | 'failed';

export interface AddOptions {
  readonly now: number;
  /** Absent for a push that leaves the ledger alone. */
  readonly ledger?: LedgerMove;
}

interface Recovery {
  /** Stored pushes whose ledger was brought up to date. */
  readonly applied: readonly OutboxEntry[];
  /** How many half-made things were removed. */
  readonly swept: number;
}

export interface EntryRef {
  readonly place: Place;
  readonly number: number;
  /** Of the push. */
  readonly id: string;
}

/** A push whose turn has come, as it is then. */
export interface Claim {
  readonly entry: OutboxEntry;
  readonly state: EntryState;
  /** Which of the workers that ever had it: a later one has a higher number. */
  readonly epoch: number;
}

/** What cannot be worked on. From `due`, it has been put into `failed` for a person: that wants telling. */
export interface DamagedEntry extends Damaged {
  readonly ref: EntryRef;
}

export interface ReadableEntry {
  readonly ref: EntryRef;
  readonly entry: OutboxEntry;
  readonly state: EntryState;
  readonly damaged?: undefined;
}

export type ListedEntry = ReadableEntry | DamagedEntry;

/** What an entry amounts to with events that are in its journal: no death of this process undoes them. */
export interface Appended {
  readonly state: EntryState;
  /** Settled when they are on the disk: no death of the machine undoes them. */
  readonly durable: Promise<void>;
  /** To be asked right before a mail goes out: rejects where the claim was lost. A process that was stopped for a while finds here that it was. */
  readonly stillOurs: () => Promise<void>;
}

/** The bytes of a mail; or, when they are not what was stored, the sentence with which to give it up. */
export type StoredBytes = { readonly bytes: Buffer; readonly damaged?: undefined } | Damaged;

/** What a person means: the entry of that number, or those of all audiences of a push; none where there is no such push. Fails where it may be several pushes. */
export async function entriesNamed(outbox: Inspection, name: string): Promise<readonly EntryRef[]> {
  const refs = await outbox.find(name);
  if (refs.some(({ id }) => id !== refs[0]?.id)) throw fault.ambiguousEntry(name, refs);
  return refs;
}

/**
 * The mails of an entry that have this Message-ID, or that tell of the commit of this name (seven digits of it at the least). Of a push that
 * ended at the commit and has none for it alone, all.
 */
export function mailsAbout({ push, mails }: OutboxEntry, name: string): readonly StoredMail[] {
  if (!/^(?:<.*>|[0-9a-f]{7,64})$/s.test(name)) return [];
  const own = mails.filter(({ messageId, about }) => messageId === name || about?.startsWith(name));
  const isEnd = push.updates.some(update => update.new.startsWith(name));
  return own.length === 0 && isEnd ? mails : own;
}

/** What an entry holds. Fails with a sentence where it is gone or damaged. */
export async function readEntry(outbox: Inspection, ref: EntryRef): Promise<ReadableEntry> {
  const listed = await outbox.show(ref);
  if (!listed) throw fault.noSuchEntry(`${ref.number}`);
  if (listed.damaged !== undefined) throw fault.damagedEntry(listed.ref.number, listed.damaged);
  return listed;
}

/** All entries in some places, in their order. */
export async function refsIn(outbox: Inspection, places: readonly Place[]): Promise<EntryRef[]> {
  const refs: EntryRef[] = [];
  for (const place of places) for await (const { ref } of outbox.entries(place)) refs.push(ref);
  return refs;
}
