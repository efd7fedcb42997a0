import { counted } from '../model/numbers.ts';

/** Lines that a diff adds and takes away. */
export interface LineCounts {
  readonly added: number;
  readonly deleted: number;
}

export interface CountedFile extends LineCounts {
  /** In printable ASCII, so that a character is a column; of a long one, the last `SHOWN_OF_PATH` characters. */
  readonly path: string;
}

/** Columns of a line, at the most. */
const COLUMNS = 75;
/** Of a path no more is looked at: that many columns do not fit into a line. */
export const SHOWN_OF_PATH = COLUMNS + 1;
/** What a line has beside name, number and bar: a blank, ` | `, a blank, and a column at its end that stays free. */
const FRAME = 6;

/**
 * The stat as `git diff --stat=75` prints it, to the byte:
 *
 *    src/model/a.ts       |  12 ++++---
 *    ...long/way/to/b.txt | 130 +++++++++++++++++++++++
 *    2 files changed, 138 insertions(+), 4 deletions(-)
 *
 * Where a line would be too long, bars are drawn to a smaller scale first, down to three eighths of the line less frame and number; then
 * names lose their start.
 */
export function statText(files: readonly CountedFile[]): string {
  if (files.length === 0) return '';
  const most = Math.max(...files.map(changes));
  const digits = String(most).length;
  const { name, bar } = widths(Math.max(...files.map(({ path }) => path.length)), digits, most);
  const lines = files.map(file => {
    const { plus, minus } = bars(file, bar, most);
    const number = String(changes(file)).padStart(digits);
    return ` ${shortened(file.path, name)} | ${number}${plus || minus ? ` ${'+'.repeat(plus)}${'-'.repeat(minus)}` : ''}\n`;
  });
  return lines.join('') + summary(files);
}

const changes = ({ added, deleted }: LineCounts) => added + deleted;

/** How the columns are shared between names and bars. */
function widths(longest: number, digits: number, most: number) {
  const room = COLUMNS - FRAME - digits;
  if (longest + most <= room) return { name: longest, bar: most };
  const bar = Math.min(most, Math.floor((COLUMNS * 3) / 8) - FRAME - digits);
  return longest > room - bar ? { name: room - bar, bar } : { name: longest, bar: room - longest };
}

/** Both parts of a bar: the smaller one is drawn to scale, the other one is what is left of the whole. */
function bars({ added, deleted }: LineCounts, width: number, most: number) {
  if (width >= most) return { plus: added, minus: deleted };
  const scaled = (count: number) => (count === 0 ? 0 : 1 + Math.floor((count * (width - 1)) / most));
  const whole = Math.max(scaled(added + deleted), added > 0 && deleted > 0 ? 2 : 0);
  const smaller = scaled(Math.min(added, deleted));
  return added < deleted
    ? { plus: smaller, minus: whole - smaller }
    : { plus: whole - smaller, minus: smaller };
}

/** A name that is too long loses its start, if it can up to a slash. */
function shortened(path: string, width: number): string {
  if (path.length <= width) return path.padEnd(width);
  const end = path.slice(path.length - (width - 3));
  return `...${end.slice(Math.max(0, end.indexOf('/'))).padEnd(width - 3)}`;
}

/** Counts of nothing are left out, unless there is nothing at all. */
function summary(files: readonly CountedFile[]): string {
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const deleted = files.reduce((sum, file) => sum + file.deleted, 0);
  return [
    ` ${counted(files.length, 'file')} changed`,
    ...(added > 0 || deleted === 0 ? [`, ${counted(added, 'insertion')}(+)`] : []),
    ...(deleted > 0 || added === 0 ? [`, ${counted(deleted, 'deletion')}(-)`] : []),
    '\n',
  ].join('');
}
