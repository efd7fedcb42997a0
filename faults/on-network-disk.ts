import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

/**
 * Loaded into a worker with `node --import`: its disks are of the type REFPOST_DISK (statfs(2)), it runs on the host REFPOST_HOST, and
 * it dies at the end without giving its lock back.
 */
const type = Number(process.env.REFPOST_DISK);
const statfs = promises.statfs as (path: string) => Promise<object>;
promises.statfs = (async (path: string) => ({ ...(await statfs(path)), type })) as typeof promises.statfs;
os.hostname = () => process.env.REFPOST_HOST ?? '';
const { rm, readFile } = promises;
promises.rm = async (path, options) => {
  const isLock = `${path}`.endsWith('/lock');
  const holder = isLock ? await readFile(`${path}`, 'utf8').catch(() => '') : '';
  if (holder.startsWith(`${process.pid} `)) process.kill(process.pid, 'SIGKILL');
  await rm(path, options);
};
syncBuiltinESMExports();
