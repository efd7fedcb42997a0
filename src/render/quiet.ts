import type { Commit, FileDiff } from '../model/commit.ts';
import { globMatches } from '../model/glob.ts';
import { decode } from '../model/text.ts';

/** A commit that was read for several audiences, without the diffs that `refpost.quietPaths` of one of them leaves out. */
export function withQuiet(commit: Commit, patterns: readonly string[]): Commit {
  const isQuiet = ({ path }: FileDiff) => patterns.some(pattern => globMatches(pattern, decode(path)));
  const found = commit.files.filter(isQuiet);
  if (found.length === 0) return commit;
  const { named = [], more = 0 } = commit.quiet ?? {};
  const all = [...named, ...found.map(({ path }) => ({ path, reason: 'setting' as const }))];
  return {
    ...commit,
    files: commit.files.filter(file => !found.includes(file)),
    quiet: { named: all.toSorted((a, b) => Buffer.compare(a.path, b.path)), more },
  };
}
