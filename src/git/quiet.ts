import type { QuietReason } from '../model/commit.ts';
import { globMatches } from '../model/glob.ts';
import { decode } from '../model/text.ts';
import { type AttributeRules, isQuietByAttributes } from './attributes.ts';

/** Says of a file's diff why it is shown in the stat only; undefined for one that is shown. */
export type QuietRule = (path: Buffer, commit: string, diff: Buffer) => QuietReason | undefined;

/** @param attributes what each commit's .gitattributes says */
export function quietRule(
  patterns: readonly string[],
  attributes: ReadonlyMap<string, AttributeRules>,
): QuietRule {
  return (path, commit, diff) => {
    const name = decode(path);
    if (patterns.some(pattern => globMatches(pattern, name))) return 'setting';
    const rules = attributes.get(commit);
    if (rules && isQuietByAttributes(rules, name)) return 'attribute';
    return isPointer(diff) ? 'lfs' : undefined;
  };
}

/** A file kept in Git LFS: git has three lines in its place, the first of which is this (git-lfs, docs/spec.md). */
const POINTER = /^@@[^\n]*\n[ +-]version https:\/\/git-lfs\.github\.com\/spec\/v1$/m;
/** A diff that is longer is none of a pointer. */
const POINTER_DIFF = 4096;

function isPointer(diff: Buffer): boolean {
  return diff.length <= POINTER_DIFF && POINTER.test(diff.toString('latin1'));
}
