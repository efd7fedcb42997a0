import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../test/fixtures/processes.ts';
import { TestRepository } from '../test/fixtures/repository.ts';
import type { FaultBench } from './fault-bench.ts';
import type { Figure } from './figure.ts';
import { change, grown, type Holding, holding } from './holding.ts';
import { makeCommits, openScene, pushMade, type Scene, settle } from './scene.ts';

/** Pushes whose time is taken, in each third of the run at the most. */
const SAMPLES = 200;

/** Pushes by the hook to one worker that stays: in the last third of them it holds what it held in the first. */
export async function* enduranceFaults(bench: FaultBench): AsyncGenerator<Figure> {
  const { pushes } = bench.options;
  const scene = await openScene(bench);
  const { server } = scene;
  // Finished pushes are what a spool keeps on purpose.
  server.config('refpost.keepDays', '0');
  const bare = join(server.folder, 'without-refpost.git');
  new TestRepository(bare, '--bare');
  server.clone.git('remote', 'add', 'without', bare);
  const worker = server.startRefpost('work');
  const third = Math.max(1, Math.floor(pushes / 3));
  const thirds: Holding[] = [];
  for (let at = 0; at < 3; at++) {
    const time = await pushMany(scene, third);
    await sleep(200);
    thirds.push(holding(worker.child.pid ?? 0, server.layout.root, time));
  }
  worker.child.kill('SIGTERM');
  await worker.ended;
  const [early, , late] = thirds as [Holding, Holding, Holding];
  const figure = await settle(scene, `${3 * third} pushes, one worker: ${change(early, late)}`);
  yield { ...figure, broken: [...grown(early, late), ...(await left(scene))] };
}

/** What a push took, as `Holding` has it: the median. */
async function pushMany(scene: Scene, count: number): Promise<number> {
  const step = Math.ceil(count / SAMPLES);
  const times: number[] = [];
  for (let at = 0; at < count; at++) {
    makeCommits(scene, 1);
    const ours = await timeOf(async () => {
      await pushMade(scene);
      while (!scene.server.isSettled()) await sleep(2);
    });
    if (at % step !== 0) continue;
    const { clone, env } = scene.server;
    const push = { cwd: clone.folder, env };
    const bare = await timeOf(async () => void (await run(['git', 'push', '-q', 'without', 'main'], push)));
    times.push(ours / bare);
  }
  return times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
}

/** In milliseconds. */
async function timeOf(task: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await task();
  return performance.now() - begun;
}

/** The next worker tidies up: then nothing is left of finished pushes. */
async function left({ server }: Scene): Promise<string[]> {
  await server.refpost('work', '--once');
  const count = readdirSync(server.layout.done).length;
  // The newest one stays: the next number is counted from it.
  return count <= 1 ? [] : [`${count} finished pushes are left after keepDays`];
}
