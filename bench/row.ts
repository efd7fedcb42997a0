import type { BenchOptions } from './options.ts';
import type { Build } from './refpost.ts';

/** One measure against its limit, both from this run. Less is better. */
export interface Row {
  readonly work: string;
  readonly ours: number;
  /** The same by the other checkout. */
  readonly against?: number | undefined;
  /** What the limit is: a program, or a number that was promised. */
  readonly limitName: string;
  /** undefined where there is nothing to compare with. */
  readonly limit: number | undefined;
  readonly unit: 'ms' | 'MB' | 'gits';
  /** How many times the limit it may be; absent for programs that are run beside. */
  readonly allowed?: number;
}

/** No more than this may it be above the other checkout. */
const WORSE = 1.05;

/** All that a measure needs around it. */
export interface Bench {
  readonly options: BenchOptions;
  /** Ours, and with `--against` another one. */
  readonly builds: readonly Build[];
  /** A folder that is gone when the bench ends. */
  readonly scratch: string;
  /** Gone when the bench ends, as well. */
  readonly after: (cleanUp: () => unknown) => void;
}

const COLUMNS = ['work', 'refpost', 'limit', 'ratio', 'shall be', ''] as const;
const WIDTHS = [62, 8, 44, 5, 8, 0];

export const heading = line(COLUMNS);

export function rowText({ work, ours, against, limitName, limit, unit, allowed }: Row): string {
  const shall = allowed === undefined ? '' : `<= ${allowed.toFixed(2)}`;
  const beside = comparison(ours, against, unit);
  if (limit === undefined)
    return line([
      work,
      amount(ours, unit),
      limitName,
      '',
      shall,
      ['not compared', beside].filter(Boolean).join('; '),
    ]);
  const ratio = ours / limit;
  return line([
    work,
    amount(ours, unit),
    `${amount(limit, unit)} ${limitName}`,
    ratio.toFixed(2),
    shall,
    [verdict(limit, ratio, allowed), beside].filter(Boolean).join('; '),
  ]);
}

function comparison(ours: number, against: number | undefined, unit: Row['unit']): string {
  if (against === undefined) return '';
  const quotient = ours / against;
  return `${quotient.toFixed(3)} of ${amount(against, unit)} by the other${quotient > WORSE ? ', WORSE' : ''}`;
}

/** The difference of two medians may come out below nothing where other programs are at work. */
function verdict(limit: number, ratio: number, allowed: number | undefined): string {
  if (limit <= 0) return 'the machine is too busy to tell';
  if (allowed === undefined) return '';
  return ratio <= allowed ? 'kept' : 'MISSED';
}

function amount(value: number, unit: Row['unit']): string {
  if (unit === 'ms' && value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return `${value.toFixed(value < 100 ? 1 : 0)} ${unit}`;
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, at) => cell.padEnd(WIDTHS[at] ?? 0))
    .join('  ')
    .trimEnd();
}
