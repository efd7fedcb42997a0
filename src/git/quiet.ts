import type { FileDiff, QuietReason } from '../model/commit.ts';
import { globMatches } from '../model/glob.ts';
import { remembered } from '../model/remembered.ts';
import { decode } from '../model/text.ts';
import { type AttributeFile, type Budget, isQuietByAttributes, parseAttributes } from './attributes.ts';
import { conversation, type Objects } from './conversation.ts';
import type { Git } from './git.ts';

/** Why a diff is shown in the stat only; undefined for one that is shown; `unknown` where the budget of the push is used up. */
export type Quiet = QuietReason | 'unknown' | undefined;
/** Says it of the diffs of a commit, after one question about all of them. */
export type QuietRule = (commit: string, diffs: readonly FileDiff[]) => Promise<(diff: FileDiff) => Quiet>;

export function quietRule(patterns: readonly string[], attributes: Attributes): QuietRule {
  return async (commit, diffs) => {
    const set = new Set(diffs.filter(({ path }) => patterns.some(each => globMatches(each, decode(path)))));
    const isQuiet = await attributes(commit, diffs.filter(diff => !set.has(diff)));
    return diff => {
      if (set.has(diff)) return 'setting';
      const quiet = isQuiet(diff.path);
      if (quiet) return 'attribute';
      if (isPointer(diff.text)) return 'lfs';
      return quiet === undefined ? 'unknown' : undefined;
    };
  };
}

/** A file kept in Git LFS: git has three lines in its place, the first of which is this (git-lfs, docs/spec.md). */
const POINTER = /^@@[^\n]*\n[ +-]version https:\/\/git-lfs\.github\.com\/spec\/v1$/m;
/** A diff that is longer is none of a pointer. */
const POINTER_DIFF = 4096;

function isPointer(diff: Buffer): boolean {
  return diff.length <= POINTER_DIFF && POINTER.test(diff.toString('latin1'));
}

/** Whether the .gitattributes files of a commit say of a file that it is not to be read in a mail; undefined where the push has used up its budget. */
type Attributes = (
  commit: string,
  files: readonly Pick<FileDiff, 'path'>[],
) => Promise<(path: Buffer) => boolean | undefined>;

/** Comparisons of rules with paths for one lane of a push: some tenths of a second. */
const WORK = 50_000_000;
/** Bytes of all the files that are read for one lane of a push. */
const BYTES = 4 << 20;
/** Folders of commits that are asked about for one lane of a push. */
const FOLDERS = 20_000;

/**
 * What the .gitattributes files of commits say: git itself looks at none of them in a bare repository (gitattributes(5)). Asks git about
 * each folder once a commit, and about each content once. Every lane has a reader and a budget of its own, so that what one finds
 * does not hang on how fast another is. @param git of a `whileRead`
 */
export function openAttributes(git: Git, objects: Objects): () => Attributes {
  // `<id> SP blob LF`, or `<name> SP missing LF`: one line a name, in their order.
  const args = ['cat-file', '--batch-check=%(objectname) %(objecttype)'];
  const idsOf = conversation(git, args, async (names: readonly string[], wire) => {
    wire.say(names.map(name => `${name}\n`).join(''));
    const ids: (string | undefined)[] = [];
    for (const _ of names) ids.push(/^([0-9a-f]+) blob\n$/.exec((await wire.line()).toString('latin1'))?.[1]);
    return ids;
  });

  return () => {
    const budget: Budget = { left: WORK };
    let bytes = BYTES;
    let folders = FOLDERS;
    const filesOf = remembered(1, (_commit: string) => new Map<string, AttributeFile | undefined>());
    const contentOf = remembered(Number.POSITIVE_INFINITY, async (id: string) => {
      const object = bytes > 0 ? await objects(id, bytes) : undefined;
      bytes -= object?.text.length ?? 0;
      return object && !object.lost ? parseAttributes(object.text) : undefined;
    });

    /** Asks about all folders that are not known yet at once. */
    async function filesIn(commit: string, wanted: readonly string[]) {
      const known = filesOf(commit);
      const fresh = [...new Set(wanted)].filter(folder => !known.has(folder)).slice(0, folders);
      folders -= fresh.length;
      const names = fresh.map(folder => `${commit}:${folder}.gitattributes`);
      const ids = (names.length > 0 && (await idsOf(names))) || [];
      for (const [at, folder] of fresh.entries())
        if (bytes > 0) known.set(folder, ids[at] === undefined ? undefined : await contentOf(ids[at]));
      return known;
    }

    return async (commit, diffs) => {
      const known = await filesIn(commit, diffs.flatMap(({ path }) => foldersOf(path)));
      return path => {
        const above = foldersOf(path);
        if (budget.left <= 0 || !above.every(folder => known.has(folder))) return undefined;
        const files = above.flatMap(folder => {
          const file = known.get(folder);
          return file ? [{ folder: decode(folder), file }] : [];
        });
        const quiet = isQuietByAttributes(files, decode(path), budget);
        return budget.left > 0 || quiet ? quiet : undefined;
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
