import { randomBytes } from 'node:crypto';
import type { Commit } from '../model/commit.ts';
import type { Git } from './git.ts';
import { type ReadOptions, readCommits } from './read-commits.ts';
import { readNoted } from './read-noted.ts';
import { readPatches } from './read-patches.ts';
import { zip } from './streams.ts';
import { tellSubmodules } from './tell-submodules.ts';

export interface SourceOptions extends Omit<ReadOptions, 'mark'> {
  readonly ids: readonly string[];
  /** True for a commit of notes. */
  readonly isNote: (id: string) => boolean;
  /** Repositories in which the commits of submodules are looked for, besides those that git itself keeps. */
  readonly submodules: readonly string[];
  /** Bytes of a patch that git-am(1) takes, at the most; absent: no patches. */
  readonly maxPatch?: number;
}

export interface SourceCommit {
  readonly commit: Commit;
  readonly patch?: Buffer;
}

/** The commits in the order given, with all that mails show of them: read once, for however many mails are made of them. */
export async function* readSource(git: Git, options: SourceOptions): AsyncGenerator<SourceCommit> {
  const { ids, submodules, isNote, maxPatch } = options;
  const mark = randomBytes(16).toString('hex');
  const told = tellSubmodules(git, readCommits(git, ids, { ...options, mark }), submodules);
  const commits = readNoted(git, told, isNote);
  const patches = maxPatch === undefined ? noPatches() : readPatches(git, ids, { mark, most: maxPatch });
  for await (const [commit, patch] of zip(commits, patches)) yield patch ? { commit, patch } : { commit };
}

async function* noPatches(): AsyncGenerator<undefined> {}
