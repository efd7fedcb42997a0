import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lossesOf } from '../test/fixtures/losses.ts';
import { manyCommits } from '../test/fixtures/many-commits.ts';
import { waitUntil } from '../test/fixtures/processes.ts';
import { temporaryFolder } from '../test/fixtures/repository.ts';
import { type ServerRepository, serverRepository } from '../test/fixtures/server-repository.ts';
import { type Fault, type ScriptedServer, startScripted } from '../test/fixtures/smtp-script.ts';
import type { FaultBench } from './fault-bench.ts';
import { type Figure, figureOf } from './figure.ts';
import { RECIPIENTS } from './scene.ts';

/** How a server is dead. */
const DEATHS: Readonly<Record<string, Fault | undefined>> = {
  'refuses connections': undefined,
  'says 421': { at: 'GREETING', reply: '421 4.3.2 come again', next: 'drop' },
  'never greets': { at: 'GREETING', next: 'hang' },
  'never answers the message': { at: 'DOT', next: 'hang' },
};
const SHORT = ['refuses connections', 'says 421'];

/** As many times the median push without it may the median push take beside a dead server: wide enough for what else a machine does. */
const ALLOWED = 3;
/** After as many times the slowest push it is not waited for any more. */
const PATIENCE = 20;

/** Two repositories share an outbox and its one worker, and the server of one is dead: the mails of the other are not later for it. */
export async function* besideFaults(bench: FaultBench): AsyncGenerator<Figure> {
  for (const death of Object.keys(DEATHS)) {
    if (!bench.options.short || SHORT.includes(death)) yield await deadBesideLive(bench, death);
  }
}

async function deadBesideLive(bench: FaultBench, death: string): Promise<Figure> {
  const count = bench.options.short ? 5 : 15;
  const scene = await openScene(bench, death);
  const { live, dead } = scene;
  const worker = live.server.startRefpost('work');
  // The first one starts what is needed later.
  await pushAndWait(live);
  const alone: number[] = [];
  for (let at = 0; at < count; at++) alone.push((await pushAndWait(live)) ?? 0);
  const beside: number[] = [];
  for (let at = 0; at < count; at++) {
    await push(dead);
    await waitUntil('the dead server is tried', () => hasMet(scene));
    beside.push((await pushAndWait(live, PATIENCE * Math.max(...alone))) ?? Number.POSITIVE_INFINITY);
  }
  const ratio = median(beside) / median(alone);
  const waited = beside.filter(time => time === Number.POSITIVE_INFINITY).length;
  // The dead server comes back.
  dead.inbox.play();
  await dead.inbox.stop();
  await dead.inbox.start();
  for (const { server } of [live, dead]) await server.refpost('outbox', 'retry', '--all');
  await waitUntil('all is mailed', live.server.isSettled, { explain: live.server.log });
  worker.child.kill('SIGTERM');
  await worker.ended;
  const figures = [live, dead].map(({ pushes, inbox: { received } }) => ({ pushes, received }));
  const losses = lossesOf({
    pushes: figures.flatMap(each => each.pushes),
    received: figures.flatMap(each => each.received),
    recipients: RECIPIENTS,
    // A server that never answers may have the message.
    unsure: [],
  });
  const broken = [
    ...(ratio > ALLOWED ? [`a push takes ${ratio.toFixed(1)} times as long as without it`] : []),
    ...(waited > 0 ? [`${waited} mails waited for it`] : []),
  ];
  return {
    ...figureOf(`a server that ${death}, beside a live one (${count} pushes, ${ratio.toFixed(1)} ×)`, losses),
    broken,
  };
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

interface Side {
  readonly server: ServerRepository;
  readonly inbox: ScriptedServer;
  readonly pushes: string[][];
}

interface Scene {
  readonly live: Side;
  readonly dead: Side;
  readonly isRefusing: boolean;
}

async function openScene(bench: FaultBench, death: string): Promise<Scene> {
  const spool = join(temporaryFolder(bench), 'spool');
  const fault = DEATHS[death];
  const side = async (faults: readonly Fault[]): Promise<Side> => {
    const inbox = await startScripted(bench, faults);
    const settings = { 'refpost.worker': 'service', 'refpost.retryWait': '1s', 'refpost.retryMaxWait': '1s' };
    const server = await serverRepository(bench, {
      port: inbox.port,
      recipients: RECIPIENTS,
      settings,
      spool,
    });
    return { server, inbox, pushes: [] };
  };
  const live = await side([]);
  const dead = await side(fault ? [fault] : []);
  if (!fault) await dead.inbox.stop();
  return { live, dead, isRefusing: !fault };
}

/** The dead server has been tried, and what it does keeps the worker, if anything does. */
function hasMet({ live, dead, isRefusing }: Scene): boolean {
  return isRefusing ? /ECONNREFUSED/.test(live.server.log()) : dead.inbox.connections > 0;
}

let commits = 0;

async function push({ server, pushes }: Side): Promise<void> {
  pushes.push(manyCommits({ clone: server.clone, count: 1, title: `Push ${++commits}` }));
  const { code, stderr } = await server.push();
  if (code !== 0 || stderr !== '') throw new Error(`git push: ${stderr}`);
}

/** Milliseconds from the push to its mails; undefined where they are not there in time. */
async function pushAndWait(side: Side, most = Number.POSITIVE_INFINITY): Promise<number | undefined> {
  const before = side.inbox.received.length;
  const begun = performance.now();
  await push(side);
  const isThere = () => side.inbox.received.length > before;
  while (!isThere()) {
    if (performance.now() - begun > most) return undefined;
    await sleep(2);
  }
  return performance.now() - begun;
}
