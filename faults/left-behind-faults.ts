import { mkdirSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { heldBy, type LeftBehind, leftBehind } from '../test/fixtures/left-behind.ts';
import { type Running, start, waitUntil } from '../test/fixtures/processes.ts';
import { refpostProgram, type ServerRepository } from '../test/fixtures/server-repository.ts';
import { type Disk, mountDisk } from './disk.ts';
import type { FaultBench } from './fault-bench.ts';
import type { Figure } from './figure.ts';
import { type KillingGit, killingGit } from './killing-git.ts';
import { openScene, pushMade, type Scene, settle } from './scene.ts';

/** Commits of a push, and the kilobytes of text that each brings: git has more of them to say than pipes hold. */
const COMMITS = 12;
const KILOBYTES = 200;
/** Whatever git is asked, all of it is killed, some bytes after it has begun to answer. */
const KILLED = ['cat-file', 'diff-tree', 'rev-list', 'config'];

/** Milliseconds after which a worker that was told to stop counts as one that never ends. */
const LONGEST_END = 20_000;

/** Failures under a worker that stays, and one that is told to stop: no git is left, and the worker has what it had open before. */
export async function* leftBehindFaults(bench: FaultBench): AsyncGenerator<Figure> {
  const times = bench.options.short ? 1 : 10;
  yield await underWorker(bench, 'a template fails, oversize=attach', times, failingTemplate);
  // A worker tries for some seconds before it holds a push for this.
  if (!bench.options.short)
    yield await underWorker(bench, 'git is killed, whatever it is asked', times, dyingGit);
  const disk = mountDisk(bench, 'size=64m');
  if (disk) {
    const fault = 'the disk is full while mails are made';
    yield await underWorker(bench, fault, times, scene => smallDisk(scene, disk), disk.spool);
  }
  yield await stopInTheMiddle(bench, bench.options.short ? 3 : 50);
}

/** Makes the next push fail, and the one after it succeed. */
interface Switch {
  fail(): void;
  heal(): void;
}

type Failure = (scene: Scene, git: KillingGit) => Switch;

function failingTemplate({ server }: Scene): Switch {
  const templates = join(server.folder, 'templates');
  mkdirSync(templates);
  writeFileSync(join(templates, 'subject.hbs'), '{{unknown_variable}}\n');
  return {
    fail: () => server.config('refpost.templates', templates),
    heal: () => server.config('refpost.templates', undefined),
  };
}

function dyingGit(_: Scene, git: KillingGit): Switch {
  let times = 0;
  return {
    fail: () => git.order({ which: KILLED[times++ % KILLED.length] ?? '', after: 20 }),
    heal: () => git.order(undefined),
  };
}

/** Room for a record and some of its mails. */
function smallDisk({ server }: Scene, disk: Disk): Switch {
  return {
    fail: () => {
      for (const name of readdirSync(server.layout.done))
        rmSync(join(server.layout.done, name), { recursive: true });
      disk.resize('1200k');
    },
    heal: () => disk.resize('64m'),
  };
}

/** A worker keeps gits for ten seconds, since more pushes may come; in milliseconds, with some room. */
const KEPT = 15_000;

async function underWorker(
  bench: FaultBench,
  fault: string,
  times: number,
  failure: Failure,
  spool?: string,
): Promise<Figure> {
  const scene = await openScene(bench, spool === undefined ? {} : { spool });
  const { server } = scene;
  server.config('refpost.oversize', 'attach');
  server.config('refpost.keepDays', '0');
  const git = killingGit(server.folder);
  const worker = startWith(bench, server, git, 'work');
  const pid = worker.child.pid ?? 0;
  const { fail, heal } = failure(scene, git);
  await pushLarge(scene);
  await waitUntil('the first mails are sent', server.isSettled, { explain: server.log });
  // Those that it keeps would answer in the place of the ones that are to be killed.
  await waitUntil('the gits of the first push have ended', () => heldBy(pid).children.length === 0);
  const before = heldBy(pid);
  const broken: string[] = [];
  for (let time = 1; time <= times; time++) {
    const logged = server.log().length;
    fail();
    await pushLarge(scene);
    await waitUntil('the push is held', () => / held /.test(server.log().slice(logged)), {
      explain: server.log,
    });
    broken.push(...said(await leftBehind(before, { pid, wait: KEPT }), `after failure ${time}`));
    heal();
    await server.refpost('outbox', 'retry', '--all');
    await waitUntil('its mails are sent', server.isSettled, { explain: server.log });
    broken.push(...said(await leftBehind(before, { pid, wait: KEPT }), `after the mails of failure ${time}`));
  }
  broken.push(...(await stop(worker)), ...(await gitsLeft(server)));
  return { ...(await settle(scene, `${fault} (${times} times under one worker)`)), broken };
}

/** SIGTERM at random moments while the mails of a push are made: the worker ends, and so has its git. */
async function stopInTheMiddle(bench: FaultBench, times: number): Promise<Figure> {
  const scene = await openScene(bench);
  const { server } = scene;
  server.config('refpost.oversize', 'attach');
  const git = killingGit(server.folder);
  const broken: string[] = [];
  let hit = 0;
  for (let time = 0; time < times; time++) {
    if (server.isSettled()) await pushLarge(scene);
    const worker = startWith(bench, server, git, 'work');
    const { pid = 0 } = worker.child;
    await waitUntil('git is asked', () => server.isSettled() || heldBy(pid).children.length > 0);
    await sleep(Math.random() * 200);
    if (!server.isSettled()) hit++;
    broken.push(...(await stop(worker)), ...(await gitsLeft(server)));
  }
  return { ...(await settle(scene, `SIGTERM in the middle of a push (${hit} times)`)), broken };
}

function startWith(
  bench: FaultBench,
  { bare, env }: ServerRepository,
  git: KillingGit,
  ...words: string[]
): Running {
  const running = start([...refpostProgram, ...words], { cwd: bare, env: { ...env, PATH: git.path } });
  bench.after(() => running.child.kill('SIGKILL'));
  return running;
}

/** Tells a worker to stop; what of it is not as promised. */
async function stop({ child, ended }: Running): Promise<string[]> {
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_END);
  const { signal, stderr } = await ended;
  clearTimeout(late);
  if (signal) return ['the worker does not end when it is told to'];
  return /bug in refpost/.test(stderr) ? ['it is taken for a bug'] : [];
}

