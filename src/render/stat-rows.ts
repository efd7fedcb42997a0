/** A line of a diffstat, or the row that is made of it. */
export interface StatRow {
  /** As git writes it: of a long one the end. */
  readonly name: string;
  /** Lines that were added and taken away, where the bar is drawn to scale; else null. */
  readonly added: number | null;
  readonly deleted: number | null;
  /** What stands for them otherwise: `130 lines`, `900 → 1200 bytes`. */
  readonly figure: string | null;
}

/**
 * The rows of a diffstat, and the figures of its last line:
 *
 *    src/a.ts             |  12 ++++---
 *    docs/waits.png       | Bin 900 -> 1200 bytes
 *    ... and 3 more files
 *    3 files changed, 138 insertions(+), 4 deletions(-)
 */
export function statRows(stat: string) {
  const lines = stat.split('\n').filter(line => line !== '');
  const rows = lines.map(rowOf).filter(row => row !== undefined);
  const [files = '', ...counts] = (lines.at(-1) ?? '').trim().split(', ');
  const count = (word: string) => counts.find(each => each.includes(word))?.replace(/ .*/, '') ?? null;
  const total = /^\d+ files? changed$/.test(files) ? files.replace(' changed', '') : null;
  return { rows, total: total && { files: total, added: count('insertion'), deleted: count('deletion') } };
}

function rowOf(line: string): StatRow | undefined {
  const at = line.lastIndexOf(' | ');
  const name = line.slice(0, at).trim();
  const figure = line.slice(at + 3).trim();
  if (at < 0 || name === '') return undefined;
  const [, old, fresh] = /^Bin (\d+) -> (\d+) bytes$/.exec(figure) ?? [];
  if (figure.startsWith('Bin'))
    return { name, added: null, deleted: null, figure: fresh ? `${old} → ${fresh} bytes` : 'binary' };
  const [, lines, plus = '', minus = ''] = /^(\d+) ?(\+*)(-*)$/.exec(figure) ?? [];
  if (lines === undefined) return { name, added: null, deleted: null, figure };
  const isExact = Number(lines) === plus.length + minus.length;
  if (isExact) return { name, added: plus.length, deleted: minus.length, figure: null };
  return { name, added: null, deleted: null, figure: `${lines} lines` };
}

/** Whether a name in a diffstat is that of a file: `a/b.ts`, `.../b.ts`, `a/{x => b.ts}`, `x => a/b.ts`. */
export function isNameOf(name: string, path: string): boolean {
  if (name === path) return true;
  if (name.startsWith('...') && !name.includes(' => ')) return path.endsWith(name.slice(3));
  if (!name.includes(' => ')) return false;
  const after = name
    .replace(/\{.* => (.*?)\}/, '$1')
    .replace(/^.* => /, '')
    .replaceAll('//', '/');
  return path === after || (name.startsWith('...') && path.endsWith(after.replace(/^\.\.\./, '')));
}
