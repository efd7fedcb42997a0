import { hostname } from 'node:os';
import { outboxPassword } from '../delivery/secret.ts';
import { isLoopback } from '../delivery/server.ts';
import { readTlsFiles } from '../delivery/tls-files.ts';
import { fault } from '../errors.ts';
import {
  DATABASE_SETTINGS,
  type DatabaseAddress,
  type DatabaseServer,
  type FleetSettings,
} from '../model/fleet.ts';
import type { World } from '../model/world.ts';
import { type Database, openDatabase } from '../outbox/postgres/database.ts';
import type { Tolerated } from './workplace.ts';

/** Those of each process (World.env is its one and the same), by their settings: so its connections are bounded, whoever asks. */
const databases = new WeakMap<World['env'], Map<string, Database>>();

/** The database that settings name, with its connections shared by all of this process. Nothing is connected yet. */
export function databaseOf(
  { env, user, now }: World,
  config: FleetSettings & { readonly outbox: DatabaseAddress },
): Database {
  const known = databases.get(env) ?? new Map<string, Database>();
  databases.set(env, known);
  const { outbox } = config;
  const key = JSON.stringify(DATABASE_SETTINGS.map(setting => config[setting]));
  const database =
    known.get(key) ??
    openDatabase({
      address: { ...outbox, user: outbox.user ?? user },
      password: () => outboxPassword(config, env),
      tls: server => tlsOf(config, server, now()),
      application: `refpost on ${serverName(config)}`,
    });
  known.set(key, database);
  return database;
}

/** The database of a place's outbox. @throws OperatorError where its settings name none */
export function databaseIn(world: World, { config, wrong }: Pick<Tolerated, 'config' | 'wrong'>): Database {
  const { outbox } = config;
  if (outbox === undefined) throw wrong ?? fault.noFleet();
  return databaseOf(world, { ...config, outbox });
}

/** As towards a mail server: nobody sits between us and a socket, or loopback, and there is no encryption unless certificates are named for it. */
async function tlsOf(settings: FleetSettings, { host }: DatabaseServer, now: number) {
  const { outboxTls, outboxCaFile, outboxClientCertFile } = settings;
  const isNamed = outboxCaFile !== undefined || outboxClientCertFile !== undefined;
  if (outboxTls === 'off' || host.startsWith('/') || (isLoopback(host) && !isNamed)) return undefined;
  return readTlsFiles('outbox', settings, now);
}

/** The name of this machine in the fleet. */
export function serverName({ server }: Pick<FleetSettings, 'server'>): string {
  return server ?? hostname();
}

/** The name of a repository in the fleet, by which its ledger is known. @param gitDir its absolute path */
export function fleetName(config: Pick<FleetSettings, 'server' | 'fleetName'>, gitDir: string): string {
  return config.fleetName ?? `${serverName(config)}:${gitDir}`;
}
