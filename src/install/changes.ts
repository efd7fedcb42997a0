import { createHash } from 'node:crypto';
import { mkdir, readlink, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replaceFile } from '../disk/files.ts';
import { fault } from '../errors.ts';
import type { Git } from '../git/git.ts';
import { readText } from '../repository/workplace.ts';
import { type AddedSetting, addSettings, type ConfigChange, takeBackSettings } from './config-file.ts';
import { exists, type HookUse, inspectHook, isPlaced, placeHook, takeBackHook } from './hook-file.ts';
import { missingAdditions } from './host-settings.ts';
import { removeIfEmpty } from './receipt.ts';
import { repositoriesBelow } from './repositories-below.ts';
import { allowed, demandWritable } from './site.ts';

/** A file of a host, as it is to be. */
export type Wish =
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | {
      readonly kind: 'hook';
      readonly path: string;
      readonly use: HookUse;
      /** The host runs whatever is in that folder, so that a hook which is there is not kept aside, but in the way. */
      readonly isAlone?: true;
      /** Below this folder repositories have links to the hook, which `spread` makes. */
      readonly links?: string;
      readonly spread?: () => Promise<void>;
    }
  | { readonly kind: 'settings'; readonly path: string; readonly settings: readonly AddedSetting[] };

/** What was changed at a path, as the receipt has it: all that is needed to take it back. */
export type Change = { readonly path: string } & (
  | { readonly kind: 'folder' }
  | { readonly kind: 'file'; readonly sha256: string }
  | {
      readonly kind: 'hook';
      readonly script: string;
      readonly chained: boolean;
      readonly links?: string | undefined;
    }
  | ({ readonly kind: 'settings'; readonly made: boolean } & ConfigChange)
);

/** Changes by their paths, in the order in which they were made. */
export type Changes = Map<string, Change>;

/** What granting a wish takes. */
interface Step {
  /** What it does, in a line each, for people. None where all is as it is wished for. */
  readonly lines: readonly string[];
  readonly take: (note: () => Promise<void>) => Promise<void>;
}

const NOTHING: Step = { lines: [], take: async () => undefined };

/** Finds out what is to be done for a wish. Changes nothing, and fails with a sentence where it cannot be granted. */
export async function stepTo(wish: Wish, changes: Changes, git: Pick<Git, 'ask'>): Promise<Step> {
  const step = await { file: fileStep, hook: hookStep, settings: settingsStep }[wish.kind](
    wish as never,
    changes,
    git,
  );
  if (step.lines.length === 0) return step;
  await demandWritable(dirname(wish.path));
  const take = async (note: () => Promise<void>) => {
    noteFolders(wish.path, changes);
    await note();
    await mkdir(dirname(wish.path), { recursive: true });
    await step.take(note);
  };
  return { lines: step.lines, take: note => allowed(wish.path, () => take(note)) };
}

/** Notes the folders on the way to a file that are not there, the outermost first. */
export function noteFolders(path: string, changes: Changes): void {
  const folder = dirname(path);
  if (exists(folder)) return;
  noteFolders(folder, changes);
  changes.set(folder, { kind: 'folder', path: folder });
}

async function fileStep({ path, text }: Wish & { kind: 'file' }, changes: Changes): Promise<Step> {
  const found = readText(path);
  if (found === text) return NOTHING;
  const before = changes.get(path);
  if (exists(path) && !(before?.kind === 'file' && before.sha256 === digest(found)))
    throw fault.hookInTheWay(path);
  const take = async (note: () => Promise<void>): Promise<void> => {
    changes.set(path, { kind: 'file', path, sha256: digest(text) });
    await note();
    await replaceFile(path, text, 0o755);
  };
  return { lines: [`write ${path}`], take };
}

