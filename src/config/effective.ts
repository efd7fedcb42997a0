import { lineOf } from './line-of.ts';
import type { Origin } from './listing.ts';
import { printable } from './printable.ts';

/** One value that is in force, and where it comes from. A setting with many values has several. */
export interface EffectiveSetting {
  /** As documented: `refpost.maxMails`. */
  readonly key: string;
  /** As written, or the words for what happens without a value, in round brackets. */
  readonly value: string;
  readonly origin: Origin;
}

/**
 * The same settings or faults with the lines on which they stand, where those can be found.
 * @param readFile gives a file's text, or undefined if it cannot be read; is asked once a file
 */
export function withLines<T extends { readonly key: string; readonly origin: Origin }>(
  found: readonly T[],
  readFile: (path: string) => string | undefined,
): readonly T[] {
  const files = new Map<string, string | undefined>();
  return found.map(one => {
    const { source, isFile, nth } = one.origin;
    if (!isFile) return one;
    if (!files.has(source)) files.set(source, readFile(source));
    const text = files.get(source);
    const line = text === undefined ? undefined : lineOf(text, one.key, nth);
    return line === undefined ? one : { ...one, origin: { ...one.origin, line } };
  });
}

/**
 * `<key> = <value> TAB <file>:<line>`, one setting a line. The first half is padded so that the second is a column
 * for people; the TAB, which no value has in it, is for programs.
 */
export function formatEffective(settings: readonly EffectiveSetting[]): string {
  const rows = settings.map(({ key, value, origin }) => ({
    setting: `${key} = ${printable(value)}`,
    origin,
  }));
  // One very long value must not push the column out of sight of all the others.
  const width = Math.max(0, ...rows.map(row => row.setting.length).filter(length => length <= 60));
  return rows.map(row => `${row.setting.padEnd(width)}\t${originName(row.origin)}\n`).join('');
}

function originName({ source, line }: Origin): string {
  return printable(source) + (line === undefined ? '' : `:${line}`);
}
