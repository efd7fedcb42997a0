import { readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { exists, isOurHook } from '../install/hook-file.ts';
import { readText } from '../repository/workplace.ts';
import type { Mailer } from './mailer.ts';

/**
 * `none`: there is no hook but refpost's. `theirs`: it is the mailer, or calls it and does nothing else. `mixed`: it calls it, and does more.
 * `other`: it does not name it.
 */
export type OldHook = 'none' | 'theirs' | 'mixed' | 'other';

/** Where the old hook is, and where it is kept: git runs neither of the last two. */
export function hookPaths(folder: string) {
  const hook = join(folder, 'post-receive');
  return { hook, chained: `${hook}.before-refpost`, aside: `${hook}.before-migrate` };
}

/** Looks at the hook of a folder; where that is refpost's, at the one that it runs. */
export async function lookAtHook(folder: string, mailer: Mailer): Promise<OldHook> {
  const { hook, chained } = hookPaths(folder);
  const path = isOurHook(hook) ? chained : hook;
  if (!exists(path) || mailer.hook === undefined) return 'none';
  const target = await readlink(path).catch(() => path);
  return kindOf(basename(target), readText(path) ?? '', mailer.hook);
}

/** A program that is named in a line: its last word that is no option; `.` and `exec` are no other programs. */
const COMMAND =
  /^(?:exec\s+|\.\s+)?(?:\S*\/)?(?:(?:env\s+)?(?:sh|bash|dash|python[\d.]*)\s+(?:-\S+\s+)*)?["']?([^\s"'|;&<>()]+)["']?(?:\s+(?:-\S+(?:\s+[\w./=-]+)?|"\$@"|\$@))*\s*$/;

export function kindOf(name: string, text: string, { named, itself }: NonNullable<Mailer['hook']>): OldHook {
  if (named.test(name) || itself.test(text)) return 'theirs';
  const lines = text.split('\n').map(line => line.trim());
  const code = lines.filter(line => line !== '' && !line.startsWith('#'));
  const calls = code.filter(line => named.test(COMMAND.exec(line)?.[1] ?? ''));
  if (calls.length > 0 && code.length === calls.length) return 'theirs';
  // In whatever way it is named: better to ask than to have every push mailed by both.
  const words = text.replace(/^\s*#(?!!).*$/gm, '').split(/[\s"'()=;]+/);
  return words.some(word => named.test(word)) ? 'mixed' : 'other';
}
