import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Client } from 'pg';
import type { Watcher } from '../../disk/wait-until.ts';
import { DatabaseAway, OperatorError } from '../../errors.ts';
import type { Database } from './database.ts';
import { LAZILY } from './entry-rows.ts';
import { requireSchema, SCHEMA_VERSION } from './schema.ts';

export interface PostgresOptions {
  /** The name of this machine in the fleet. */
  readonly server: string;
  /**
   * What this process does. `worker`: stores the pushes of its server and sends what they bring. `intake`: stores them, and others send.
   * `sender`: sends for all servers. `person`: looks, and asks for a retry or a drop.
   */
  readonly mode: 'worker' | 'intake' | 'sender' | 'person';
  /** The name in the fleet of a repository that is given by its path. */
  readonly nameOf: (repository: string) => Promise<string>;
  readonly now: () => number;
  /** How long a worker that says nothing may keep its lanes, in milliseconds. */
  readonly lease?: number;
  /** The server whose entries are shown and found; absent: those of the whole fleet. */
  readonly shows?: string;
}

const LEASE = 10_000;

const REGISTER = `
  insert into refpost.worker (key, server, mode, host, pid, until, locked)
  values ($1, $2, $7, $3, $4, clock_timestamp() + $5 * interval '1 ms', $6)`;
/** Not one that was over: somebody may have had the lanes since then. By the server's clock, since ours may be set. */
const EXTEND = `
  update refpost.worker set until = clock_timestamp() + $2 * interval '1 ms', said_at = clock_timestamp()
  where key = $1 and until > clock_timestamp() and $3 = (select version from refpost.schema_version) and ${LAZILY} returning 1`;
const END = 'update refpost.worker set until = clock_timestamp() where key = $1';
/** By all at once: a lane that is held by one who is not there any more is free in any case. */
const RELEASE_ALL = 'update refpost.lane set held = false where holder = $1 and held';

export type Session = ReturnType<typeof openSession>;

/** A life of this process as a worker: what it holds is lost where another life has begun. */
export interface Life {
  readonly key: string;
  readonly client: Client;
  /** Statements may be prepared by name. */
  readonly isDirect: boolean;
  isOver: boolean;
}

/**
 * The one connection by which this process is known as a worker. It holds an advisory lock, so that its lanes are free as soon as it
 * has died, and extends a lease, for where that is not noticed: a cut cable, a stopped process, a pooler that keeps the connection.
 * When the connection breaks, somebody else may have the lanes: what this process holds is lost, and the next `life` is a new one.
 */
export function openSession(database: Database, { server, mode, now, lease = LEASE }: PostgresOptions) {
  let opening: Promise<Life> | undefined;
  let current: Life | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  let beat: Promise<unknown> = Promise.resolve();
  let isClosed = false;
  /** Why this process is no worker any more: the tables were brought to another version while it ran. */
  let refused: OperatorError | undefined;
  // One clock rests while a machine sleeps, the other one may be set back: of the two, the greater time has gone by.
  const moment = () => ({ steady: performance.now(), now: now() });
  let extended = moment();
  /** How often people had asked for something when this process looked last. */
  let heeded: number | undefined;
  const rings = new Set<() => void>();
  const ring = () => {
    for (const each of rings) each();
  };

  async function asked(): Promise<number | undefined> {
    if (refused) throw refused;
    const [row] = await database.query<{ count: number }>(NUDGES);
    return row?.count;
  }

  const watch: Watcher = listener => {
    rings.add(listener);
    return () => void rings.delete(listener);
  };

  async function open(): Promise<Life> {
    await requireSchema(database);
    const started = moment();
    const client = await database.session(lease / 2);
    // 63 bits: a bigint has a sign.
    const key = `${randomBytes(8).readBigUInt64BE() >> 1n}`;
    const life = { key, client, isDirect: false, isOver: false };
    const end = () => lose(life);
    client.on('error', end).on('end', end).on('notification', ring);
    try {
      life.isDirect = await isDirect(client);
      if (life.isDirect) {
        await client.query(KEEPALIVES);
        await client.query('select pg_advisory_lock($1)', [key]);
      }
      await client.query(REGISTER, [key, server, hostname(), process.pid, lease, life.isDirect, mode]);
      await client.query('listen refpost');
      heeded ??= (await client.query<{ count: number }>(NUDGES)).rows[0]?.count;
    } catch (error) {
      await client.end().catch(ignored);
      throw database.fault(error);
    }
    if (isClosed || life.isOver) {
      await client.end().catch(ignored);
      throw database.fault(new Error('Connection terminated'));
    }
    extended = started;
    current = life;
    heartbeat ??= setInterval(() => (beat = extend()), lease / 4).unref();
    // Something may have come before it listened.
    ring();
    return life;
  }

  function lose(life: Life): void {
    if (life.isOver) return;
    life.isOver = true;
    if (current === life) current = opening = undefined;
    life.client.end().catch(ignored);
    ring();
  }

  /** Also makes a new life where the last one was lost: a worker that rests has to hear of what comes. */
  async function extend(): Promise<void> {
    const life = current;
    if (!life) return void (await begin().catch(ignored));
    const started = moment();
    const values = [life.key, lease, SCHEMA_VERSION];
    const { rowCount } = await life.client.query(EXTEND, values).catch(() => ({ rowCount: 0 }));
    if (rowCount === 0) lose(life);
    else if (current === life) extended = started;
  }

  function begin(): Promise<Life> {
    opening ??= open();
    opening.catch((error: unknown) => {
      opening = undefined;
      if (error instanceof OperatorError && !(error instanceof DatabaseAway)) refused = error;
    });
    return opening;
  }

  return {
    /** The life of this process; a new one where there is none. */
    life: begin,
    /** The one that it has. */
    current: () => current,
    /** True while nobody can have taken what it holds. A process that was stopped finds here that it was. */
    isSure: (life: Life) => {
      const { steady, now } = moment();
      return !life.isOver && Math.max(steady - extended.steady, now - extended.now) < lease / 2;
    },
    ring,
    /** True if a person has asked for something since `heed`. */
    nudged: async () => (refused ?? heeded) !== undefined && (await asked()) !== heeded,
    /** The same, and it is seen to now. */
    heed: async () => {
      const before = heeded;
      heeded = await asked();
      return before !== undefined && heeded !== before;
    },
    /** Calls back when somebody has asked for something, or the connection was lost. */
    watch,
    async close(): Promise<void> {
      isClosed = true;
      clearInterval(heartbeat);
      await beat;
      const life = await opening?.catch(() => undefined);
      current = opening = undefined;
      if (!life || life.isOver) return;
      life.isOver = true;
      for (const statement of [RELEASE_ALL, END])
        await life.client.query(statement, [life.key]).catch(ignored);
      await life.client.end().catch(ignored);
    },
  };
}

const NUDGES = 'select last_value::float8 as count from refpost.nudges';

/** Where a machine dies or a cable is cut, the server notices within half a minute, and lets go of the lock. */
const KEEPALIVES =
  'set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3';

/**
 * False where a pooler is in between, which may give the next statement to another process of the server: the number that the server's process
 * was introduced by is the pooler's own then.
 */
async function isDirect(client: Client): Promise<boolean> {
  const { rows } = await client.query('select pg_backend_pid() as pid');
  return rows[0]?.pid === (client as Client & { readonly processID?: number }).processID;
}

function ignored(): void {}
