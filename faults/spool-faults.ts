import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../test/fixtures/repository.ts';
import { serverRepository } from '../test/fixtures/server-repository.ts';
import { startInbox } from '../test/fixtures/smtp-inbox.ts';
import type { FaultBench } from './fault-bench.ts';
import type { Figure } from './figure.ts';
import { openScene, pushCommits, RECIPIENTS, type Scene, settle } from './scene.ts';

/** A disk that has no room, and files that are not what was written. */
export async function* spoolFaults(bench: FaultBench): AsyncGenerator<Figure> {
  for (const [fault, options, size] of [
    ['a full disk', 'size=400k', 4096],
    ['a disk without inodes', 'size=8m,nr_inodes=60', 0],
  ] as const) {
    const figure = await smallDisk(bench, fault, options, size);
    if (figure) yield figure;
  }
  yield await tornRecord(bench);
  yield await tornJournal(bench);
}

/** The disk is filled to the brim, pushes and workers fail on it, and then there is room again. undefined where only root could. */
async function smallDisk(
  bench: FaultBench,
  fault: string,
  options: string,
  size: number,
): Promise<Figure | undefined> {
  const disk = temporaryFolder({ after: () => {} });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'refpost-faults', disk], { stdio: 'ignore' });
  } catch {
    rmSync(disk, { recursive: true });
    return undefined;
  }
  const inbox = await startInbox(bench);
  const settings = { 'refpost.worker': 'service' };
  const spool = join(disk, 'spool');
  const server = await serverRepository(bench, { port: inbox.port, recipients: RECIPIENTS, settings, spool });
  bench.after(() => {
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  });
  const scene: Scene = { server, inbox, pushes: [], unsure: [] };
  await pushCommits(scene, 3);
  fill(disk, size);
  const worked = await server.refpost('work', '--once');
  if (worked.code === 0) throw new Error('a worker on a full disk says that all is well');
  rmSync(join(disk, 'filler'), { recursive: true });
  await server.refpost('work', '--once');
  await pushCommits(scene, 2);
  return settle(scene, fault);
}

/** @param size of each file: empty ones cost nothing but an inode */
function fill(disk: string, size: number): void {
  const folder = join(disk, 'filler');
  mkdirSync(folder);
  try {
    for (let at = 0; ; at++) writeFileSync(join(folder, `${at}`), Buffer.alloc(size));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

/** A record that lost its end is put aside, and its commits come with the next push. */
async function tornRecord(bench: FaultBench): Promise<Figure> {
  const scene = await openScene(bench);
  const { layout } = scene.server;
  await pushCommits(scene, 3);
  const [record = ''] = readdirSync(layout.dropNew);
  truncateSync(join(layout.dropNew, record), 40);
  await scene.server.refpost('work', '--once');
  if (!existsSync(join(layout.dropBad, record)))
    throw new Error('a record that was cut short is not in drop/bad');
  await pushCommits(scene, 2);
  return settle(scene, 'a recorded push that is cut short');
}

/** A journal with a flipped bit in one line, and without the end of its last. */
async function tornJournal(bench: FaultBench): Promise<Figure> {
  const scene = await openScene(bench);
  const { server } = scene;
  const transport = server.clone.git('--git-dir', server.bare, 'config', 'refpost.transport');
  server.config('refpost.transport', 'smtp://127.0.0.1:9');
  await pushCommits(scene, 3);
  await server.refpost('work', '--once');
  const [entry = ''] = readdirSync(server.layout.queue);
  const journal = join(server.layout.queue, entry, 'journal');
  const bytes = readFileSync(journal);
  bytes[20] = (bytes[20] ?? 0) ^ 4;
  writeFileSync(journal, bytes.subarray(0, -5));
  server.config('refpost.transport', transport);
  return settle(scene, 'a journal with a flipped bit and a torn end');
}
