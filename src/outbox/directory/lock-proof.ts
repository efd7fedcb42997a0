import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../disk/spool-fault.ts';

/**
 * Whether a process holds the lock of the folder `root`, without touching the lock: who tries it, if only for a moment, may
 * keep a worker from starting. The kernel tells which open file has a lock (proc(5), fdinfo), so that neither a file
 * that was left behind nor a process number that came round again passes for a worker. Where the kernel does not tell (no
 * /proc, a process of another user), that the process runs must do.
 */
export async function holdsLock(pid: number, root: string): Promise<boolean> {
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
async function isLocked(
  process: string,
  descriptor: string,
  folder: { readonly dev: number; readonly ino: number },
): Promise<boolean> {
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