async function hookStep(
  { path, use, isAlone, links, spread }: Wish & { kind: 'hook' },
  changes: Changes,
): Promise<Step> {
  const found = changes.get(path);
  const before = found?.kind === 'hook' ? found : undefined;
  const state = await inspectHook(path, [use.script, ...(before ? [before.script] : [])], '');
  // One that somebody else has linked there does the same.
  if (isPlaced(path, use) || (state === 'ours' && !before)) return NOTHING;
  if (state === 'foreign' && isAlone) throw fault.hookInTheWay(path);
  const chained = state === 'foreign' || (state !== 'none' && (before?.chained ?? false));
  const kept = `keep the hook that is there as ${path}.before-refpost, and run it after refpost's`;
  const take = async (note: () => Promise<void>): Promise<void> => {
    changes.set(path, { kind: 'hook', path, script: use.script, chained, links });
    await note();
    await placeHook(path, use, state, spread);
    await spread?.();
  };
  return { lines: [...(state === 'foreign' ? [kept] : []), `write ${path}, which runs ${use.script}`], take };
}

async function settingsStep(
  { path, settings }: Wish & { kind: 'settings' },
  changes: Changes,
  git: Pick<Git, 'ask'>,
): Promise<Step> {
  const found = changes.get(path);
  const before = found?.kind === 'settings' ? found : undefined;
  const made = before?.made || !exists(path);
  const listed = exists(path) ? await git.ask(['config', '--file', path, '-z', '--list']) : '';
  const additions = missingAdditions(path, listed, settings, before?.settings ?? []);
  if (additions.length === 0) return NOTHING;
  const take = async (note: () => Promise<void>): Promise<void> => {
    // One that was made by a run that broke off here is ours all the same.
    if (!before) changes.set(path, { kind: 'settings', path, made, settings: [] });
    await note();
    if (!exists(path)) await writeFile(path, '', { flag: 'wx', mode: 0o644 });
    await addSettings(git, path, additions, before, change => {
      changes.set(path, { kind: 'settings', path, made, ...change });
      return note();
    });
  };
  const lines = additions.map(({ key, value, replaces }) =>
    replaces === undefined
      ? `set ${key} = ${value} in ${path}`
      : `set ${key} = ${value} in ${path}, instead of ${replaces}`,
  );
  return { lines, take };
}

/**
 * Takes a change back, as far as nobody has changed the same since. To do it again is no error.
 * @param left what takes the place of settings that are taken back
 */
export async function takeBack(
  change: Change,
  git: Pick<Git, 'ask'>,
  say: (line: string) => void,
  left: readonly AddedSetting[] = [],
): Promise<void> {
  const { path } = change;
  if (change.kind === 'folder') return removeIfEmpty(path);
  if (!exists(path)) return say(`${path} is gone already`);
  if (change.kind === 'settings') {
    await takeBackSettings(git, path, change, line => say(`${line} (${path})`), left);
    if (change.made && readText(path) === '') await rm(path);
    return;
  }
  const done = change.kind === 'hook' ? await takeBackHook(path, change, '') : await removeFile(change);
  if (!done) return say(`${path} is not refpost's any more, and is left as it is`);
  say(exists(path) ? `${path} is again the hook that was there before` : `removed ${path}`);
  if (change.kind === 'hook' && change.links !== undefined) await removeLinks(path, change.links);
}

async function removeFile({ path, sha256 }: Change & { kind: 'file' }): Promise<boolean> {
  if (digest(readText(path)) !== sha256) return false;
  await rm(path);
  return true;
}

/** Removes what repositories have as links to a hook, and to the one that was kept aside, where these are gone. */
async function removeLinks(hook: string, root: string): Promise<void> {
  const targets = [hook, `${hook}.before-refpost`].filter(path => !exists(path));
  for await (const repository of repositoriesBelow(root)) {
    for (const target of targets) {
      const link = join(repository, 'hooks', target.slice(dirname(hook).length + 1));
      if ((await readlink(link).catch(() => undefined)) === target) await rm(link);
    }
  }
}

function digest(text: string | undefined): string {
  return createHash('sha256')
    .update(text ?? '')
    .digest('hex');
}
