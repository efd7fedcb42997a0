import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manyCommits } from '../test/fixtures/many-commits.ts';
import { type Postgres, type PostgresOptions, startPostgres } from '../test/fixtures/postgres.ts';
import { processesNaming, run } from '../test/fixtures/processes.ts';
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
import { keepUp, type Service } from './service.ts';
import { wrongClocks } from './wrong-clocks.ts';

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
  /** Of each server and sender, where they are wrong: a file with the milliseconds by which it is (`shift-clock.ts`). */
  readonly clocks: readonly string[];
}

/** A spool, and repositories with the hook. */
interface GitServer {
  /** For its hooks. */
  readonly env: NodeJS.ProcessEnv;
  readonly repositories: readonly ServerRepository[];
  /** Of each repository: what was pushed to it, oldest first. */
  readonly pushed: readonly string[][];
  /** The workers of it that run now, by their process ids. */
  workers(): readonly number[];
}

export const DATABASE = 'fleet';

export interface FleetOptions extends PostgresOptions {
  /** The first repositories of the last two servers have the same name in the fleet: they are one, which both serve. */
  readonly isMirrored?: boolean;
  /** Each server and sender has a clock of its own, which is wrong. */
  readonly hasClocks?: boolean;
  /** One sender more, whose own mail server is away. */
  readonly hasDeadSender?: boolean;
  /** Settings of all of them. */
  readonly more?: Readonly<Record<string, string>>;
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
    ...options.more,
  };
  const home = temporaryFolder(bench);
  const senderEnv = (name: string, own: Readonly<Record<string, string>> = {}) => {
    const file = join(home, name);
    writeFileSync(file, configLines({ ...settings, ...own }));
    return gitEnvironment({ HOME: home, GIT_CONFIG_GLOBAL: file });
  };
  const env = senderEnv('config');
  const clocks = options.hasClocks ? wrongClocks(home) : undefined;
  const { code, stderr } = await run([...refpostProgram, 'fleet', 'init'], { cwd: home, env });
  if (code !== 0) throw new Error(`fleet init: ${stderr}`);
  const servers: GitServer[] = [];
  for (let at = 0; at < SERVERS; at++) {
    // On the first one an intake stays; on the others, hooks start workers, which also send what they have picked up.
    const own = {
      ...settings,
      'refpost.server': `git${at}`,
      'refpost.worker': at === 0 ? 'service' : 'hook',
      ...clocks?.settings,
    };
    const name = at > 0 && options.isMirrored ? 'both' : undefined;
    const server = await openServer(bench, inbox.port, own, name);
    servers.push({ ...server, env: { ...clocks?.another() } });
  }
  // What "install" has asked of it in this process.
  network.cut();
  const services: Service[] = [];
  const [one] = servers;
  const [first] = one?.repositories ?? [];
  const keep = (user: string, cwd: string, env: NodeJS.ProcessEnv) =>
    void services.push(keepUp(bench, ['work', user], { cwd, env: { ...env, ...clocks?.preload } }));
  if (one && first) keep('--intake', first.bare, { ...first.env, ...one.env });
  const dead = { 'refpost.transport': 'smtp://127.0.0.1:9' };
  const senders = Array.from({ length: SENDERS }, () => env);
  if (options.hasDeadSender) senders.push(senderEnv('dead', dead));
  for (const env of senders) keep('--sender', home, { ...env, ...clocks?.another() });
  return { postgres, network, inbox, servers, services, clocks: clocks?.files ?? [] };
}

/** @param first the name in the fleet of its first repository, if not the usual one */
async function openServer(
  bench: FaultBench,
  port: number,
  fleet: Readonly<Record<string, string>>,
  first: string | undefined,
): Promise<Omit<GitServer, 'env'>> {
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

let pushes = 0;

/** Pushes so many times to each repository, to all servers at once. */
export async function pushToAll({ servers }: Fleet, times: number): Promise<void> {
  const toServer = async ({ repositories, pushed, env }: GitServer) => {
    for (let at = 0; at < times * repositories.length; at++) {
      const which = at % repositories.length;
      const { clone, push } = repositories[which] as ServerRepository;
      const commits = manyCommits({ clone, count: 1 + (at % 3), title: `Push ${++pushes}` });
      const { code, stderr } = await push(['main'], clone, env);
      if (code !== 0 || stderr !== '') throw new Error(`git push: ${stderr}`);
      pushed[which]?.push(...commits);
    }
  };
  await Promise.all(servers.map(toServer));
}
