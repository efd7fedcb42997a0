import { renameSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Disk } from './disk.ts';
import type { Fleet } from './fleet.ts';
import { setClock } from './wrong-clocks.ts';

/** Something that happens to a fleet, once. */
export type Incident = (fleet: Fleet) => Promise<void>;

/** Milliseconds: longer than a worker keeps a lane that it says nothing of. */
const LONGER_THAN_A_LEASE = 12_000;

/** Of a service or of a worker that a hook has started. */
export const kill: Incident = async fleet => signal(someWorker(fleet), 'SIGKILL');

export const stop: Incident = async fleet => {
  const stopped = [someWorker(fleet), someWorker(fleet)];
  for (const pid of stopped) signal(pid, 'SIGSTOP');
  await sleep(LONGER_THAN_A_LEASE);
  for (const pid of stopped) signal(pid, 'SIGCONT');
};

export const cut: Incident = async ({ network }) => network.cut();

export const halfClose: Incident = async ({ network }) => network.halfClose(oneOf(['client', 'server']));

export const slowDown: Incident = async ({ network }) => {
  network.delay(100);
  await sleep(2000);
  network.delay(0);
};

export const pullOut: Incident = async ({ network }) => {
  network.stall();
  await sleep(LONGER_THAN_A_LEASE);
  network.resume();
};

/** Of a server or a sender. */
export const turnClock: Incident = async ({ clocks }) => setClock(oneOf(clocks));

export const restartAtOnce: Incident = async ({ postgres }) => {
  await postgres.stop(oneOf(['fast', 'immediate']));
  await postgres.start();
};

export const killDatabase: Incident = async ({ postgres }) => {
  postgres.kill();
  await sleep(1000);
  await postgres.start();
};

/** For some seconds the disk of the database has no room; it may end itself then. */
export function fill(disk: Disk): Incident {
  return async ({ postgres }) => {
    await untilFull(disk);
    await sleep(3000);
    disk.resize(ROOM);
    await postgres.program('pg_ctl', '-D', postgres.data, 'status').catch(() => postgres.start());
  };
}

/** tmpfs(5): what a database needs that does as little as these. */
export const ROOM = '250m';

/** It may grow between the look and the order. */
async function untilFull({ spool, resize }: Disk): Promise<void> {
  for (let tries = 1; ; tries++) {
    const { blocks, bfree, bsize } = statfsSync(spool);
    try {
      return resize(`${(blocks - bfree) * bsize}`);
    } catch (error) {
      if (tries === 100) throw error;
    }
  }
}

/** A copy of the database as it is now. Returns what goes back to it. */
export async function copyDatabase({ postgres }: Fleet): Promise<() => Promise<void>> {
  const copy = join(postgres.folder, 'copy');
  const from = ['-h', postgres.folder, '-U', 'refpost', '--checkpoint=fast'];
  await postgres.program('pg_basebackup', ...from, '-D', copy);
  return async () => {
    postgres.kill();
    await sleep(1000);
    rmSync(postgres.data, { recursive: true });
    renameSync(copy, postgres.data);
    await postgres.start();
  };
}

function someWorker({ services, servers }: Fleet): number {
  return oneOf([...services.map(({ pid }) => pid), ...servers.flatMap(each => each.workers())]);
}

function oneOf<T>(all: readonly T[]): T {
  return all[Math.floor(Math.random() * all.length)] as T;
}

/** It may have ended by itself. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
