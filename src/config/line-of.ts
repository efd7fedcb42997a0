import { normalKey, type Origin } from './listing.ts';

/** Settings or faults with the lines on which they stand, where those can be found. @param readFile a file's text, if any; asked once a file */
export function withLines<T extends { readonly key: string; readonly origin: Origin }>(
  found: readonly T[],
  readFile: (path: string) => string | undefined,
): readonly T[] {
  const files = new Map<string, string | undefined>();
  return found.map(one => {
    const { source, isFile, nth } = one.origin;
    if (isFile && !files.has(source)) files.set(source, readFile(source));
    const line = lineOf(files.get(source) ?? '', one.key, nth);
    return line === undefined ? one : { ...one, origin: { ...one.origin, line } };
  });
}

const BLANKS = String.raw`[^\S\n]`;
const HEADER = String.raw`\[([a-z0-9.-]+)(?:${BLANKS}+"((?:[^"\\\n]|\\.)*)")?\]`;
/** It matches whatever is there, so that nothing after it makes it look back. */
const VALUE = String.raw`(?:\\\r?\n|\\.|[^\\\n#;"]+|"(?:\\\r?\n|\\.|[^\\\n"]+)*"?)*`;

/**
 * What stands on a line, and on those that it takes in, by the section "Syntax" of git-config(1), as far as finding a key goes:
 *
 *     [refpost] to = a@example.org   ; a key may follow its header
 *     [RefPost "Sub"]                # refpost.Sub.…: quoted, case counts
 *         Key = one \                # a backslash at the end takes in the next line
 *               "two # no comment"
 */
const LINE = new RegExp(`(?<![^\n])${BLANKS}*(?:${HEADER})?(?:${BLANKS}*([a-z][a-z0-9-]*)${VALUE})?`, 'gi');

/**
 * The line of a key in a git config file, the first is 1; undefined if it is not there: git tells the file alone.
 * @param key in git's form, `section[.subsection].name`
 * @param nth 0 for its first appearance
 */
export function lineOf(text: string, key: string, nth: number): number | undefined {
  const wanted = normalKey(key);
  let [section, left] = ['', nth];
  for (const { index, 1: header, 2: subsection, 3: name } of text.matchAll(LINE)) {
    if (header !== undefined) section = header.toLowerCase();
    if (subsection !== undefined) section += `.${subsection.replace(/\\(.)/g, '$1')}`;
    if (name === undefined || `${section}.${name.toLowerCase()}` !== wanted) continue;
    if (left-- === 0) return text.slice(0, index).split('\n').length;
  }
  return undefined;
}
