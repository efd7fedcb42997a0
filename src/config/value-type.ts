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
  /**
   * @param text without blanks at its ends, and never empty
   * @param home what `~/` stands for
   */
  readonly read: (text: string, home: string | undefined) => Reading<T>;
}
