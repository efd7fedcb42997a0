import { decodeDistinct } from '../model/text.ts';
import { decodeWide } from './utf16-diff.ts';
import { visible, visibleExactly } from './visible.ts';

/**
 * One file's diff as it stands in a mail: its bytes as text in which every character can be seen, and in which lines
 * that differ look different.
 *
 * - Line ends: where every line of the file that the diff shows ends with CR LF, the CRs are left out and a line in
 *   front says so. Where only some do, each CR is written as `<U+000D>`: a change of line ends must not look
 *   like a change of nothing.
 * - Character sets: what is not UTF-8 is read in another character set, and a line in front says in which.
 *
 * `git apply` passes over lines in front of `diff --git`.
 */
export function visibleDiff(diff: Buffer): string {
  const bodyAt = firstHunk(diff);
  const head = visible(decodeDistinct(diff.subarray(0, bodyAt)).text);
  const { text, charset } = decodeBody(diff.subarray(bodyAt));
  const body = withLineEnds(text);
  const notes = [
    ...(charset === undefined ? [] : [`[This file is not UTF-8. It is shown as ${charset}.]\n`]),
    ...(body.windows ? ['[The lines of this file end with CR LF.]\n'] : []),
  ];
  return [...notes, head, body.text].join('');
}

/** Where the head of names and modes ends. A text without one, the second part of a long diff, is all body. */
function firstHunk(diff: Buffer): number {
  if (!/^diff --/.test(diff.toString('latin1', 0, 8))) return 0;
  const at = diff.indexOf('\n@@');
  return at < 0 ? diff.length : at + 1;
}

function decodeBody(body: Buffer): ReturnType<typeof decodeDistinct> {
  return decodeWide(body) ?? decodeDistinct(body);
}

function withLineEnds(body: string): { readonly text: string; readonly windows: boolean } {
  if (!body.includes('\r')) return { text: visibleExactly(body), windows: false };
  const lines = body.split('\n');
  const ended = lines.filter((line, at) => isEnded(line, lines[at + 1]));
  const windows = ended.length > 0 && ended.every(line => line.endsWith('\r'));
  const text = windows
    ? lines.map((line, at) => (isEnded(line, lines[at + 1]) ? line.slice(0, -1) : line)).join('\n')
    : body;
  return { text: visibleExactly(text), windows };
}

/** True for a line of the file that has a line end there; `\ No newline at end of file` follows one that has none. */
function isEnded(line: string, next: string | undefined): boolean {
  return next !== undefined && !line.startsWith('@@') && !line.startsWith('\\') && !next.startsWith('\\');
}
