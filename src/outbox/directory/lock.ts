import { closeSync, openSync } from 'node:fs';
import { chmod, rm, statfs, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { readPlain } from '../../disk/durable.ts';
import { networkDisk } from '../../disk/network-disk.ts';
import { spoolRights } from '../../disk/rights.ts';
import { errorCode, inSpool, spoolFault } from '../../disk/spool-fault.ts';
import { fault } from '../../errors.ts';
import { spoolLayout } from '../../model/spool-layout.ts';
import { flock } from './flock.ts';
import { holdsLock } from './lock-proof.ts';

/** Held until released, or until this process is gone, however it ends. */
export interface Lock {
  release(): Promise<void>;
}

/** Who took the lock last and did not give it back. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** undefined: on another host, nobody here can know. */
  readonly alive: boolean | undefined;
}

/**
 * Makes this process the one worker of the spool at `root`; undefined if there is one already. `env` is where flock(1) is
 * looked for; `shared` is the repository's `core.sharedRepository`.
 * Throws an OperatorError if the spool cannot be opened, lies on a network disk, or the machine has nothing to lock with.
 *
 * What is locked is the spool's directory itself, with flock(2). People remove lock files that look stale, and
 * then two workers would each hold a different one; the directory cannot go while there is anything in it. The file
 * `lock` only says who it is.
 */
export async function takeLock(
  root: string,
  shared: string,
  env: NodeJS.ProcessEnv,
): Promise<Lock | undefined> {
  const layout = spoolLayout(root);
  const descriptor = openFolder(root);
  try {
    await refuseNetworkDisk(root);
    if (!(await flock(descriptor, root, env))) {
      closeSync(descriptor);
      return undefined;
    }
    await inSpool(layout.lock, () => introduce(layout.lock, spoolRights(shared).file));
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  return { release: () => release(layout.lock, descriptor) };
}

/** For people: it reads what the holder wrote about himself, has that proven, and does not touch the lock. */
export async function holder(root: string): Promise<Holder | undefined> {
  const { lock } = spoolLayout(root);
  const text = await inSpool(lock, async () => readLock(lock));
  const [, pid, host] = /^(\d+) (\S+)\n$/.exec(text) ?? [];
  if (!pid || !host) return undefined;
  return {
    pid: Number(pid),
    host,
    alive: host === hostname() ? await holdsLock(Number(pid), root) : undefined,
  };
}

/** Nothing where it is not there, or no worker has written what lies there. */
function readLock(path: string): string {
  try {
    return readPlain(path).toString('latin1');
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'ENXIO', 'EFBIG'].includes(errorCode(error) ?? '')) return '';
    throw error;
  }
}

/** The numbers of file systems are Linux's; elsewhere flock(2) itself has to fail. */
async function refuseNetworkDisk(root: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const { type } = await inSpool(root, () => statfs(root));
  const last = await holder(root);
  const disk = networkDisk(type, last !== undefined && last.host !== hostname());
  if (disk !== undefined) throw fault.spoolOnNetwork(root, disk, last?.host);
}

/** A bare number and no FileHandle: Node.js closes a FileHandle that nobody refers to, and with it the lock would go. */
function openFolder(root: string): number {
  try {
    return openSync(root, 'r');
  } catch (error) {
    throw spoolFault(root, error);
  }
}

/** A new file, whatever lies there: one of another user of the group, or a link to somewhere else. */
async function introduce(path: string, mode: number): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await writeFile(path, `${process.pid} ${hostname()}\n`, { flag: 'wx', mode });
  await chmod(path, mode);
}

async function release(path: string, descriptor: number): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } finally {
    closeSync(descriptor);
  }
}
