import { existsSync } from 'node:fs';
import { DatabaseAway } from '../errors.ts';
import type { FleetProcess, Waiting } from '../model/fleet.ts';
import type { Status, WorkerStatus } from '../model/status.ts';
import type { World } from '../model/world.ts';
import { refuseUnmoved } from '../outbox/directory/moved-mark.ts';
import type { Database } from '../outbox/postgres/database.ts';
import { readProcesses, readServers, readUntried, readWaiting } from '../outbox/postgres/fleet-state.ts';
import { triedEntries } from '../outbox/postgres/inspection.ts';
import { databaseIn, serverName } from '../repository/database-of.ts';
import type { Tolerated } from '../repository/workplace.ts';
import { type Look, readDrop, readEntries, reasonIn } from './look.ts';
import { type EntryFindings, type Findings, NO_UNTRIED, statusOf, type Untried } from './status-of.ts';

/** What was found of one server. */
interface Site {
  readonly server: string;
  readonly at: number;
  readonly findings: Findings;
}

/**
 * How a fleet is doing, or one server of it: its entries by the database, what waits on each server as it was said there last, but here as it is.
 * Where the database cannot be reached, what waits here. Only reads.
 */
export async function readFleetStatus(world: World, place: Tolerated, look: Look): Promise<Status> {
  const database = databaseIn(world, place);
  const here = serverName(place.config);
  const local = await readHere(world, place);
  const isMeant = (server: string) => look.shows === undefined || server === look.shows;
  const outbox = database.shown;
  await refuseUnmoved(place.spool, outbox);
  try {
    const waiting = await readWaiting(database, look.shows);
    const processes = (await readProcesses(database)).filter(
      ({ server, mode }) => mode === 'sender' || isMeant(server),
    );
    const entries = await triedByServer(database, world.now(), look);
    const untried = await readUntried(database, look.shows, look.withoutAlarms === true);
    const own = local && isMeant(here) ? [here] : [];
    const known = await readServers(database, look.shows);
    const names = new Set([
      ...own,
      ...known,
      ...waiting.map(({ server }) => server),
      ...entries.keys(),
      ...untried.keys(),
    ]);
    const sites = [...names].toSorted().map((server): Site => {
      const isHere = server === here && local !== undefined;
      const said = waiting.filter(one => one.server === server && !(isHere && one.spool === place.spool));
      const drop = said
        .map(one => remote(world, place, one, look))
        .reduce(added, isHere ? local : nothing(world, place));
      const { found = [], damaged = 0 } = entries.get(server) ?? {};
      const queue = { untried: untried.get(server) ?? NO_UNTRIED, entries: found, damaged };
      const worker = workerOf(server, { ...drop, ...queue }, processes);
      return {
        server,
        at: isHere ? world.now() : said.reduce((last, { at }) => Math.max(last, at), 0),
        findings: { ...drop, ...queue, spool: outbox, worker },
      };
    });
    return { ...whole(world, place, outbox, sites), processes };
  } catch (error) {
    if (!(error instanceof DatabaseAway)) throw error;
    const findings = {
      ...(local ?? nothing(world, place)),
      spool: outbox,
      entries: [],
      damaged: 0,
      database: reasonIn(error),
    };
    return statusOf(findings);
  }
}

async function readHere(world: World, place: Tolerated) {
  return existsSync(place.spool) ? readDrop(world, place) : undefined;
}

type DropFindings = Omit<Findings, 'spool' | 'entries' | 'untried' | 'damaged'>;

function nothing({ now }: World, { config, wrong }: Tolerated): DropFindings {
  const worker: WorkerStatus = { state: 'none', startedBy: config.worker };
  const counts = { recorded: [], held: [], unreadable: 0, mirrors: [] };
  return { now: now(), worker, warnAfter: config.warnAfter, ...counts, settings: wrong && reasonIn(wrong) };
}

function added(one: DropFindings, other: DropFindings): DropFindings {
  return {
    ...one,
    recorded: [...one.recorded, ...other.recorded],
    held: [...one.held, ...other.held],
    unreadable: one.unreadable + other.unreadable,
  };
}

