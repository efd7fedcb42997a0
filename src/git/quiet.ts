import type { FileDiff, QuietReason } from '../model/commit.ts';
import { type Budget, gitGlob, matchesWithin } from '../model/glob-budget.ts';
import { remembered } from '../model/remembered.ts';
import { decode } from '../model/text.ts';
import { type AttributeFile, isQuietByAttributes, parseAttributes } from './attributes.ts';
import { BATCH_CHECK, conversation, type Objects } from './conversation.ts';
import type { Git } from './git.ts';
import { asLines } from './process.ts';

/**
 * Says of diffs of a commit why they are shown in the stat only; undefined for one that is shown; `unknown` where the budget of the push
 * is used up. @param parent what they are compared with, where they are all that the commit has
 */
export type QuietRule = (
  commit: string,
  diffs: readonly FileDiff[],
  parent?: string,
) => Promise<(diff: FileDiff) => QuietReason | 'unknown' | undefined>;

/** A file kept in Git LFS: git has three lines in its place, the first of which is this (git-lfs, docs/spec.md). */
const POINTER = /^@@[^\n]*\n[ +-]version https:\/\/git-lfs\.github\.com\/spec\/v1$/m;
/** A diff that is longer is none of a pointer. */
const POINTER_DIFF = 4096;

function isPointer(diff: Buffer): boolean {
  return diff.length <= POINTER_DIFF && POINTER.test(diff.toString('latin1'));
}

/** Comparisons of rules with paths for one lane of a push: some tenths of a second. */
const WORK = 50_000_000;
/** Few patterns come from the settings, and of whom refpost trusts. */
const UNBOUNDED: Budget = { left: Number.POSITIVE_INFINITY };
/** Bytes of all the files that are read for one lane of a push. */
const BYTES = 4 << 20;
/** Folders of commits that are asked about for one lane of a push. */
const FOLDERS = 20_000;

/**
 * What the settings and the .gitattributes files of commits say: git itself looks at none of them in a bare repository (gitattributes(5)). Asks
 * git about each folder once a commit, or once for commits in a row that change no such file, and about each content once. Every lane has a
 * reader and a budget of its own, so that what one finds does not hang on how fast another is. @param git of a `whileRead`
 */
export function openQuietRules(git: Git, objects: Objects, patterns: readonly string[]): () => QuietRule {
  const idsOf = conversation(git, BATCH_CHECK, async (names: readonly string[], wire) => {
    wire.say(asLines(names));
    return (await wire.lines(names.length)).map(line => /^([0-9a-f]+) blob \d+$/.exec(line)?.[1]);
  });

  const globs = patterns.map(gitGlob);
  const isSet = (path: string) => globs.some(glob => matchesWithin(glob, path, UNBOUNDED));

  return () => {
    const budget: Budget = { left: WORK };
    let bytes = BYTES;
    let folders = FOLDERS;
    let last: string | undefined;
    let known = new Map<string, { folder: string; file: AttributeFile }[]>();
    const contentOf = remembered(Number.POSITIVE_INFINITY, async (id: string) => {
      const object = bytes > 0 ? await objects(id, bytes) : undefined;
      bytes -= object?.text.length ?? 0;
      return object && !object.lost ? parseAttributes(object.text) : undefined;
    });

    /** Asks about all folders that are not known yet at once. */
    async function learn(commit: string, wanted: readonly string[]): Promise<void> {
      const fresh = [...new Set(wanted)].filter(folder => !known.has(folder)).slice(0, folders);
      folders -= fresh.length;
      const names = fresh.map(folder => `${commit}:${folder}.gitattributes`);
      const ids = (names.length > 0 && (await idsOf(names))) || [];
      for (const [at, folder] of fresh.entries()) {
        if (bytes <= 0) return;
        const file = ids[at] === undefined ? undefined : await contentOf(ids[at]);
        known.set(folder, file ? [{ folder: decode(folder), file }] : []);
      }
    }

    function isQuiet(path: Buffer): boolean | undefined {
      const above = foldersOf(path);
      if (budget.left <= 0 || !above.every(folder => known.has(folder))) return undefined;
      const files = above.flatMap(folder => known.get(folder) ?? []);
      const quiet = isQuietByAttributes(files, decode(path), budget);
      return budget.left > 0 || quiet ? quiet : undefined;
    }

    return async (commit, diffs, parent) => {
      // A rename names both files, and a diff that is cut may have lost its names.
      const isLike = (diff: FileDiff) => !diff.lost && !diff.text.includes('.gitattributes');
      if (commit !== last && !(parent === last && diffs.every(isLike))) known = new Map();
      last = commit;
      const set = new Set(diffs.filter(({ path }) => isSet(decode(path))));
      await learn(
        commit,
        diffs.flatMap(diff => (set.has(diff) ? [] : foldersOf(diff.path))),
      );
      return diff => {
        if (set.has(diff)) return 'setting';
        const quiet = isQuiet(diff.path);
        if (quiet) return 'attribute';
        if (isPointer(diff.text)) return 'lfs';
        return quiet === undefined ? 'unknown' : undefined;
      };
    };
  };
}

/** `a/b/`, `a/`, and nothing for the root, one character a byte. Names with a line end cannot be asked for. */
function foldersOf(path: Buffer): string[] {
  const parts = path.toString('latin1').split('/').slice(0, -1);
  const folders = parts.map((_, at) => `${parts.slice(0, at + 1).join('/')}/`);
  return ['', ...folders].filter(folder => !folder.includes('\n')).reverse();
}
