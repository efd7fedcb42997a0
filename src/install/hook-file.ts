import { lstatSync } from 'node:fs';
import { link, mkdir, readlink, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile } from '../disk/files.ts';
import { fault } from '../errors.ts';
import { readText } from '../repository/workplace.ts';
import type { Receipt } from './receipt.ts';

/** A line by which bin/post-receive, copies of it and the hooks that install writes are known, of whatever version. */
const MARK = "# refpost: git's post-receive hook.";

/** `dangling`: ours, and what it leads to is gone. `others`: ours, for another repository with the same hooks. `foreign`: somebody's own. */
export type HookState = 'none' | 'ours' | 'dangling' | 'others' | 'foreign';

/** What a hook that we place is for. */
export interface HookUse {
  /** Absolute path of bin/post-receive. */
  readonly script: string;
  /** The repository that it minds, where the folder may be that of others too. */
  readonly only?: string | undefined;
  /** A hook of a repository, by its path from there, to which it leaves the push where that one is refpost's too. */
  readonly yieldsTo?: string | undefined;
  /** The system's git config that counts, where git of the host has another one. */
  readonly system?: string | undefined;
}

/**
 * Looks at a hook. Fails with a sentence if there is an own hook to keep and another kept already.
 * @param scripts targets of links that count as ours even if nothing is there any more
 * @param repository absolute path of the git directory
 */
export async function inspectHook(
  hook: string,
  scripts: readonly string[],
  repository: string,
): Promise<HookState> {
  const earlier = earlierOf(hook);
  const state = await stateOf(hook, scripts, repository);
  // They are one file when an install was broken off between linking the hook aside and replacing it.
  if (state === 'foreign' && exists(earlier) && lstatSync(hook).ino !== lstatSync(earlier).ino)
    throw fault.twoEarlierHooks(hook, earlier);
  return state;
}

/**
 * Puts our hook at a path: a small file that runs the script, and says so where that is gone. A hook that is there steps
 * aside, and is run by ours. At no moment is there no hook.
 * @param keptAside called between the two
 */
export async function placeHook(
  hook: string,
  use: HookUse,
  state: HookState,
  keptAside = async (): Promise<void> => undefined,
): Promise<void> {
  await mkdir(dirname(hook), { recursive: true });
  if (state === 'foreign') {
    await link(hook, earlierOf(hook)).catch(() => rename(hook, earlierOf(hook)));
    await keptAside();
  }
  await replaceFile(hook, hookText(use), 0o755);
}

/** Whether that is how the hook is already. */
export function isPlaced(hook: string, use: HookUse): boolean {
  return readText(hook) === hookText(use);
}

/** bin/post-receive is read into it, so that $0 leads to the kept hook; what comes after it runs where that is not to be done. */
function hookText({ script, only = '.', yieldsTo, system }: HookUse): string {
  const beside = quoted(yieldsTo ?? '');
  const isMinded =
    yieldsTo === undefined
      ? '[ . -ef "$only" ] || [ ../.. -ef "$only" ] || [ "$only" = . ]'
      : `[ ! -x ${beside} ] || ! grep -q ${quoted(MARK)} ${beside}`;
  return `#!/bin/sh
${MARK} Written by "refpost install", removed by "refpost install --uninstall".
script=${quoted(script)}
only=${quoted(only)}
${system === undefined ? '' : `export GIT_CONFIG_SYSTEM=${quoted(system)}\n`}if ${isMinded}; then
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

/** Takes back what was done to a hook. False if it is not ours any more: then all stays as it is. */
export async function takeBackHook(
  hook: string,
  { script, chained }: Pick<Receipt['hook'], 'script' | 'chained'>,
  repository: string,
): Promise<boolean> {
  const state = await stateOf(hook, [script], repository);
  if (state === 'foreign' || state === 'others') return false;
  if (chained && exists(earlierOf(hook))) await rename(earlierOf(hook), hook);
  else await rm(hook, { force: true });
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
function earlierOf(hook: string): string {
  return `${hook}.before-refpost`;
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