async function pushLarge(scene: Scene): Promise<void> {
  const { server, pushes, titles } = scene;
  const title = `Push ${pushes.length + 1}`;
  const text = Array.from({ length: KILOBYTES }, (_, line) => `${line} ${'x'.repeat(1000)}\n`).join('');
  const commits = Array.from({ length: COMMITS }, (_, at) =>
    server.clone.commit({
      message: `${title}, commit ${at}`,
      files: { large: `${title} ${at}\n${text.replaceAll('x', String.fromCharCode(97 + at))}` },
    }),
  );
  commits.forEach((commit, at) => void titles.set(commit, `${title}, commit ${at}`));
  pushes.push(commits);
  await pushMade(scene);
}

function said({ children, descriptors }: LeftBehind, when: string): string[] {
  if (children.length + descriptors.length === 0) return [];
  return [`${when} there are ${children.length} processes and ${descriptors.length} descriptors more`];
}

/** Every git that works in the repository, whoever started it. */
async function gitsLeft({ bare }: ServerRepository): Promise<string[]> {
  const gits = () => readdirSync('/proc').filter(name => /^\d+$/.test(name) && isIn(name, bare));
  for (let tries = 0; gits().length > 0 && tries < 100; tries++) await sleep(20);
  const count = gits().length;
  return count > 0 ? [`${count} git processes are left`] : [];
}

function isIn(pid: string, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false;
  }
}