/** What was said of another spool. The reasons are known there alone. */
function remote(world: World, place: Tolerated, said: Waiting, look: Look): DropFindings {
  const { server, spool, recorded, oldest, held, unreadable } = said;
  const reason = {
    what: `what it is, is known on ${server}`,
    remedy: `there: refpost status`,
  };
  const now = world.now();
  return {
    ...nothing(world, place),
    recorded: Array.from({ length: recorded }, (_, nth) => (nth === 0 ? oldest : now)),
    // Who tells the administrator is its own worker.
    held: Array.from({ length: look.withoutAlarms ? 0 : held }, (_, nth) => ({
      push: `${server}:${spool}/${nth}`,
      ...reason,
    })),
    unreadable,
  };
}

async function triedByServer(database: Database, now: number, look: Look) {
  const servers = new Map<string, { found: EntryFindings[]; damaged: number }>();
  for await (const { server = '', findings } of readEntries(triedEntries(database, look.shows), now, look)) {
    const known = servers.get(server) ?? { found: [], damaged: 0 };
    servers.set(server, known);
    if (findings) known.found.push(findings);
    else known.damaged++;
  }
  return servers;
}

/** Whether somebody is there for what waits: for what is recorded on a server that one's own, for what is queued a sender as well. */
function workerOf(
  server: string,
  { recorded, worker, entries, untried }: Pick<Findings, 'recorded' | 'worker' | 'entries' | 'untried'>,
  processes: readonly FleetProcess[],
): WorkerStatus {
  const alive = processes.filter(one => one.alive && (one.server === server || one.mode === 'sender'));
  const takes = alive.some(({ mode }) => mode !== 'sender') || worker.state === 'running';
  const sends = alive.some(({ mode }) => mode !== 'intake');
  const isQueued = (untried !== undefined && untried.mails > 0) || entries.some(({ queued }) => queued > 0);
  const isMissing = (recorded.length > 0 && !takes) || (isQueued && !sends);
  if (worker.state === 'running' && !isMissing) return worker;
  const [one] = alive;
  if (isMissing || !one) return { ...worker, state: 'none' };
  return { ...worker, state: 'running', pid: one.pid, host: one.host };
}

/** The sum of all, and each by itself. */
function whole(world: World, { config, wrong }: Tolerated, outbox: string, sites: readonly Site[]): Status {
  const all = sites.map(({ findings }) => findings);
  const missing = all.find(({ worker }) => worker.state === 'none')?.worker;
  const worker = missing ?? all[0]?.worker ?? { state: 'none', startedBy: config.worker };
  const disk = all.find(one => one.disk)?.disk;
  const sum = statusOf({
    ...{ spool: outbox, now: world.now(), worker, warnAfter: config.warnAfter },
    recorded: all.flatMap(({ recorded }) => recorded),
    held: all.flatMap(({ held }) => held),
    unreadable: all.reduce((total, { unreadable }) => total + unreadable, 0),
    entries: all.flatMap(({ entries }) => entries),
    untried: all.map(({ untried = NO_UNTRIED }) => untried).reduce(both, NO_UNTRIED),
    damaged: all.reduce((total, { damaged }) => total + damaged, 0),
    mirrors: all.flatMap(({ mirrors }) => mirrors),
    settings: wrong && reasonIn(wrong),
    ...(disk ? { disk } : {}),
  });
  // A damaged entry does not say whose it is.
  const named = sites.filter(({ server }) => server !== '');
  const servers = named.map(({ server, at, findings }) => ({
    ...unsent(statusOf(findings)),
    server,
    seen: at,
  }));
  return { ...unsent(sum), servers };
}

function both(one: Untried, other: Untried): Untried {
  return {
    pushes: one.pushes + other.pushes,
    mails: one.mails + other.mails,
    since: Math.min(one.since, other.since),
  };
}

/** What is sent is not counted: there may be millions. */
function unsent({ sent: _, ...status }: Status): Status {
  return status;
}
