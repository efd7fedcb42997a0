/** How an outbox is doing. All moments are milliseconds since 1970. */
export interface Status {
  readonly spool: string;
  /** When it was looked at. */
  readonly at: number;
  readonly worker: WorkerStatus;
  /** Pushes that hooks have stored and no worker has taken in. */
  readonly recorded: number;
  readonly queued: Count;
  readonly givenUp: Count;
  /** Records that no worker could read. */
  readonly unreadable: number;
  /** Since when the push waits that has waited longest; absent if none waits. */
  readonly oldest?: number;
  /** When the first of the queued mails is due; absent if none is queued. */
  readonly nextTry?: number;
  /** The ways out that could not be reached at the last try. */
  readonly held: readonly LastWord[];
  /** The last thing that kept a mail from going out, of those that are queued or were given up. */
  readonly lastError?: LastWord;
  /** refpost.warnAfter, in milliseconds. */
  readonly warnAfter: number;
  /** What wants a person, the worst first. */
  readonly troubles: readonly Trouble[];
}

/** Pushes, and how many of their mails are meant. */
export interface Count {
  readonly pushes: number;
  readonly mails: number;
}

/** What a server, or the system in its place, said last. */
export interface LastWord {
  readonly at: number;
  readonly words: string;
}

/** `unknown`: the spool was last locked on another host, and nobody here can tell. */
export interface WorkerStatus {
  readonly state: 'running' | 'none' | 'unknown';
  readonly pid?: number;
  readonly host?: string;
  /** refpost.worker. */
  readonly startedBy: 'hook' | 'service';
}

/**
 * `given-up`: pushes with mails that were given up. `unreadable`: records that no worker could read. `no-worker`: a
 * recorded push waits, and no worker has come for it. `waiting`: a push waits for longer than refpost.warnAfter.
 */
export type Trouble = 'given-up' | 'unreadable' | 'no-worker' | 'waiting';
