/** What stands before the first hunk, one character a byte, and the `@@` of that hunk if there is one. */
export function headOfDiff(text: Buffer): string {
  const hunk = text.indexOf('\n@@');
  return text.toString('latin1', 0, hunk < 0 ? text.length : hunk + 3);
}

/**
 * The path that a file's diff is about: the new one, or the old one of a deleted file.
 *
 *   diff --git a/old name b/new name     (or: diff --cc name, diff --combined name)
 *   similarity index 90%
 *   rename from old name
 *   rename to new name
 *   --- a/old name<TAB>                  (a TAB follows where the name holds a blank)
 *   +++ b/new name<TAB>
 *
 * A name with control bytes, a quote or a backslash stands in double quotes with C's escapes (git-diff(1)).
 */
export function pathOfDiff(head: string): Buffer {
  const lines = head.split('\n');
  for (const word of NAMING) {
    const name = lines
      .find(line => line.startsWith(word))
      ?.slice(word.length)
      .replace(/\t$/, '');
    if (name !== undefined && name !== '/dev/null') return unquote(name).subarray(/^[-+]/.test(word) ? 2 : 0);
  }
  return pathOfSameNames(lines[0] ?? '');
}

/** What stands before a name, the surest first. After `+++` and `---` the name has `a/` or `b/` before it. */
const NAMING = ['+++ ', 'rename to ', 'copy to ', '--- ', 'diff --cc ', 'diff --combined '];

/** `diff --git a/X b/X` of a file that is binary, empty or only changes its mode: both names are the same. */
function pathOfSameNames(line: string): Buffer {
  const names = line.slice('diff --git '.length);
  return unquote(names.slice(0, (names.length - 1) / 2)).subarray(2);
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

function unquote(name: string): Buffer {
  if (!name.startsWith('"')) return Buffer.from(name, 'latin1');
  const inner = name.replace(/^"|"$/g, '');
  const bytes = inner.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    String.fromCharCode(code.length === 3 ? Number.parseInt(code, 8) : (ESCAPES[code] ?? code.charCodeAt(0))),
  );
  return Buffer.from(bytes, 'latin1');
}
