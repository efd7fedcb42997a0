import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killLoop } from '../test/fixtures/kill-loop.ts';
import { gitEnvironment } from '../test/fixtures/repository.ts';
import type { FaultBench } from './fault-bench.ts';
import type { Figure } from './figure.ts';
import { makeCommits, openScene, pushCommits, RECIPIENTS, type Scene, settle } from './scene.ts';

/** SIGKILL at random moments: of the worker, of the git processes that it asks, and of the hook. */
export async function* killFaults(bench: FaultBench): AsyncGenerator<Figure> {
  yield await killWorkers(bench);
  yield await killGits(bench);
  yield await killHooks(bench);
}

async function killWorkers(bench: FaultBench): Promise<Figure> {
  const { server, inbox } = await openScene(bench);
  const { kills } = bench.options;
  const losses = await killLoop({ server, inbox, recipients: RECIPIENTS, kills, commitsPerPush: 20 });
  const doubled = losses.doubled + losses.doubledAsAnother;
  const fault = `the worker is killed at random moments (${kills} kills)`;
  const { expected: tried, lost, outOfOrder } = losses;
  return { fault, tried, lost, doubled, excused: losses.doubled - losses.unexplained, outOfOrder };
}

async function killGits(bench: FaultBench): Promise<Figure> {
  const scene = await openScene(bench);
  let killed = 0;
  while (killed < bench.options.kills) {
    if (scene.server.isSettled()) await pushCommits(scene, 5);
    const { child, ended } = scene.server.startRefpost('work', '--once');
    const over = ended.then(() => true);
    const moment = Date.now() + Math.random() * 400;
    while (Date.now() < moment && !(await Promise.race([over, sleep(2, false)])));
    killed += await killChild(child, over);
    await ended;
  }
  return settle(scene, `git is killed at random moments under the worker (${killed} kills)`);
}

/** Kills the next child of a process that is seen; 0 if it ends before it has one. */
async function killChild(parent: ChildProcess, over: Promise<boolean>): Promise<number> {
  while (!(await Promise.race([over, sleep(1, false)]))) {
    for (const pid of childrenOf(parent.pid as number)) {
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

/** proc(5): CONFIG_PROC_CHILDREN. Empty for a process that has ended. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

async function killHooks(bench: FaultBench): Promise<Figure> {
  const scene = await openScene(bench);
  let killed = 0;
  let usual = 20;
  for (let tries = 0; tries < bench.options.kills; tries++) {
    makeCommits(scene, 1);
    const begun = performance.now();
    if ((await hookKilledAfter(scene, Math.random() * usual)) === 'SIGKILL') killed++;
    // How long a hook takes on this machine: most are to be killed before that.
    else usual = (performance.now() - begun) / 2;
  }
  // What a hook did not record, the next push brings.
  await pushCommits(scene, 1);
  return settle(scene, `the hook is killed at random moments (${killed} kills)`);
}

/** Moves the branch as a push does, and kills the hook after so many milliseconds, with all that it has started. */
async function hookKilledAfter({ server }: Scene, moment: number): Promise<NodeJS.Signals | null> {
  const { clone, bare } = server;
  const [old, fresh] = [
    clone.git('--git-dir', bare, 'for-each-ref', '--format=%(objectname)', 'refs/heads/main'),
    clone.git('rev-parse', 'main'),
  ];
  clone.git('--git-dir', bare, 'fetch', '-q', clone.folder, 'main:main');
  const hook = spawn(join(bare, 'hooks', 'post-receive'), {
    cwd: bare,
    env: gitEnvironment({ GIT_DIR: '.', HOME: server.folder }),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  hook.stdin.on('error', () => {}).end(`${old || '0'.repeat(fresh.length)} ${fresh} refs/heads/main\n`);
  const exit = once(hook, 'exit');
  await Promise.race([exit, sleep(moment)]);
  if (hook.exitCode === null) process.kill(-(hook.pid as number), 'SIGKILL');
  const [, signal] = await exit;
  return signal;
}
