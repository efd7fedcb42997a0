import {
  chmod,
  copyFile,
  link,
  lstat,
  mkdir,
  open,
  readlink,
  rename,
  rm,
  rmdir,
  symlink,
} from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from '../disk/durable.ts';
import { fault } from '../errors.ts';
import type { HookReceipt } from './receipt.ts';

/** A line of bin/post-receive by which a copy of it is known, of whatever version. */
const MARK = "# refpost: git's post-receive hook.";

/** What lies where our hook belongs. `foreign`: somebody's own. */
export type HookState = 'none' | 'ours' | 'foreign';

/**
 * Looks at a hooks folder. Fails with a sentence if there is an own hook to keep and another kept already.
 * @param scripts targets of links that count as ours even if nothing is there any more
 */
export async function inspectHook(folder: string, scripts: readonly string[]): Promise<HookState> {
  const { hook, earlier } = hookPaths(folder);
  const state = await stateOf(hook, scripts);
  if (state === 'foreign' && (await exists(earlier)) && !(await isSameFile(hook, earlier))) {
    throw fault.twoEarlierHooks(hook, earlier);
  }
  return state;
}

/**
 * Puts our hook into a folder: a link to the script, or a copy where links cannot be. A hook that is there steps
 * aside, and is run by ours. At no moment is there no hook. Returns how it got there.
 */
export async function placeHook(folder: string, script: string, state: HookState): Promise<'link' | 'copy'> {
  const { hook, earlier } = hookPaths(folder);
  const unfinished = `${hook}.new`;
  await mkdir(folder, { recursive: true });
  await rm(unfinished, { force: true });
  const way = await linkOrCopy(script, unfinished);
  if (state === 'foreign') await link(hook, earlier).catch(() => rename(hook, earlier));
  await rename(unfinished, hook);
  return way;
}

/** Takes back what install did to a hooks folder. False if the hook is not ours any more: then all stays as it is. */
export async function takeBackHook(receipt: HookReceipt): Promise<boolean> {
  if (!receipt.placed) return true;
  const { hook, earlier } = hookPaths(receipt.folder);
  if ((await stateOf(hook, [receipt.script])) === 'foreign') return false;
  if (receipt.chained && (await exists(earlier))) await rename(earlier, hook);
  else await rm(hook, { force: true });
  if (receipt.folderMade) await rmdir(receipt.folder).catch(() => undefined);
  return true;
}

export async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(unlessMissing(undefined))) !== undefined;
}

/** So it is when an install was broken off between linking the hook aside and replacing it. */
async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = [await lstat(one), await lstat(other)];
  return a.ino === b.ino && a.dev === b.dev;
}

/** bin/post-receive finds the earlier hook by the same name. */
function hookPaths(folder: string): { readonly hook: string; readonly earlier: string } {
  const hook = join(folder, 'post-receive');
  return { hook, earlier: `${hook}.before-refpost` };
}

async function stateOf(hook: string, scripts: readonly string[]): Promise<HookState> {
  if (!(await exists(hook))) return 'none';
  const target = await readlink(hook).catch(() => undefined);
  if (target !== undefined && scripts.includes(target)) return 'ours';
  return (await beginning(hook)).includes(MARK) ? 'ours' : 'foreign';
}

/** Empty for what cannot be read, such as a link to nowhere. */
async function beginning(path: string): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } catch {
    return '';
  } finally {
    await file.close();
  }
}

async function linkOrCopy(script: string, path: string): Promise<'link' | 'copy'> {
  try {
    await symlink(script, path);
    return 'link';
  } catch (cause) {
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes((cause as NodeJS.ErrnoException).code ?? ''))
      throw cause;
    await copyFile(script, path);
    await chmod(path, 0o755);
    return 'copy';
  }
}
