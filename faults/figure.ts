import type { Losses } from '../test/fixtures/losses.ts';

/** What one kind of fault came to. Mails are counted once for each recipient. */
export interface Figure {
  readonly fault: string;
  readonly tried: number;
  readonly lost: number;
  readonly doubled: number;
  /** How many doubles nobody can prevent: the server had the mail, and its word was never written down. */
  readonly excused: number;
  readonly outOfOrder: number;
  /** What else was promised and not kept, a sentence each. */
  readonly broken?: readonly string[];
}

/** The same from what became of all mails. A double is excused where a kill or a cut explains it. */
export function figureOf(fault: string, losses: Omit<Losses, 'kills'>): Figure {
  const { expected: tried, lost, outOfOrder, doubled, doubledAsAnother, unexplained } = losses;
  return {
    fault,
    tried,
    lost,
    doubled: doubled + doubledAsAnother,
    excused: doubled - unexplained,
    outOfOrder,
  };
}

const WIDTHS = [64, 8, 6, 18, 12];

export const heading = line(['fault', 'tried', 'lost', 'doubled', 'out of order']);

export function figureText(figure: Figure): string {
  const { fault, tried, lost, doubled, excused, outOfOrder } = figure;
  const allowed = excused > 0 ? `${doubled} (${excused} allowed)` : `${doubled}`;
  const { broken = [] } = figure;
  const verdict = isKept(figure) ? '' : ['BROKEN', ...broken].join(': ');
  return line([fault, `${tried}`, `${lost}`, allowed, `${outOfOrder}`, verdict]);
}

/** Whether the promise was kept: nothing lost, nothing out of order, no double that could have been prevented. */
export function isKept({ lost, doubled, excused, outOfOrder, broken = [] }: Figure): boolean {
  return lost === 0 && outOfOrder === 0 && doubled <= excused && broken.length === 0;
}

export function sum(fault: string, figures: readonly Omit<Figure, 'fault'>[]): Figure {
  const total = (count: (figure: Omit<Figure, 'fault'>) => number) =>
    figures.reduce((all, figure) => all + count(figure), 0);
  return {
    fault,
    tried: total(({ tried }) => tried),
    lost: total(({ lost }) => lost),
    doubled: total(({ doubled }) => doubled),
    excused: total(({ excused }) => excused),
    outOfOrder: total(({ outOfOrder }) => outOfOrder),
  };
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, at) => cell.padEnd(WIDTHS[at] ?? 0))
    .join('  ')
    .trimEnd();
}
