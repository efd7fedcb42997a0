import type { FleetProcess } from './fleet.ts';

/** How an outbox is doing: the one sum that all who tell of it read. All moments are milliseconds since 1970. */
export interface Status extends Glance {
  readonly spool: string;
  readonly worker: WorkerStatus;
  /** What runs the hook of the repository, where more is known of it than plain git. */
  readonly host?: string;
  /** Pushes that hooks have stored and no worker has picked up. */
  readonly recorded: number;
  readonly queued: Count;
  /** Mails that were tried and wait for another try. */
  readonly deferred: number;
  readonly givenUp: Count;
  /** Mails that are out, of all pushes that are kept; absent if the finished ones were not looked at. */
  readonly sent?: number;
  /** Records that no worker could read. */
  readonly unreadable: number;
  /** Since when the push waits that has waited longest; absent if none waits. */
  readonly oldest?: number;
  /** When the first of the queued mails is due; absent if none is queued. */
  readonly nextTry?: number;
  /** What waits for a person, by reason. */
  readonly held: readonly Held[];
  /** What the transports said that could not be reached at the last try. */
  readonly transports: readonly TransportWord[];
  /** Mirrors whose pushes come here (refpost poll). */
  readonly mirrors: readonly MirrorStatus[];
  /** The last thing that kept a mail from going out, of those that are queued or were given up. */
  readonly lastError?: LastWord;
  /** refpost.warnAfter, in milliseconds. */
  readonly warnAfter: number;
  /** What the pushes wait for, as the end of a sentence; absent if none waits. */
  readonly waitingFor?: string;
  /** In a fleet whose database could be asked: each of the servers that are shown, and who works for them. */
  readonly servers?: readonly ServerStatus[];
  readonly processes?: readonly FleetProcess[];
}

/** A server of a fleet. */
export interface ServerStatus extends Status {
  readonly server: string;
  /** When it said last what waits there; 0 if it never did. */
  readonly seen: number;
}

export function heldPushes({ held }: Pick<Status, 'held'>): number {
  return held.reduce((sum, { pushes }) => sum + pushes, 0);
}

/** All that is known where an outbox cannot be looked at. */
export interface Glance {
  /** Absent where not even that can be found out. */
  readonly spool?: string;
  /** When it was looked at. */
  readonly at: number;
  /** What needs attention, the worst first. */
  readonly troubles: readonly Trouble[];
}

/** Pushes, and how many of their mails are meant. */
export interface Count {
  readonly pushes: number;
  readonly mails: number;
}

/** What is wrong, and what to do about it. */
export interface Reason {
  readonly what: string;
  readonly remedy: string;
}

/** Records and entries that wait for a person, all for one reason. */
export interface Held extends Reason {
  readonly pushes: number;
  /** The id of the first of them. */
  readonly first: string;
}

/** What a server, or the system in its place, said last. */
export interface LastWord {
  readonly at: number;
  readonly words: string;
}

export interface TransportWord extends LastWord {
  /** Waiting does not help: somebody has to change something. */
  readonly lasting: boolean;
  /** The id of the first push that waits for it. */
  readonly first: string;
  /** For whom its mails are; absent for the default audience. */
  readonly audience?: string;
}

/** A mirror at the last look at its server. */
export interface MirrorStatus {
  /** Absolute path of its git directory. */
  readonly repository: string;
  /** Of the server, as it may be shown. */
  readonly address: string;
  /** When it was looked at last. */
  readonly at: number;
  /** Since when all looks have failed, and how the last one did; absent where it went well. */
  readonly since?: number;
  readonly words?: string;
  readonly remedy?: string;
}

/** `unknown`: the spool was last locked on another host, and nobody here can tell. */
export interface WorkerStatus {
  readonly state: 'running' | 'none' | 'unknown';
  readonly pid?: number;
  readonly host?: string;
  /** refpost.worker. */
  readonly startedBy: 'hook' | 'service';
  /** What the last start of a worker failed with. */
  readonly startError?: LastWord;
}

/** Something that needs attention: `waiting` may end by itself, the others need a person. */
export interface Trouble extends Reason {
  readonly kind: TroubleKind;
}

export const TROUBLES = [
  'outbox', // cannot be looked at
  'database', // of the outbox cannot be reached
  'settings', // of the repository are wrong
  'disk', // of the outbox is full or read-only
  'start', // of a worker has failed
  'held', // records or entries wait for a person
  'transport', // cannot be used, and waiting does not help
  'mirror', // cannot be brought up to date, or nobody does so
  'given-up', // mails
  'unreadable', // records
  'no-worker', // is running, and a recorded push or a mail that is due waits
  'waiting', // for longer than refpost.warnAfter: a push
] as const;

type TroubleKind = (typeof TROUBLES)[number];

/** What the administrator is told about, once. */
export type Alarm =
  /** Mails of an entry that were given up, by a reply or after days. */
  | {
      readonly kind: 'given-up';
      readonly entry: number;
      readonly push: string;
      readonly audience?: string;
      readonly refs: readonly string[];
      readonly mails: readonly GivenUpMail[];
    }
  /** An entry that cannot be read any more. */
  | { readonly kind: 'damaged'; readonly entry: number; readonly push: string; readonly reason: string }
  /** Pushes that wait for a person, or for a transport that somebody has to change: told at once. */
  | { readonly kind: 'held'; readonly reason: Reason }
  /** A push that waits for longer than refpost.warnAfter. */
  | { readonly kind: 'waiting'; readonly status: Status };

export interface GivenUpMail {
  readonly number: number;
  readonly subject: string;
  readonly recipients: readonly { readonly address: string; readonly reply: string }[];
}
