import { fault } from '../errors.ts';
import type { Override } from '../model/push.ts';

/** Where a value is. */
export interface Origin {
  /** git's word: system, global, local, worktree or command; `default` for a default. */
  readonly scope: string;
  /** The file's path as git printed it, or `command line`, `standard input`, `blob <name>`, `default`. */
  readonly source: string;
  /** Is the source a file that can be read? A relative path starts at the directory in which git was asked. */
  readonly isFile: boolean;
  /** 0 for the key's first value in that file, 1 for its second. */
  readonly nth: number;
  /** Line in that file, where somebody looked it up; the first one is 1. */
  readonly line?: number;
}

/** One value of one key. */
export interface Entry {
  /** As git prints keys: section and name in lower case. */
  readonly key: string;
  /** undefined for a key without a value, such as git takes for booleans. */
  readonly value: string | undefined;
  readonly origin: Origin;
}

/**
 * Parses what `git config --list -z --show-origin --show-scope` prints, in order. Three fields a value, each ended
 * by a NUL; a LF ends the key, but one without a value has none:
 *
 *     global\0file:/home/git/.gitconfig\0refpost.to\ncommits@example.org\0
 *     local\0file:config\0refpost.valueless\0
 *     command\0command line:\0refpost.maxmails\n5\0
 *
 * Bytes that are not UTF-8 become U+FFFD.
 * @throws a plain Error if this is no such listing, or not all of it: half a list of recipients must not pass for one.
 */
export function parseListing(listing: string | Buffer): readonly Entry[] {
  const fields = listing.toString().split('\0');
  if (fields.pop() !== '' || fields.length % 3 !== 0)
    throw new Error('this is not a whole listing of git config');
  const seen = new Map<string, number>();
  const entries: Entry[] = [];
  for (let at = 0; at < fields.length; at += 3) {
    const [scope = '', origin = '', pair = ''] = fields.slice(at, at + 3);
    const [, key = '', value] = /^([^\n]*)(?:\n(.*))?$/s.exec(pair) ?? [];
    const keyInFile = `${scope}\0${origin}\0${key}`;
    const nth = seen.get(keyInFile) ?? 0;
    seen.set(keyInFile, nth + 1);
    // `file:<path>`, `command line:`, `standard input:`, `blob:<name>` (git-config(1), --show-origin).
    const isFile = origin.startsWith('file:');
    const source = isFile ? origin.slice(5) : origin.replace(':', ' ').trim();
    entries.push({ key, value, origin: { scope, source, isFile, nth } });
  }
  return entries;
}

/** Takes a `-c refpost.key=value` apart. Key and value are judged with all the others. @throws OperatorError without an `=` */
export function parseOverride(text: string): Override {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw fault.overrideWithoutValue();
  return { key, value };
}

/** The overrides of one run as if git had listed them last. */
export function overrideEntries(overrides: readonly Override[]): readonly Entry[] {
  return overrides.map(({ key, value }, nth) => ({
    key: normalKey(key),
    value,
    origin: { scope: 'command', source: 'command line', isFile: false, nth },
  }));
}

/** A key as git prints it: section and name in lower case, a subsection as it is (git-config(1)). */
export function normalKey(key: string): string {
  const [first, last] = [key.indexOf('.'), key.lastIndexOf('.')];
  return key.slice(0, first).toLowerCase() + key.slice(first, last) + key.slice(last).toLowerCase();
}
