import { setTimeout as sleep } from 'node:timers/promises';
import type { Runner } from 'graphile-worker';
import type { Pool, PoolClient } from 'pg';
import type { Database } from './database.ts';
import { loadGraphileWorker } from './packages.ts';
import type { PostgresOptions } from './session.ts';

/** So many lanes that were woken may wait for this process at a time; it leaves the others to its like. */
const HANDS = 8;
/** Milliseconds: it may wait for ever for a database that went away meanwhile. */
const LONGEST_STOP = 3000;

const LATER = `
  select refpost.wake(lane, to_timestamp(min(due_at) / 1000.0)) from refpost.entry
  where lane = $1 and place = 'queue' group by lane`;

export type Wakes = ReturnType<typeof openWakes>;

/**
 * Wakes of lanes, stored and handed out by graphile-worker: a job for each lane that has work, which its intake or its last sender has added. Its end is that this
 * process has sent what is due in the lane, or that it has none of it, since somebody else has the lane. Nothing is believed of it: what a wake has missed,
 * the next look at the tables finds.
 */
export function openWakes(database: Database, { mode }: PostgresOptions, ring: () => void) {
  const awake = new Map<string, { isSeen: boolean; readonly end: () => void }>();
  let runner: Promise<Runner | undefined> | undefined;
  let isClosed = false;

  async function run(): Promise<Runner | undefined> {
    const { Logger, run } = await loadGraphileWorker();
    const found = await run({
      pgPool: tolerant(await database.pool()),
      taskList: { lane: payload => served(String((payload as { lane?: unknown }).lane)) },
      concurrency: HANDS,
      noHandleSignals: true,
      crontab: '',
      // What it says of jobs and connections the worker says itself, where it matters.
      logger: new Logger(() => () => {}),
    });
    // It ends with its connections: the next look starts another one.
    found.promise.catch(() => {}).finally(() => (runner = undefined));
    return found;
  }

  function served(lane: string): Promise<void> {
    return new Promise(resolve => {
      // It may still bring one when it has been told to stop.
      if (isClosed) return resolve();
      awake.get(lane)?.end();
      awake.set(lane, { isSeen: false, end: resolve });
      ring();
    });
  }

  function start(): void {
    if (mode === 'sender') runner ??= run().catch(() => undefined);
  }

  return {
    /** Starts to take wakes, where this process does. */
    start,
    /** Has a lane woken when the first of what waits in it is due, here or elsewhere. */
    later: async (lane: string): Promise<void> => {
      await database.query(LATER, [lane]).catch(() => undefined);
    },
    /** True where a lane was woken at which nobody has looked. */
    isAwake: () => [...awake.values()].some(({ isSeen }) => !isSeen),
    /** A look at all lanes starts. Returns what is to be called at its end, with the lanes that this process is at then. */
    pass: () => {
      start();
      const seen = [...awake];
      return (isAtWork: (lane: string) => boolean) => {
        for (const [lane, wake] of seen) {
          wake.isSeen = true;
          if (isAtWork(lane) || awake.get(lane) !== wake) continue;
          awake.delete(lane);
          wake.end();
        }
      };
    },
    async close(): Promise<void> {
      isClosed = true;
      const started = runner;
      for (const { end } of awake.values()) end();
      awake.clear();
      const over = new AbortController();
      const stopped = started?.then(one => one?.stop()).catch(() => {});
      await Promise.race([stopped, sleep(LONGEST_STOP, undefined, over).catch(() => {})]);
      over.abort();
    },
  };
}

/**
 * A pool whose clients find nothing where the database is away. graphile-worker 0.17.3 waits for the end of a job's removal nowhere, so that its failure would end this
 * process as an unhandled rejection, and prints the stack of others. A job whose end it has not heard of is locked for four hours, and in nobody's way.
 */
function tolerant(pool: Pool): Pool {
  const nothing = { rows: [], rowCount: 0 };
  async function connect() {
    const client: PoolClient | undefined = await pool.connect().catch(() => undefined);
    const query = async (...given: Parameters<PoolClient['query']>) => {
      try {
        return (await client?.query(...given)) ?? nothing;
      } catch {
        return nothing;
      }
    };
    return { query, release: () => client?.release() };
  }
  return new Proxy(pool, {
    get: (target, key) => {
      if (key === 'connect') return (listen?: never) => (listen ? target.connect(listen) : connect());
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
