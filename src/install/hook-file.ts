import { lstatSync } from 'node:fs';
import { link, mkdir, readlink, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../disk/files.ts';
import { fault } from '../errors.ts';
import { readText } from '../repository/workplace.ts';
import type { Receipt } from './receipt.ts';

/** A line by which bin/post-receive, copies of it and the hooks that install writes are known, of whatever version. */
const MARK = "# refpost: git's post-receive hook.";

/** `dangling`: ours, and what it leads to is gone. `others`: ours, for another repository with the same hooks. `foreign`: somebody's own. */
export type HookState = 'none' | 'ours' | 'dangling' | 'others' | 'foreign';

/**
 * Looks at a hooks folder. Fails with a sentence if there is an own hook to keep and another kept already.
 * @param scripts targets of links that count as ours even if nothing is there any more
 * @param repository absolute path of the git directory
 */
export async function inspectHook(
  folder: string,
  scripts: readonly string[],
  repository: string,
): Promise<HookState> {
  const { hook, earlier } = hookPaths(folder);
  const state = await stateOf(hook, scripts, repository);
  // They are one file when an install was broken off between linking the hook aside and replacing it.
  if (state === 'foreign' && exists(earlier) && lstatSync(hook).ino !== lstatSync(earlier).ino)
    throw fault.twoEarlierHooks(hook, earlier);
  return state;
}

/**
 * Puts our hook into a folder: a small file that runs the script, and says so where that is gone. A hook that is there steps
 * aside, and is run by ours. At no moment is there no hook.
 * @param only the repository that it minds, where the folder may be that of others too
 */
export async function placeHook(
  folder: string,
  script: string,
  only: string | undefined,
  state: HookState,
): Promise<void> {
  const { hook, earlier } = hookPaths(folder);
  await mkdir(folder, { recursive: true });
  if (state === 'foreign') await link(hook, earlier).catch(() => rename(hook, earlier));
  await replaceFile(hook, hookText(script, only), 0o755);
}

/** Whether that is how the hook is already. */
export function isPlaced(folder: string, script: string, only: string | undefined): boolean {
  return readText(hookPaths(folder).hook) === hookText(script, only);
}

/** bin/post-receive is read into it, so that $0 leads to the kept hook; what comes after it runs where that is not to be done. */
function hookText(script: string, only = '.'): string {
  return `#!/bin/sh
${MARK} Written by "refpost install", removed by "refpost install --uninstall".
script=${quoted(script)}
only=${quoted(only)}
if [ . -ef "$only" ] || [ ../.. -ef "$only" ] || [ "$only" = . ]; then
  if [ -r "$script" ]; then . "$script"; exit; fi
  printf 'refpost: this push is not recorded (%s is gone: run "refpost install" again, or remove this hook); the push itself is fine\\n' "$script" >&2
fi
[ -x "$0.before-refpost" ] || exit 0
exec "$0.before-refpost" "$@"
`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Takes back what install did to a hooks folder. False if the hook is not ours any more: then all stays as it is. */
export async function takeBackHook(receipt: Receipt['hook'], repository: string): Promise<boolean> {
  if (!receipt.placed) return true;
  const { hook, earlier } = hookPaths(receipt.folder);
  const state = await stateOf(hook, [receipt.script], repository);
  if (state === 'foreign' || state === 'others') return false;
  if (receipt.chained && exists(earlier)) await rename(earlier, hook);
  else await rm(hook, { force: true });
  if (receipt.folderMade) await rmdir(receipt.folder).catch(() => undefined);
  return true;
}

/** True for a hook that refpost wrote, of whatever version and for whatever repository. */
export function isOurHook(hook: string): boolean {
  return readText(hook)?.includes(MARK) === true;
}

export function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** bin/post-receive finds the earlier hook by the same name. */
function hookPaths(folder: string): { readonly hook: string; readonly earlier: string } {
  const hook = join(folder, 'post-receive');
  return { hook, earlier: `${hook}.before-refpost` };
}

async function stateOf(hook: string, scripts: readonly string[], repository: string): Promise<HookState> {
  if (!exists(hook)) return 'none';
  const text = readText(hook) ?? '';
  const target = await readlink(hook).catch(() => undefined);
  const known = target !== undefined && (scripts.includes(target) || target.endsWith('/bin/post-receive'));
  if (known && text === '') return 'dangling';
  if (!text.includes(MARK)) return 'foreign';
  const [, script = '', only = '.'] = (/^script='(.*)'\nonly='(.*)'$/ms.exec(text) ?? []).map(word =>
    word.replaceAll("'\\''", "'"),
  );
  if (only !== '.' && only !== repository && exists(only)) return 'others';
  return script === '' || readText(script) !== undefined ? 'ours' : 'dangling';
}
