/** Lines of a diff that are of one kind and follow each other, with their signs. */
export interface Run {
  readonly kind: 'same' | 'added' | 'deleted' | 'hunk' | 'note';
  readonly lines: readonly string[];
}

/** One file's diff, taken apart. */
export interface FileHunks {
  /** What stands above git's own lines: `[This file is not UTF-8. ...]`. */
  readonly notes: readonly string[];
  /** git's lines before the first hunk. */
  readonly head: readonly string[];
  readonly runs: readonly Run[];
  /** Lines that the hunks add and take away; of a combined diff, in the sight of some parent. */
  readonly added: number;
  readonly deleted: number;
  /** One, but for the combined diff of a merge. */
  readonly parents: number;
}

/**
 * By the counts that each hunk starts with, never by how a line starts alone: `-- x` that is removed looks like a head.
 *
 *   @@ -1,4 +1,5 @@ section            a line each of old and new where a count is left out
 *   @@@ -1,2 -1,2 +1,3 @@@            of a merge: a column of signs for each parent
 */
export function parseHunks(diff: string): FileHunks {
  const lines = diff.split('\n');
  const headAt = Math.max(
    0,
    lines.findIndex(line => line.startsWith('diff --')),
  );
  const found = lines.findIndex((line, at) => at >= headAt && line.startsWith('@@'));
  const start = found < 0 ? lines.length : found;
  const runs: { kind: Run['kind']; lines: string[] }[] = [];
  const count = { added: 0, deleted: 0 };
  let left: number[] = [];
  let parents = 1;
  for (const line of lines.slice(start)) {
    const isOver = left.every(isNothing);
    const kind = isOver || line.startsWith('\\') ? kindBetween(line) : kindWithin(line, left, parents);
    if (kind === 'hunk') {
      left = countsOf(line);
      parents = left.length - 1;
    }
    if (kind === 'added' || kind === 'deleted') count[kind]++;
    const last = runs.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else runs.push({ kind, lines: [line] });
  }
  return { notes: lines.slice(0, headAt), head: lines.slice(headAt, start), runs, ...count, parents };
}

const isNothing = (count: number) => count <= 0;

const HUNK = /^@@+((?: [-+]\d+(?:,\d+)?){2,}) @@/;

function kindBetween(line: string): Run['kind'] {
  return HUNK.test(line) ? 'hunk' : 'note';
}

/** Lines of each parent, and of the result. */
function countsOf(line: string): number[] {
  const ranges = HUNK.exec(line)?.[1]?.trim().split(' ') ?? [];
  return ranges.map(range => Number(range.split(',')[1] ?? 1));
}

/** Takes the line from the counts of those who have it: a parent in whose column `-` is, or nothing where no other has a `-`; the result where none has. */
function kindWithin(line: string, left: number[], parents: number): Run['kind'] {
  if (parents === 1) return kindOfOne(line, left as [number, number]);
  const signs = line.slice(0, parents);
  const isGone = signs.includes('-');
  for (let at = 0; at < parents; at++) {
    const sign = signs[at] ?? ' ';
    if (isGone ? sign === '-' : sign !== '+') left[at] = (left[at] ?? 0) - 1;
  }
  if (isGone) return 'deleted';
  left[parents] = (left[parents] ?? 0) - 1;
  return signs.includes('+') ? 'added' : 'same';
}

function kindOfOne(line: string, left: [number, number]): Run['kind'] {
  const isAdded = line.startsWith('+');
  const isGone = line.startsWith('-');
  if (!isAdded) left[0]--;
  if (!isGone) left[1]--;
  if (isAdded) return 'added';
  return isGone ? 'deleted' : 'same';
}

/** The line at which a hunk starts in the new version of a file, or in the old one; 0 where it has none of its lines. */
export function startOf(hunk: string, version: 'old' | 'new'): number {
  const ranges = HUNK.exec(hunk)?.[1]?.trim().split(' ') ?? [];
  const [start = 0, count = 1] =
    ranges
      .at(version === 'old' ? 0 : -1)
      ?.slice(1)
      .split(',')
      .map(Number) ?? [];
  return count === 0 ? 0 : start;
}

/** What git's head lines say, in words: `new`, `renamed, 90% the same`, `mode 100644 → 100755`, `binary`. */
export function headWords({ head, parents }: Pick<FileHunks, 'head' | 'parents'>): string[] {
  const value = (start: string) => head.find(line => line.startsWith(start))?.slice(start.length);
  const [old, fresh] = [value('old mode '), value('new mode ')];
  const likeness = value('similarity index ');
  const made = value('new file mode ');
  const gone = value('deleted file mode ');
  const moved = value('rename to ') !== undefined ? 'renamed' : value('copy to ') !== undefined && 'copied';
  const modes = /^(.+)\.\.(.+)$/.exec(value('mode ') ?? '');
  const index = / (\d{6})$/.exec(value('index ') ?? '')?.[1];
  return [
    parents > 1 || /^diff --c/.test(head[0] ?? '') ? 'merge, against its parents' : '',
    made === undefined ? '' : `new${made === '100644' ? '' : `, ${modeWord(made)}`}`,
    gone === undefined ? '' : 'deleted',
    moved ? `${moved}${likeness === undefined || likeness === '100%' ? '' : `, ${likeness} the same`}` : '',
    old && fresh ? `mode ${old} → ${fresh}` : '',
    modes ? `mode ${modes[1]} → ${modes[2]}` : '',
    index === '160000' ? 'submodule' : '',
    head.some(line => /^(Binary files |GIT binary patch)/.test(line)) ? 'binary' : '',
  ].filter(word => word !== '');
}

function modeWord(mode: string): string {
  return { '160000': 'submodule', '120000': 'symbolic link' }[mode] ?? `mode ${mode}`;
}

/** The name before a rename or copy, as git writes it. */
export function nameBefore(head: readonly string[]): string | null {
  return head.map(line => /^(?:rename|copy) from (.*)$/.exec(line)?.[1]).find(Boolean) ?? null;
}
