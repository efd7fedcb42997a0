import { type Commit, type FileDiff, MOST_NAMED, type QuietFiles } from '../model/commit.ts';
import { allMissing, fileLimit, keepShares, lossOf, lostOf, sparedBytes, sumOf } from '../model/cut.ts';
import { globMatches } from '../model/glob.ts';
import { decode } from '../model/text.ts';

/** Says for each of some lists of patterns, in their order, whether it means a path: `010`. Empty where none does. */
export function quietGroup(path: Buffer, lists: readonly (readonly string[])[]): string {
  const name = decode(path);
  const key = lists.map(list => (list.some(pattern => globMatches(pattern, name)) ? '1' : '0')).join('');
  return key.includes('1') ? key : '';
}

/** What one of several wants to have of a commit. */
interface Wanted {
  /** Of its files these are shown in the stat only (refpost.quietPaths). */
  readonly quietPaths: readonly string[];
  /** Bytes of diff. */
  readonly maxSize: number;
}

/**
 * A commit that was read for several as it would have been read for one of them alone.
 * @param at the place of its patterns among those by which files were put into groups
 */
export function asReadAlone(commit: Commit, { quietPaths, maxSize }: Wanted, at: number): Commit {
  const { groups = [], quiet, ...rest } = commit;
  const isHidden = (key: string) => key[at] === '1';
  const hidden = groups.filter(({ key }) => isHidden(key));
  const dropped = groups.flatMap(group => (isHidden(group.key) ? [] : [group.dropped]));
  const spared = sparedBytes(commit.id);
  const ours = commit.files.filter(({ group = '' }) => !isHidden(group));
  const cut = keepShares(
    ours.map(file => startOf(file, fileLimit(maxSize, spared))),
    maxSize,
    spared,
  );
  const files = cut.kept.filter(file => file !== undefined);
  const before = groups.length > 0 ? dropped : [droppedOf(commit)];
  const missing = allMissing([lostOf(files), cut.dropped, ...before]);
  const named = quiet && {
    ...quiet,
    named: quiet.named.map(one => ({ ...one, reason: reasonFor(one, quietPaths) })),
  };
  const { missing: _, ...bare } = rest;
  return {
    ...bare,
    files,
    ...(missing.bytes > 0 ? { missing } : {}),
    ...(hidden.length > 0 ? { quiet: joined(named, hidden) } : named ? { quiet: named } : {}),
  };
}

/** What is missing but for the ends of files that are there. */
function droppedOf({ missing, files }: Commit) {
  if (!missing) return allMissing([]);
  const { bytes, lines } = lostOf(files);
  return { bytes: missing.bytes - bytes, lines: missing.lines - lines, files: missing.files };
}

function startOf(file: FileDiff, most: number): FileDiff {
  if (file.text.length <= most) return file;
  const lost = sumOf(lossOf(file.text.subarray(most)), file.lost);
  return { ...file, text: file.text.subarray(0, most), lost };
}

type Named = QuietFiles['named'][number];

/** The setting counts before what the repository says. */
function reasonFor({ path, reason }: Named, patterns: readonly string[]): Named['reason'] {
  return quietGroup(path, [patterns]) === '' ? reason : 'setting';
}

function joined(quiet: QuietFiles | undefined, hidden: NonNullable<Commit['groups']>): QuietFiles {
  const found = hidden.flatMap(({ named }) => named.map(path => ({ path, reason: 'setting' as const })));
  const all = [...(quiet?.named ?? []), ...found].toSorted((a, b) => Buffer.compare(a.path, b.path));
  const more = [quiet, ...hidden].reduce((sum, each) => sum + (each?.more ?? 0), 0);
  return { named: all.slice(0, MOST_NAMED), more: more + Math.max(0, all.length - MOST_NAMED) };
}
