/**
 * What reading a text came to: a value, or what is wrong with the text, worded to follow "<key> = <text>:".
 * With `secret`, the text may hold a password and is not repeated to anybody.
 */
export type Reading<T> = { readonly value: T } | { readonly wrong: string; readonly secret?: true };

/** What is wrong with a text that may hold a password says so. */
export function withSecret<T>(reading: Reading<T>, secret: boolean): Reading<T> {
  return 'wrong' in reading && secret ? { ...reading, secret } : reading;
}

/** How the text of a setting becomes a value. */
export interface ValueType<T> {
  /** The word for it in the table of settings. */
  readonly name: string;
  /** What a key that stands without "=" means; without this it is a fault. */
  readonly valueless?: string;
  /** Never shown, neither in a fault nor by `refpost config`. */
  readonly secret?: true;
  /** @param text without blanks at its ends, and never empty @param home what `~/` stands for */
  readonly read: (text: string, home: string | undefined) => Reading<T>;
}

/** One of a few words, in any case. */
export function choice<T extends string>(...words: readonly T[]): ValueType<T> {
  return {
    name: words.join(' | '),
    read: value => {
      const word = words.find(one => one === value.toLowerCase());
      return word === undefined ? { wrong: `is none of ${words.join(', ')}` } : { value: word };
    },
  };
}

type Units = Readonly<Record<string, number>>;

const binary: Units = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
const milliseconds: Units = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A whole number; k, m and g multiply by 1024 as in git's own numbers (git-config(1), "integer"). */
export const count = quantity('count', binary, 'a whole number');

/** Bytes; k, m and g multiply by 1024. */
export const size = quantity('size', binary, 'a number of bytes, or one with k, m or g');

/** Whole days, `14` or `14d`. */
export const days = quantity('days', { '': 1, d: 1 }, 'a whole number of days');

/** A stretch of time as milliseconds: `90s`, `5m`, `4h`, `5d`; seconds without a unit. */
export const duration = quantity('duration', milliseconds, 'a whole number followed by s, m, h or d');

function quantity(name: string, units: Units, form: string) {
  return (least: string, most: string): ValueType<number> => ({
    name,
    read: text => {
      const value = amount(text, units);
      if (value === undefined) return { wrong: `is not ${form}` };
      if (value < (amount(least, units) ?? 0)) return { wrong: `is less than ${least}` };
      return value > (amount(most, units) ?? value) ? { wrong: `is more than ${most}` } : { value };
    },
  });
}

function amount(text: string, units: Units): number | undefined {
  const [, digits, unit = ''] = /^(\d+)([a-z]?)$/i.exec(text) ?? [];
  const factor = units[unit.toLowerCase()];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}
