import type { QuietReason } from '../model/commit.ts';
import { globMatches } from '../model/glob.ts';
import { decode } from '../model/text.ts';
import type { Attributes } from './open-attributes.ts';

/** Says of a file's diff why it is shown in the stat only; undefined for one that is shown; `unknown` where the budget of the push is used up. */
export type QuietRule = (
  path: Buffer,
  commit: string,
  diff: Buffer,
) => Promise<QuietReason | 'unknown' | undefined>;

export function quietRule(patterns: readonly string[], attributes: Attributes): QuietRule {
  return async (path, commit, diff) => {
    const name = decode(path);
    if (patterns.some(pattern => globMatches(pattern, name))) return 'setting';
    const isQuiet = await attributes.isQuiet(commit, path);
    if (isQuiet) return 'attribute';
    if (isPointer(diff)) return 'lfs';
    return isQuiet === undefined ? 'unknown' : undefined;
  };
}

/** A file kept in Git LFS: git has three lines in its place, the first of which is this (git-lfs, docs/spec.md). */
const POINTER = /^@@[^\n]*\n[ +-]version https:\/\/git-lfs\.github\.com\/spec\/v1$/m;
/** A diff that is longer is none of a pointer. */
const POINTER_DIFF = 4096;

function isPointer(diff: Buffer): boolean {
  return diff.length <= POINTER_DIFF && POINTER.test(diff.toString('latin1'));
}
