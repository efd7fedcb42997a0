import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, type Stats, statSync } from 'node:fs';
import { chmod, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { networkDisk, spoolRights } from '../../disk/create-spool.ts';
import { errorCode, inSpool, readPlain, unlessLost } from '../../disk/files.ts';
import { fault } from '../../errors.ts';
import { spoolLayout } from '../../model/spool-layout.ts';

export type Lock = NonNullable<Awaited<ReturnType<typeof takeLock>>>;

/**
 * Makes this process the one worker of the spool at `root`; undefined if there is one already. `env` is where flock(1) is
 * looked for; `shared` is the repository's `core.sharedRepository`. Held until released, or until this process is gone, however it ends.
 * Throws an OperatorError if the spool cannot be opened, lies on a network disk, or the machine has nothing to lock with.
 *
 * What is locked is the spool's directory itself, with flock(2): people remove lock files that look stale. The file `lock` only says
 * who it is.
 */
export async function takeLock(root: string, shared: string, env: NodeJS.ProcessEnv) {
  const { lock } = spoolLayout(root);
  // A bare number and no FileHandle: Node.js closes a FileHandle that nobody refers to, and with it the lock would go.
  const descriptor = await inSpool(root, () => openSync(root, 'r'));
  const remove = () => rm(lock, { recursive: true, force: true });
  let ours = false;
  try {
    await refuseNetworkDisk(root);
    if (!flock(descriptor, root, env)) return undefined;
    const { file } = spoolRights(shared);
    // A new file, whatever lies there: one of another user of the group, or a link to somewhere else.
    await inSpool(lock, remove);
    await inSpool(lock, () => writeFile(lock, `${process.pid} ${hostname()}\n`, { flag: 'wx', mode: file }));
    await inSpool(lock, () => chmod(lock, file));
    ours = true;
  } finally {
    if (!ours) closeSync(descriptor);
  }
  /** False where the spool was taken away, or another folder is in its place: what happens there is not this worker's any more. */
  const isInPlace = () => {
    const [locked, found] = [fstatSync(descriptor), statSync(root, { throwIfNoEntry: false })];
    return locked.ino === found?.ino && locked.dev === found.dev;
  };
  return {
    isInPlace,
    release: async () => {
      try {
        if (isInPlace()) await remove();
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

/** The numbers of file systems are Linux's; elsewhere flock(2) itself has to fail. */
async function refuseNetworkDisk(root: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const { type } = await inSpool(root, () => statfs(root));
  const last = await holder(root);
  const disk = networkDisk(type, last !== undefined && last.host !== hostname());
  if (disk !== undefined) throw fault.spoolOnNetwork(root, disk, last?.host);
}

/** Node.js has no flock(2); these have. Each locks descriptor 3 and ends with 0, or with 1 if somebody else has it locked. */
const PERL = 'open(F, "<&=3") or die "$!\\n"; exit 0 if flock(F, 6); exit 1 if $!{EWOULDBLOCK}; die "$!\\n"';
const PROGRAMS: readonly (readonly [command: string, ...args: string[]])[] = [
  ['flock', '-n', '3'],
  ['perl', '-e', PERL],
];

/**
 * Locks an open descriptor; false if another process has it locked. The lock belongs to the open file, not to a process: it
 * outlives the program that sets it, and lasts until we close the descriptor or die (flock(2)). The
 * descriptor is closed in all programs that Node.js starts, so no child keeps the lock. `path` is for what goes wrong.
 */
function flock(descriptor: number, path: string, env: NodeJS.ProcessEnv): boolean {
  for (const [command, ...args] of PROGRAMS) {
    const stdio = ['ignore' as const, 'ignore' as const, 'pipe' as const, descriptor];
    const { error, status, stderr } = spawnSync(command, args, { env, stdio, encoding: 'utf8' });
    if (errorCode(error) === 'ENOENT') continue;
    if (error) throw error;
    if (status === 0 || status === 1) return status === 0;
    throw fault.lockFailed(path, `${command}: ${stderr.trim() || `exit code ${status}`}`);
  }
  throw fault.lockProgramMissing();
}

/** Keeps a folder from other processes that do the same until it is given back; undefined where one of them has it. */
export function lockFolder(root: string, env: NodeJS.ProcessEnv): (() => void) | undefined {
  const descriptor = openSync(root, 'r');
  try {
    if (flock(descriptor, root, env)) return () => closeSync(descriptor);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  closeSync(descriptor);
  return undefined;
}

/** Who took the lock last and did not give it back, by its own words, which are proven; the lock is not touched. */
export async function holder(root: string) {
  const { lock } = spoolLayout(root);
  // Nobody where it is not there, or no worker has written what lies there.
  const text = await unlessLost(lock, 'the lock', () => readPlain(lock).toString('latin1'));
  const [, pid, host] = /^(\d+) (\S+)\n$/.exec(typeof text === 'string' ? text : '') ?? [];
  if (!pid || !host) return undefined;
  // undefined: on another host, nobody here can know.
  const alive = host === hostname() ? await holdsLock(Number(pid), root) : undefined;
  return { pid: Number(pid), host, alive };
}

/**
 * Whether a process holds the lock of the folder `root`, without touching the lock. The kernel tells which open file has one (proc(5),
 * fdinfo), so that neither a file that was left behind nor a process number that came round again passes for a worker. Where it does
 * not tell (no /proc, a process of another user), that the process runs must do.
 */
async function holdsLock(pid: number, root: string): Promise<boolean> {
  if (!existsSync('/proc/self/fdinfo')) return isRunning(pid);
  try {
    const folder = await stat(root);
    for (const descriptor of await readdir(`/proc/${pid}/fd`)) {
      if (await isLocked(`/proc/${pid}`, descriptor, folder)) return true;
    }
    return false;
  } catch (error) {
    return errorCode(error) === 'EACCES' && isRunning(pid);
  }
}

/** False for one that was closed meanwhile, too. */
async function isLocked(process: string, descriptor: string, folder: Stats): Promise<boolean> {
  const open = await stat(join(process, 'fd', descriptor)).catch(() => undefined);
  if (open?.dev !== folder.dev || open.ino !== folder.ino) return false;
  const info = await readFile(join(process, 'fdinfo', descriptor), 'utf8').catch(() => '');
  return /^lock:.*\bFLOCK\b/m.test(info);
}

/** kill(2): EPERM means that it is there and somebody else's. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
