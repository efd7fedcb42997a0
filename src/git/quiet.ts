import type { FileDiff, QuietReason } from '../model/commit.ts';
import { type Budget, gitGlob, matchesWithin } from '../model/glob-budget.ts';
import { remembered } from '../model/remembered.ts';
import { decode } from '../model/text.ts';
import { type AttributeFile, isQuietByAttributes, parseAttributes } from './attributes.ts';
import { BATCH_CHECK, conversation, type Objects } from './conversation.ts';
import type { Git } from './git.ts';
import { asLines } from './process.ts';

/** Diffs of a commit. */
export interface Asked {
  readonly commit: string;
  readonly diffs: readonly FileDiff[];
  /** What they are compared with, where they are all that the commit has. */
  readonly parent?: string;
}

/** Why a diff is shown in the stat only; undefined for one that is shown; `unknown` where the budget of the push is used up. */
export type Judge = (diff: FileDiff) => QuietReason | 'unknown' | undefined;

/** A judge for each, in their order. */
export type QuietRule = (all: readonly Asked[]) => Promise<readonly Judge[]>;

/** The files of folders, of which a commit has those that are not undefined. */
type Known = Map<string, { readonly folder: string; readonly file: AttributeFile } | undefined>;

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
 * git about each folder once a commit, or once for commits in a row that change no such file, of several commits at once, and about each content once. Every lane has a
 * reader and a budget of its own, so that what one finds does not hang on how fast another is. @param git of a `whileRead`
 */
export function openQuietRules(git: Git, objects: Objects, patterns: readonly string[]): () => QuietRule {
  const idsOf = conversation(git, BATCH_CHECK, async (names: readonly string[], wire) => {
    wire.say(asLines(names));
    return (await wire.lines(names.length)).map(line => /^([0-9a-f]+) blob \d+$/.exec(line)?.[1]);
  });

  const globs = patterns.map(gitGlob);
  const isSet = (path: Buffer) => globs.some(glob => matchesWithin(glob, decode(path), UNBOUNDED));

  /** Of a commit over which git dies nothing is known, but of others. */
  async function idsOfEach(lists: readonly (readonly string[])[]): Promise<(string | undefined)[]> {
    const names = lists.flat();
    const together = names.length === 0 ? [] : await idsOf(names);
    if (together) return together;
    if (lists.length === 1) return names.map(() => undefined);
    const ids: (string | undefined)[] = [];
    for (const some of lists) ids.push(...(await idsOfEach([some])));
    return ids;
  }

  return () => {
    const budget: Budget = { left: WORK };
    let bytes = BYTES;
    let folders = FOLDERS;
    let last: string | undefined;
    let known: Known = new Map();
    const contentOf = remembered(Number.POSITIVE_INFINITY, async (id: string) => {
      const object = bytes > 0 ? await objects(id, bytes) : undefined;
      bytes -= object?.text.length ?? 0;
      return object && !object.lost ? parseAttributes(object.text) : undefined;
    });

    /** The folders that nobody has asked about yet, which count as known from now on. */
    function freshOf({ commit, diffs, parent }: Asked) {
      if (commit !== last && !(parent === last && diffs.every(isLike))) known = new Map();
      last = commit;
      const wanted = new Set(diffs.flatMap(({ path }) => (isSet(path) ? [] : foldersOf(path))));
      const fresh = [...wanted].filter(folder => !known.has(folder)).slice(0, folders);
      folders -= fresh.length;
      for (const folder of fresh) known.set(folder, undefined);
      return { known, fresh, names: fresh.map(folder => `${commit}:${folder}.gitattributes`) };
    }

    /** What is known for each: all that is new is asked at once, since git takes longer to hear a question than to answer it. */
    async function learn(all: readonly Asked[]): Promise<readonly Known[]> {
      const wanted = all.map(freshOf);
      const ids = (await idsOfEach(wanted.map(({ names }) => names))).values();
      for (const { known, fresh } of wanted) {
        for (const folder of fresh) {
          const id = ids.next().value;
          const file = id === undefined ? undefined : await contentOf(id);
          if (file) known.set(folder, { folder: decode(folder), file });
          else if (bytes <= 0) known.delete(folder);
        }
      }
      return wanted.map(each => each.known);
    }

    function isQuiet(path: Buffer, known: Known): boolean | undefined {
      const above = foldersOf(path);
      if (budget.left <= 0 || !above.every(folder => known.has(folder))) return undefined;
      const files = above.flatMap(folder => known.get(folder) ?? []);
      const quiet = isQuietByAttributes(files, decode(path), budget);
      return budget.left > 0 || quiet ? quiet : undefined;
    }

    return async all => {
      const learnt = await learn(all);
      return learnt.map(known => diff => {
        if (isSet(diff.path)) return 'setting';
        const quiet = isQuiet(diff.path, known);
        if (quiet) return 'attribute';
        if (isPointer(diff.text)) return 'lfs';
        return quiet === undefined ? 'unknown' : undefined;
      });
    };
  };
}

/** True for one that changes no .gitattributes file. A rename names both files, and a diff that is cut may have lost its names. */
function isLike(diff: FileDiff): boolean {
  return !diff.lost && !diff.text.includes('.gitattributes');
}

/** `a/b/`, `a/`, and nothing for the root, one character a byte. Names with a line end cannot be asked for. */
function foldersOf(path: Buffer): string[] {
  const parts = path.toString('latin1').split('/').slice(0, -1);
  const folders = parts.map((_, at) => `${parts.slice(0, at + 1).join('/')}/`);
  return ['', ...folders].filter(folder => !folder.includes('\n')).reverse();
}
