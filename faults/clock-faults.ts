import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../test/fixtures/processes.ts';
import { writeProgram } from '../test/fixtures/program.ts';
import type { FaultBench } from './fault-bench.ts';
import type { Figure } from './figure.ts';
import {
  makeCommits,
  openScene,
  pushMade,
  type Scene,
  settle,
  startWith,
  takeServerAway,
  workWith,
} from './scene.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SHIFTS = [HOUR, -HOUR, DAY, -DAY];

/** A clock that is set while pushes wait for a mail server that is away. */
export async function* clockFaults(bench: FaultBench): AsyncGenerator<Figure> {
  yield await betweenWorkers(bench);
  for (const shift of bench.options.short ? [-DAY] : SHIFTS) yield await underWorker(bench, shift);
}

/** Hooks and workers one after another, each by another clock; the last by the right one. */
async function betweenWorkers(bench: FaultBench): Promise<Figure> {
  const scene = await openScene(bench);
  const clock = clockOf(scene);
  const mend = takeServerAway(scene);
  for (const shift of SHIFTS) {
    clock.set(shift);
    await pushAt(scene, clock);
    await workWith(scene, './shift-clock.js', clock.env, '--once');
  }
  clock.set(0);
  mend();
  return settle(scene, 'the clock goes forward and back, an hour and a day, between workers');
}

/** A worker that is waiting with what it knows of times. */
async function underWorker(bench: FaultBench, shift: number): Promise<Figure> {
  const scene = await openScene(bench);
  const { server } = scene;
  const clock = clockOf(scene);
  const mend = takeServerAway(scene);
  await pushAt(scene, clock);
  const { child, ended } = startWith(scene, './shift-clock.js', clock.env, '--drain');
  bench.after(() => child.kill('SIGKILL'));
  await waitUntil('the server was missed', () => /unreached/.test(server.log()));
  await sleep(100);
  clock.set(shift);
  mend();
  await pushAt(scene, clock);
  // A worker that waited by the old clock would do so for hours.
  const hurried = setTimeout(() => child.kill('SIGTERM'), PATIENCE);
  await ended;
  clearTimeout(hurried);
  const broken = server.isSettled() ? [] : [`mails still wait after ${PATIENCE / 1000} s`];
  const far = `${Math.abs(shift) / HOUR} h ${shift < 0 ? 'back' : 'forward'}`;
  return { ...(await settle(scene, `the clock goes ${far} under a worker`)), broken };
}

/** The longest that a worker keeps to itself what it could deliver: a way out is tried again after half a minute. */
const PATIENCE = 45_000;

interface Clock {
  readonly env: NodeJS.ProcessEnv;
  set(shift: number): void;
}

/** The file that `shift-clock.ts` reads, and a date(1) that follows it for the hook. */
function clockOf({ server }: Scene): Clock {
  const file = join(server.folder, 'clock');
  const bin = join(server.folder, 'clock-bin');
  mkdirSync(bin);
  const path = process.env.PATH ?? '';
  const seconds = `$(($(date +%s) + $(cat '${file}') / 1000))`;
  writeProgram(join(bin, 'date'), `PATH='${path}'`, `exec date -d "@${seconds}" "$@"`);
  const set = (shift: number) => writeFileSync(file, `${shift}`);
  set(0);
  return { env: { REFPOST_CLOCK: file, PATH: [bin, path].join(delimiter) }, set };
}

async function pushAt(scene: Scene, { env }: Clock): Promise<void> {
  makeCommits(scene, 2);
  await pushMade(scene, env);
}
