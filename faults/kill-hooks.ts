import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeProgram } from '../test/fixtures/program.ts';
import { gitEnvironment } from '../test/fixtures/repository.ts';
import type { FaultBench } from './fault-bench.ts';
import type { Figure } from './figure.ts';
import { makeCommits, openScene, pushCommits, type Scene, settle } from './scene.ts';

/** SIGKILL of the hook: at random moments, and around each program that it starts. */
export async function* killHooks(bench: FaultBench): AsyncGenerator<Figure> {
  yield await killAnywhere(bench);
  for (const when of ['before', 'after'] as const) yield await killAround(bench, when);
}

async function killAnywhere(bench: FaultBench): Promise<Figure> {
  const scene = await openScene(bench);
  let [killed, tries] = [0, 0];
  // How long a hook takes on this machine, in milliseconds: learned from those that were faster than their kill.
  let life = 40;
  for (; killed < bench.options.kills; tries++) {
    makeCommits(scene, 1);
    const hook = startHook(scene, {});
    const hit = await hook.killedAfter(Math.random() * life);
    if (hit) killed++;
    life = hit ? life * 1.03 : Math.max(1, life * 0.9);
  }
  // What a hook did not record, the next push brings.
  await pushCommits(scene, 1);
  return settle(scene, `the hook is killed at random moments (${killed} kills in ${tries} pushes)`);
}

/** The programs of bin/post-receive that change something or are waited for. */
const PROGRAMS = ['git', 'mkdir', 'date', 'mv', 'sync'];
/** All but mkdir are called with each push. */
const LEAST = PROGRAMS.length - 1;

/** The hook dies with the n-th program that it starts, for every n. Rename and sync are programs of their own in it. */
async function killAround(bench: FaultBench, when: 'before' | 'after'): Promise<Figure> {
  const scene = await openScene(bench);
  const bin = killingPrograms(scene, when);
  const dies = (at: number) => {
    makeCommits(scene, 1);
    return startHook(scene, { PATH: [bin, process.env.PATH].join(delimiter), KILL_AT: `${at}` }).killed();
  };
  let points = 0;
  while (await dies(points + 1)) points++;
  await pushCommits(scene, 1);
  const name = `the hook is killed ${when} each program that it starts (${points} kills)`;
  const broken = points >= LEAST ? [] : [`it starts ${LEAST} programs at least`];
  return { ...(await settle(scene, name)), broken };
}

/** The folder of programs that kill their process group at the $KILL_AT-th call. A folder is made for each: some are called at once. */
function killingPrograms({ server }: Scene, when: 'before' | 'after'): string {
  const bin = join(server.folder, 'killing');
  mkdirSync(bin);
  const path = process.env.PATH ?? '';
  for (const program of PROGRAMS) {
    writeProgram(
      join(bin, program),
      `PATH='${path}'`,
      `n=1; until mkdir '${bin}/'at-$KILL_AT-call-$n 2>/dev/null; do n=$((n + 1)); done`,
      `[ $n -eq $KILL_AT ] || exec ${program} "$@"`,
      when === 'after' ? `${program} "$@"` : ':',
      'kill -s KILL 0',
    );
  }
  return bin;
}

/** Moves the branch as a push does, and starts the hook in a process group of its own. */
function startHook({ server }: Scene, env: NodeJS.ProcessEnv) {
  const { clone, bare } = server;
  const [old, fresh] = [
    clone.git('--git-dir', bare, 'for-each-ref', '--format=%(objectname)', 'refs/heads/main'),
    clone.git('rev-parse', 'main'),
  ];
  clone.git('--git-dir', bare, 'fetch', '-q', clone.folder, 'main:main');
  const hook = spawn(join(bare, 'hooks', 'post-receive'), {
    cwd: bare,
    env: gitEnvironment({ GIT_DIR: '.', HOME: server.folder, ...env }),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  hook.stdin.on('error', () => {}).end(`${old || '0'.repeat(fresh.length)} ${fresh} refs/heads/main\n`);
  const exit = once(hook, 'exit');
  return {
    /** Whether that is how it ended. */
    async killed(): Promise<boolean> {
      const [, signal] = await exit;
      return signal === 'SIGKILL';
    },
    /** Kills it with all that it has started, unless it has ended after so many milliseconds. */
    async killedAfter(moment: number): Promise<boolean> {
      await Promise.race([exit, sleep(moment)]);
      if (hook.exitCode === null) process.kill(-(hook.pid as number), 'SIGKILL');
      return this.killed();
    },
  };
}
