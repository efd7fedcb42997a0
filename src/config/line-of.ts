/**
 * The line of a key in a git config file, or undefined if it is not there: git tells the file alone.
 * Follows the section "Syntax" of git-config(1), as far as finding a key goes:
 *
 *     [refpost] to = a@example.org   ; a key may follow its header
 *     [RefPost "Sub"]                # refpost.Sub.…: quoted, case counts
 *         Key = one \                # a backslash at the end takes in the next line
 *               "two # no comment"
 *
 * @param key in git's form, `section[.subsection].name`
 * @param nth 0 for its first appearance
 * @returns the first line is 1
 */
export function lineOf(text: string, key: string, nth: number): number | undefined {
  const wanted = canonical(key);
  let section = '';
  let value: ValueState = 'ended';
  let left = nth;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = raw.replace(/\r$/, '');
    if (value !== 'ended') {
      value = afterLine(line, value);
      continue;
    }
    const header = readHeader(line);
    section = header?.section ?? section;
    const [, name] = /^\s*([a-z][a-z0-9-]*)/i.exec(header?.rest ?? line) ?? [];
    if (name === undefined) continue;
    if (`${section}.${name.toLowerCase()}` === wanted && left-- === 0) return index + 1;
    value = afterLine(header?.rest ?? line, 'open');
  }
  return undefined;
}

/** Does the value go on in the next line, and inside quotes? */
type ValueState = 'ended' | 'open' | 'quoted';

function afterLine(line: string, before: ValueState): ValueState {
  let quoted = before === 'quoted';
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (character === '\\') {
      if (at === line.length - 1) return quoted ? 'quoted' : 'open';
      at++;
    } else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '#' || character === ';')) return 'ended';
  }
  return 'ended';
}

/** `[name]`, `[name "Subsection"]` or the old `[name.subsection]`, and what follows on the line. */
function readHeader(line: string): { section: string; rest: string } | undefined {
  const [whole, name, subsection] = /^\s*\[([a-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\]/i.exec(line) ?? [];
  if (whole === undefined || name === undefined) return undefined;
  const quoted = subsection === undefined ? '' : `.${subsection.replace(/\\(.)/g, '$1')}`;
  return { section: name.toLowerCase() + quoted, rest: line.slice(whole.length) };
}

function canonical(key: string): string {
  const [first, last] = [key.indexOf('.'), key.lastIndexOf('.')];
  return key.slice(0, first).toLowerCase() + key.slice(first, last) + key.slice(last).toLowerCase();
}
