import type { ConnectionOptions } from 'node:tls';
import type { Client, ClientConfig, Pool, PoolClient } from 'pg';
import { type DatabaseAway, fault, OperatorError } from '../../errors.ts';
import type { DatabaseAddress, DatabaseServer } from '../../model/fleet.ts';
import { databaseFault } from './database-fault.ts';
import { openPatience } from './last-patience.ts';
import { loadPg } from './packages.ts';
import { firstThatTakesChanges, STANDBY, shownAddress } from './servers.ts';

export interface DatabaseOptions {
  readonly address: DatabaseAddress & { readonly user: string };
  /** Asked for when the server wants one, for each connection anew. */
  readonly password: () => Promise<string | undefined>;
  /** Undefined: without encryption. Read when the first connection is made, and anew after one that failed. */
  readonly tls: (server: DatabaseServer) => Promise<ConnectionOptions | undefined>;
  /** What the server shows of us in pg_stat_activity. */
  readonly application: string;
}

/** Runs one statement. @param name prepares it under that name, once for each connection: where no pooler is in between */
export type Query = <Row>(
  text: string,
  values?: readonly unknown[],
  name?: string,
) => Promise<readonly Row[]>;

/**
 * A database, by a bounded number of connections, of which the first is made when something is asked. Whatever keeps us from it is a
 * `DatabaseAway`. Nothing is set for longer than a transaction, so that PgBouncer may be in between.
 */
export interface Database {
  /** As people may read it; there is no password in it. */
  readonly shown: string;
  readonly query: Query;
  /** All or nothing: what `work` throws undoes it. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** A connection for what belongs to a session: locks, LISTEN. The caller ends it. @param limit milliseconds for a statement; 0: as long as it takes */
  session(limit?: number): Promise<Client>;
  /** For graphile-worker. */
  pool(): Promise<Pool>;
  /** What an error of a connection means for an operator; a bug stays what it is. */
  fault(error: unknown): Error;
  /** From when the signal says that this process is to end, a server that says nothing is given up within seconds: what waits for it fails, and all that follows. Returns what ends this. */
  endBy(signal: AbortSignal): () => void;
  close(): Promise<void>;
}

/** Connections of a process, besides its sessions. */
const CONNECTIONS = 6;
/** All in milliseconds. */
const TIME_TO_CONNECT = 10_000;
const TIME_TO_ANSWER = 60_000;
const IDLE = 30_000;
/** A half-open connection is noticed after some of these. */
const KEEPALIVE = 10_000;
/** One packet. Who waits for a lock as long as that lets others through, and comes again. */
const BEGIN = 'begin; set local lock_timeout = 20000; set local statement_timeout = 50000';

export function openDatabase({ address, password, tls, application }: DatabaseOptions): Database {
  const { user, servers, database } = address;
  const shown = shownAddress(address);
  const query: Query = (text, values, name) => using(client => asked(client, text, values, name));
  const patience = openPatience(() => query('select 1').catch(ignored));
  let isStale = false;
  let opened: Promise<Pool> | undefined;
  const meant = (error: unknown) =>
    patience.isGivenUp() ? fault.databaseSilent(shown) : databaseFault(error, shown);
  const refuse = (error: unknown): never => {
    throw meant(error);
  };

  async function configAt(server: DatabaseServer): Promise<ClientConfig> {
    return {
      ...{ user, database, ...server, stream: patience.stream },
      password: async () => (await password()) ?? refuse(fault.noDatabasePassword(shown)),
      ssl: (await tls(server)) ?? false,
      application_name: application,
      connectionTimeoutMillis: TIME_TO_CONNECT,
      query_timeout: TIME_TO_ANSWER,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEPALIVE,
    };
  }

  /** Where to connect now, and how. */
  async function config(): Promise<ClientConfig> {
    if (patience.isGivenUp()) throw fault.databaseSilent(shown);
    if (servers.length === 1) return configAt(servers[0]);
    const isLasting = (error: unknown) => (meant(error) as DatabaseAway).lasting;
    return firstThatTakesChanges((await loadPg()).default, servers, configAt, isLasting);
  }

  async function open(): Promise<Pool> {
    const { default: pg } = await loadPg();
    const made = new pg.Pool({ ...(await config()), max: CONNECTIONS, idleTimeoutMillis: IDLE });
    // One that breaks while nobody uses it is replaced by the next; what breaks in use fails with that.
    made.on('error', ignored).on('connect', client => client.on('error', ignored));
    return made;
  }

  function pool(): Promise<Pool> {
    opened ??= open();
    opened.catch(() => {
      opened = undefined;
    });
    return opened.catch(refuse);
  }

  async function connect(): Promise<PoolClient> {
    const made = await pool();
    try {
      // What was read may have been renewed meanwhile, and another server have taken over.
      if (isStale || patience.isGivenUp()) Object.assign(made.options, await config());
      isStale = false;
      return (await made.connect()).on('error', ignored);
    } catch (error) {
      isStale = true;
      return refuse(error);
    }
  }

  async function using<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await connect();
    let isBroken = false;
    try {
      return await work(client);
    } catch (error) {
      isBroken = !isAnswer(error) || isStandby(error);
      isStale ||= isBroken;
      return refuse(error);
    } finally {
      client.off('error', ignored);
      client.release(isBroken);
    }
  }

  return {
    shown,
    query,
    transaction: work =>
      using(async client => {
        await client.query(BEGIN);
        try {
          const result = await work((text, values) => asked(client, text, values));
          const { command } = await client.query('commit');
          if (command !== 'COMMIT') throw new Error(`a transaction came to ${command}`);
          return result;
        } catch (error) {
          await client.query('rollback').catch(ignored);
          throw error;
        }
      }),
    session: async (limit = TIME_TO_ANSWER) => {
      const { default: pg } = await loadPg();
      const client = new pg.Client({ ...(await config().catch(refuse)), query_timeout: limit || undefined });
      client.on('error', ignored);
      await client.connect().catch(refuse);
      return client;
    },
    pool,
    fault: meant,
    endBy: patience.endBy,
    close: async () => {
      const made = opened;
      opened = undefined;
      await made?.then(one => one.end()).catch(ignored);
    },
  };
}

async function asked<Row>(client: PoolClient, text: string, values?: readonly unknown[], name?: string) {
  const { rows } = await client.query({ text, values: values as unknown[], ...(name && { name }) });
  return rows as readonly Row[];
}

/** True where the connection has done its part: the server has said no, or we have. */
function isAnswer(error: unknown): boolean {
  return error instanceof OperatorError || (error as { severity?: unknown }).severity === 'ERROR';
}

/** It takes no changes, or no longer. */
function isStandby(error: unknown): boolean {
  return (error as { code?: unknown }).code === STANDBY;
}

function ignored(): void {}
