import type { Drop } from '../drop/drop.ts';
import type { KeptRecords } from '../drop/kept-records.ts';
import type { RetryPolicy } from '../model/config.ts';
import type { World } from '../model/world.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Tolerated } from '../repository/workplace.ts';
import type { Workplaces } from '../repository/workplaces.ts';
import type { Log } from './log.ts';
import type { Transports } from './transports.ts';

/** What the parts of a worker share. */
export interface WorkerContext extends DeliverContext {
  /** Of the worker: its settings decide where no push's can. */
  readonly workplace: Tolerated;
  readonly workplaces: Workplaces;
  readonly drop: Drop;
  /** Where records go that are in a database; undefined where the outbox is a directory. */
  readonly kept?: KeptRecords;
  /** The server of a fleet that this worker tells the administrator about; undefined: all there is. */
  readonly shows?: string;
  /** Says in the database of a fleet what waits here; undefined where there is none, or nothing here. */
  readonly noteWaiting?: () => Promise<void>;
  /** Why records are held, by push: each reason is logged once. */
  readonly heldReasons: Map<string, string>;
}

/** What it takes to deliver what is queued. */
export interface DeliverContext {
  readonly world: World;
  readonly outbox: Outbox;
  readonly transports: Transports;
  readonly log: Log;
  /** How long to wait where settings cannot be used, and when to give up then. */
  readonly retry: RetryPolicy;
  /** Ends the work after the mail at hand; a push that is being picked up stays recorded. */
  readonly signal: AbortSignal;
}
