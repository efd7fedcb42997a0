import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { manyCommits } from '../test/fixtures/many-commits.ts';
import { type Postgres, type PostgresOptions, startPostgres } from '../test/fixtures/postgres.ts';
import { type Ended, processesNaming, type Running, run, start } from '../test/fixtures/processes.ts';
import { configLines, gitEnvironment, temporaryFolder } from '../test/fixtures/repository.ts';
import {
  refpostProgram,
  type ServerRepository,
  serverRepository,
} from '../test/fixtures/server-repository.ts';
import { startInbox } from '../test/fixtures/smtp-inbox.ts';
import type { ScriptedServer } from '../test/fixtures/smtp-script.ts';
import { startTcpProxy, type TcpProxy } from '../test/fixtures/tcp-proxy.ts';
import type { FaultBench } from './fault-bench.ts';
import { TWO_AUDIENCES } from './scene.ts';

const SERVERS = 3;
const REPOSITORIES = 2;
const SENDERS = 4;

/** Git servers and senders that share an outbox, between which and its database is a network. */
export interface Fleet {
  readonly postgres: Postgres;
  readonly network: TcpProxy;
  readonly inbox: ScriptedServer;
  readonly servers: readonly GitServer[];
  /** Those that are started again whenever they end: senders, and the intake of a server. */
  readonly services: readonly Service[];
}

/** A spool, and repositories with the hook. */
interface GitServer {
  readonly repositories: readonly ServerRepository[];
  /** Of each repository: what was pushed to it, oldest first. */
  readonly pushed: readonly string[][];
  /** The workers of it that run now, by their process ids. */
  workers(): readonly number[];
}

/** A program that somebody starts again when it has ended, as systemd does. */
export interface Service {
  readonly pid: number;
  /** Ends it for good; returns how each of its runs has ended that nobody killed. */
  stop(): Promise<readonly Ended[]>;
}

export const DATABASE = 'fleet';

export interface FleetOptions extends PostgresOptions {
  /** The first repositories of the last two servers have the same name in the fleet: they are one, which both serve. */
  readonly isMirrored?: boolean;
}

export async function openFleet(bench: FaultBench, options: FleetOptions = {}): Promise<Fleet> {
  const postgres = await startPostgres(bench, { durable: true, ...options });
  await postgres.sql(`create database ${DATABASE}`);
  const network = await startTcpProxy(bench, { path: postgres.socket });
  const inbox = await startInbox(bench);
  const settings = {
    'refpost.outbox': `postgres://refpost@127.0.0.1:${network.port}/${DATABASE}`,
    'refpost.transport': `smtp://127.0.0.1:${inbox.port}`,
    'refpost.retryWait': '1s',
    'refpost.retryMaxWait': '1s',
  };
  const home = temporaryFolder(bench);
  writeFileSync(join(home, 'config'), configLines(settings));
  const env = gitEnvironment({ HOME: home, GIT_CONFIG_GLOBAL: join(home, 'config') });
  const { code, stderr } = await run([...refpostProgram, 'fleet', 'init'], { cwd: home, env });
  if (code !== 0) throw new Error(`fleet init: ${stderr}`);
  const servers: GitServer[] = [];
  for (let at = 0; at < SERVERS; at++) {
    // On the first one an intake stays; on the others, hooks start workers, which also send what they have picked up.
    const own = {
      ...settings,
      'refpost.server': `git${at}`,
      'refpost.worker': at === 0 ? 'service' : 'hook',
    };
    servers.push(await openServer(bench, inbox.port, own, at > 0 && options.isMirrored ? 'both' : undefined));
  }
  // What "install" has asked of it in this process.
  network.cut();
  const services: Service[] = [];
  const [first] = servers[0]?.repositories ?? [];
  if (first) services.push(keepUp(bench, ['work', '--intake'], { cwd: first.bare, env: first.env }));
  for (let at = 0; at < SENDERS; at++) services.push(keepUp(bench, ['work', '--sender'], { cwd: home, env }));
  return { postgres, network, inbox, servers, services };
}

/** @param first the name in the fleet of its first repository, if not the usual one */
async function openServer(
  bench: FaultBench,
  port: number,
  fleet: Readonly<Record<string, string>>,
  first: string | undefined,
): Promise<GitServer> {
  const spool = join(temporaryFolder(bench), 'spool');
  const repositories: ServerRepository[] = [];
  for (let at = 0; at < REPOSITORIES; at++) {
    const name = at === 0 && first !== undefined ? { 'refpost.fleetName': first } : {};
    const settings = { ...TWO_AUDIENCES.settings, ...fleet, ...name };
    repositories.push(await serverRepository(bench, { ...TWO_AUDIENCES, port, spool, settings }));
  }
  return {
    repositories,
    pushed: repositories.map(() => []),
    workers: () => repositories.flatMap(({ bare }) => processesNaming(`work --drain --repo ${bare}`)),
  };
}

function keepUp(
  bench: FaultBench,
  words: readonly string[],
  where: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Service {
  let running: Running;
  let isOver = false;
  const ends: Ended[] = [];
  const started = () => {
    running = start([...refpostProgram, ...words], where);
    void running.ended.then(async end => {
      if (end.signal !== 'SIGKILL') ends.push(end);
      await sleep(200);
      if (!isOver) started();
    });
  };
  started();
  bench.after(() => {
    isOver = true;
    running.child.kill('SIGKILL');
  });
  return {
    get pid() {
      return running.child.pid ?? 0;
    },
    stop: async () => {
      isOver = true;
      running.child.kill('SIGTERM');
      await running.ended;
      return ends;
    },
  };
}

let pushes = 0;

/** Pushes so many times to each repository, to all servers at once. */
export async function pushToAll({ servers }: Fleet, times: number): Promise<void> {
  const toServer = async ({ repositories, pushed }: GitServer) => {
    for (let at = 0; at < times * repositories.length; at++) {
      const which = at % repositories.length;
      const { clone, push } = repositories[which] as ServerRepository;
      const commits = manyCommits({ clone, count: 1 + (at % 3), title: `Push ${++pushes}` });
      const { code, stderr } = await push();
      if (code !== 0 || stderr !== '') throw new Error(`git push: ${stderr}`);
      pushed[which]?.push(...commits);
    }
  };
  await Promise.all(servers.map(toServer));
}
