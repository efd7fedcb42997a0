import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openOutbox } from '../src/outbox/directory/open-outbox.ts';
import { cannotStartPostgres } from '../test/fixtures/postgres.ts';
import { TestRepository } from '../test/fixtures/repository.ts';
import { benchPostgres, type FleetDatabase, fullDatabase, newDatabase, SERVER } from './fleet-database.ts';
import { accepted, endAll } from './inbox-rows.ts';
import { type MailServer, mailServer } from './mail-server.ts';
import { medians, start, type Task, timeOf } from './measure.ts';
import { fillOutbox, MAIL_SIZE, MAILS_A_PUSH } from './posting-rows.ts';
import { refpost, settings } from './refpost.ts';
import type { Bench, Row } from './row.ts';
import { bareRepository, install } from './server.ts';

/** Lanes in which mails wait for senders: more than there are senders. */
const LANES = 8;
const SENDERS = 4;
/** What a full database may cost. */
const FULL = 1.2;

/** An outbox in a database beside one in a directory, and a database beside one that is full of finished and waiting mails. */
export async function* fleetRows(bench: Bench): AsyncGenerator<Row> {
  if (cannotStartPostgres()) return;
  const [finished, waiting] = bench.options.quick ? [10_000, 1000] : [1_000_000, 100_000];
  const postgres = await benchPostgres(bench);
  const databases = {
    empty: await newDatabase(bench, postgres),
    full: await fullDatabase(bench, postgres, { finished, waiting }),
  };
  const beside = `${waiting} waiting and ${finished} finished mails`;
  yield* postingRows(bench, databases, beside);
  yield* sendersRows(bench, databases, beside);
  yield* pushRows(bench, { ...databases, pair: await newDatabase(bench, postgres) }, beside);
}

interface Databases {
  readonly empty: FleetDatabase;
  readonly full: FleetDatabase;
}

type Taken = Record<string, number>;

function row(
  work: string,
  ours: number | undefined,
  limitName: string,
  limit: number | undefined,
  allowed: number,
): Row {
  return { work, ours: ours as number, limitName, limit, unit: 'ms', allowed };
}

async function* postingRows(bench: Bench, databases: Databases, beside: string): AsyncGenerator<Row> {
  const { quick, times } = bench.options;
  const filling = { pushes: quick ? 1 : 20, mails: MAILS_A_PUSH, size: MAIL_SIZE };
  const { transport } = await mailServer(bench, 'fine');
  const tasks: Record<string, Task> = {};
  for (const place of ['directory', 'empty', 'full'] as const) {
    const repository = bareRepository(join(bench.scratch, `fleet-${place}.git`));
    const database = place === 'directory' ? undefined : databases[place];
    install(repository, { transport, worker: 'service', ...(database && settingsOf(database)) });
    const outbox = database?.outbox ?? openOutbox(join(repository.folder, 'refpost'), 'umask');
    if (!database) await outbox.recover();
    tasks[place] = async () => {
      await fillOutbox(outbox, repository.folder, filling);
      // 75: mails wait that are not due.
      return timeOf(refpost(['work', '--once', '--repo', repository.folder]), [0, 75]);
    };
  }
  const { directory, empty, full }: Taken = await medians(tasks, quick ? 1 : 7 * times);
  const work = `posting ${filling.pushes * MAILS_A_PUSH} queued mails of 7 KB from a database`;
  yield row(work, empty, 'from a directory', directory, 1 / 0.8);
  yield row(`  beside ${beside}`, full, 'beside none', empty, FULL);
}

async function* sendersRows(bench: Bench, databases: Databases, beside: string): AsyncGenerator<Row> {
  const mails = bench.options.quick ? 5 : 50;
  const server = await mailServer(bench, 'slow', 'each');
  const tasks: Record<string, Task> = {};
  for (const [name, database] of Object.entries(databases))
    for (const senders of [1, SENDERS])
      tasks[`${name} ${senders}`] = async () => {
        for (let lane = 0; lane < LANES; lane++)
          await fillOutbox(database.outbox, `/srv/git/${lane}.git`, { pushes: 1, mails, size: MAIL_SIZE });
        return sent(bench, database, server, senders, LANES * mails);
      };
  const taken: Taken = await medians(tasks, bench.options.quick ? 1 : bench.options.times);
  const work = `${LANES * mails} mails at 20 ms each, ${SENDERS} senders`;
  yield row(work, taken[`empty ${SENDERS}`], 'one sender', taken['empty 1'], 1 / 3.5);
  yield row(`  beside ${beside}`, taken[`full ${SENDERS}`], 'beside none', taken[`empty ${SENDERS}`], FULL);
  yield row('  one sender beside them', taken['full 1'], 'beside none', taken['empty 1'], FULL);
}

/** Milliseconds from the first mail to the last. */
async function sent(
  bench: Bench,
  database: FleetDatabase,
  server: MailServer,
  senders: number,
  mails: number,
): Promise<number> {
  const before = server.seen;
  const until = async (count: number) => {
    while (server.seen < before + count) await sleep(2);
    return performance.now();
  };
  const running = Array.from({ length: senders }, () => startSender(bench, database, server));
  const begin = await until(1);
  const took = (await until(mails)) - begin;
  await Promise.all(running.map(end => end()));
  return took;
}

/** Returns what ends it. */
function startSender(bench: Bench, { url }: FleetDatabase, { transport }: MailServer): () => Promise<void> {
  const command = refpost(['work', '--sender', ...settings({ outbox: url, transport })]);
  const child = start({ ...command, cwd: bench.scratch }, 'ignore');
  const ended = new Promise<void>(resolve => void child.once('exit', () => resolve()));
  bench.after(() => child.kill('SIGKILL'));
  return () => {
    child.kill('SIGTERM');
    return ended;
  };
}

async function* pushRows(
  bench: Bench,
  databases: Databases & { readonly pair: FleetDatabase },
  beside: string,
): AsyncGenerator<Row> {
  const { quick, times } = bench.options;
  const folder = join(bench.scratch, 'fleet');
  bench.after(() => endAll(folder));
  mkdirSync(folder);
  const server = await mailServer(bench, 'fine', 'each');
  const clone = new TestRepository(join(folder, 'clone'));
  const places = ['directory', 'empty', 'full', 'pair'] as const;
  const tasks: Record<string, Task> = {};
  for (const place of places) {
    const repository = bareRepository(join(folder, `${place}.git`));
    const database = place === 'directory' ? undefined : databases[place];
    const own = { transport: server.transport, worker: 'service' };
    install(repository, { ...own, ...(database && settingsOf(database)) });
    const intake = place === 'pair' ? ['--intake'] : [];
    start(refpost(['work', ...intake, '--repo', repository.folder]), 'ignore');
    tasks[place] = () => accepted(folder, clone, repository.folder, server, places.length);
  }
  const end = startSender(bench, databases.pair, server);
  const { directory, empty, full, pair }: Taken = await medians(tasks, quick ? 1 : 15 * times);
  await Promise.all([end(), endAll(folder)]);
  const work = 'push of one commit to its mail by a database, a worker stays';
  yield row(work, empty, 'by a directory', directory, 1.3);
  yield row('  an intake and a sender stay', pair, 'by a directory', directory, 1.3);
  yield row(`  beside ${beside}`, full, 'beside none', empty, FULL);
}

function settingsOf({ url }: FleetDatabase) {
  return { outbox: url, server: SERVER };
}
