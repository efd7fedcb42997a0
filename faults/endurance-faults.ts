import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultBench } from './fault-bench.ts';
import type { Figure } from './figure.ts';
import { openScene, pushCommits, type Scene, settle } from './scene.ts';

/** What a worker and its spool hold after some pushes. */
interface Holding {
  readonly megabytes: number;
  readonly descriptors: number;
  readonly files: number;
  /** Of a push, on average since the last look, in milliseconds. */
  readonly time: number;
}

/** Pushes by the hook to one worker that stays; early and late in their row, it shall hold the same. */
export async function* enduranceFaults(bench: FaultBench): AsyncGenerator<Figure> {
  const { pushes } = bench.options;
  const scene = await openScene(bench);
  // Finished pushes are what a spool keeps on purpose.
  scene.server.config('refpost.keepDays', '0');
  const worker = scene.server.startRefpost('work');
  const third = Math.max(1, Math.floor(pushes / 3));
  await pushMany(scene, third);
  const early = await look(scene, worker.child.pid ?? 0, third);
  await pushMany(scene, third);
  const late = await look(scene, worker.child.pid ?? 0, third);
  worker.child.kill('SIGTERM');
  await worker.ended;
  const figure = await settle(scene, `${2 * third} pushes, one worker: ${change(early, late)}`);
  const grown = growth(early, late);
  yield { ...figure, ...(grown.length > 0 ? { broken: `more ${grown.join(', ')}` } : {}) };
}

let begun = 0;

async function pushMany(scene: Scene, count: number): Promise<void> {
  begun = performance.now();
  for (let at = 0; at < count; at++) {
    await pushCommits(scene, 1);
    while (!scene.server.isSettled()) await sleep(5);
  }
}

async function look({ server }: Scene, pid: number, count: number): Promise<Holding> {
  const time = (performance.now() - begun) / count;
  await sleep(200);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const { dropTmp, dropNew, dropBad, queue, failed } = server.layout;
  const folders = [dropTmp, dropNew, dropBad, queue, failed].filter(folder => existsSync(folder));
  return {
    megabytes: Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1]) / 1024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    files: folders.reduce((sum, folder) => sum + readdirSync(folder).length, 0),
    time,
  };
}

/** What may be more late than early and is yet flat: the collector's moods, a file at hand, what else the machine does. */
const SLACK: Readonly<Record<keyof Holding, (early: number) => number>> = {
  megabytes: early => early + 25,
  descriptors: early => early + 2,
  files: early => early + 2,
  time: early => 2 * early + 50,
};

function growth(early: Holding, late: Holding): string[] {
  return Object.entries(SLACK).flatMap(([name, most]) => {
    const holding = name as keyof Holding;
    return late[holding] > most(early[holding]) ? [name] : [];
  });
}

function change(early: Holding, late: Holding): string {
  const pair = (name: keyof Holding) => `${Math.round(early[name])}-${Math.round(late[name])}`;
  return `${pair('megabytes')} MB, ${pair('descriptors')} fds, ${pair('files')} files, ${pair('time')} ms`;
}
