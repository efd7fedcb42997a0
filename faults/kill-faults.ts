import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { killLoop } from '../test/fixtures/kill-loop.ts';
import type { FaultBench } from './fault-bench.ts';
import { type Figure, figureOf } from './figure.ts';
import { killHooks } from './kill-hooks.ts';
import { killStages } from './kill-stages.ts';
import { openScene, pushCommits, RECIPIENTS, settle, TWO_AUDIENCES } from './scene.ts';

/** SIGKILL at random moments: of the worker, of the git processes that it asks, and of the hook. */
export async function* killFaults(bench: FaultBench): AsyncGenerator<Figure> {
  yield await killWorkers(bench);
  yield await killGits(bench);
  yield* killStages(bench);
  yield* killHooks(bench);
}

async function killWorkers(bench: FaultBench): Promise<Figure> {
  const { server, inbox } = await openScene(bench, TWO_AUDIENCES);
  const { kills } = bench.options;
  const losses = await killLoop({ server, inbox, recipients: RECIPIENTS, kills, commitsPerPush: 20 });
  return figureOf(`the worker is killed at random moments (${kills} kills)`, losses);
}

async function killGits(bench: FaultBench): Promise<Figure> {
  const scene = await openScene(bench, TWO_AUDIENCES);
  let [killed, tries] = [0, 0];
  for (; killed < bench.options.kills; tries++) {
    if (scene.server.isSettled()) await pushCommits(scene, 5);
    const { child, ended } = scene.server.startRefpost('work', '--once');
    const over = ended.then(() => true);
    const moment = Date.now() + Math.random() * 400;
    while (Date.now() < moment && !(await Promise.race([over, sleep(2, false)])));
    killed += await killChild(child, over);
    await ended;
  }
  return settle(scene, `git is killed at random moments under the worker (${killed} kills in ${tries} runs)`);
}

/** Kills the next child of a process that is seen, some moments after its start; 0 if there is none. */
async function killChild(parent: ChildProcess, over: Promise<boolean>): Promise<number> {
  while (!(await Promise.race([over, sleep(1, false)]))) {
    for (const pid of childrenOf(parent.pid as number)) {
      await sleep(Math.random() * GIT_LIVES);
      try {
        process.kill(pid, 'SIGKILL');
        return 1;
      } catch {
        // It has ended by itself.
      }
    }
  }
  return 0;
}

/** Most processes of git are through by then, in milliseconds. */
const GIT_LIVES = 5;

/** proc(5): CONFIG_PROC_CHILDREN. Empty for a process that has ended. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
