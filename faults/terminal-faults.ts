import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processesNaming, waitUntil } from '../test/fixtures/processes.ts';
import type { FaultBench } from './fault-bench.ts';
import type { Figure } from './figure.ts';
import { makeCommits, openScene, pushMade, settle } from './scene.ts';

/** Milliseconds for a worker to mail a push that nobody comes after. */
const LONGEST = 20_000;

/** A terminal that ends with the push, and one that is closed in the middle of it: the kernel hangs up all that has no session of its own (setsid(2)). */
export async function* terminalFaults(bench: FaultBench): AsyncGenerator<Figure> {
  const count = bench.options.short ? 3 : 100;
  if (hasScript()) yield await endsWithThePush(bench, count);
  yield await hangsUp(bench, count);
}

async function endsWithThePush(bench: FaultBench, count: number): Promise<Figure> {
  const scene = await openScene(bench);
  const { server, inbox } = scene;
  server.config('refpost.worker', undefined);
  let late = 0;
  for (let at = 0; at < count; at++) {
    const before = inbox.received.length;
    makeCommits(scene, 1);
    // script(1) runs it as the leader of a session whose terminal goes with it.
    const words = ['-q', '-e', '-c', 'git push -q origin main', '/dev/null'];
    const push = spawn('script', words, { cwd: server.clone.folder, env: server.env, stdio: 'ignore' });
    const [code] = await once(push, 'exit');
    if (code !== 0) throw new Error(`git push in a terminal ended with ${code}`);
    const until = Date.now() + LONGEST;
    while (inbox.received.length === before && Date.now() < until) await sleep(5);
    if (inbox.received.length === before) late++;
  }
  await server.refpost('work', '--drain');
  const broken = late > 0 ? [`${late} pushes had no worker`] : [];
  return { ...(await settle(scene, `a terminal that ends with the push (${count} times)`)), broken };
}

/** SIGHUP to the push and all in its session, at random moments: what is pushed by then is mailed, with the next push at the latest. */
async function hangsUp(bench: FaultBench, count: number): Promise<Figure> {
  const scene = await openScene(bench);
  const { server } = scene;
  server.config('refpost.worker', undefined);
  let [hit, life] = [0, 100];
  for (; hit < count; ) {
    makeCommits(scene, 1);
    const words = ['push', '-q', 'origin', 'main'];
    const push = spawn('git', words, {
      cwd: server.clone.folder,
      env: server.env,
      stdio: 'ignore',
      detached: true,
    });
    const ended = once(push, 'exit');
    await Promise.race([ended, sleep(Math.random() * life)]);
    const isThere = push.exitCode === null;
    if (isThere) process.kill(-(push.pid as number), 'SIGHUP');
    hit += isThere ? 1 : 0;
    // How long a push takes on this machine, in milliseconds: learned as in kill-hooks.ts.
    life = isThere ? life * 1.03 : Math.max(1, life * 0.9);
    await ended;
    await waitUntil('git is through', () => processesNaming(`receive-pack ${server.bare}`).length === 0);
    // git itself leaves its locks where it is hung up while a ref is moved.
    for (const folder of [server.bare, join(server.clone.folder, '.git')]) {
      for (const ref of ['HEAD', 'refs/heads/main', 'refs/remotes/origin/main'])
        rmSync(join(folder, `${ref}.lock`), { force: true });
    }
  }
  makeCommits(scene, 1);
  await pushMade(scene);
  await server.idle();
  return settle(scene, `SIGHUP at random moments of a push (${count} times)`);
}

function hasScript(): boolean {
  try {
    execFileSync('script', ['-q', '-e', '-c', 'true', '/dev/null'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
