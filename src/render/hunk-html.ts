import { LINES, WORDS } from './html-style.ts';
import type { Run } from './hunks.ts';
import { type Marks, type Span, wordMarks } from './word-marks.ts';

export interface HunkLook {
  /** Words that changed are marked. */
  readonly words: boolean;
  /** Each run says itself that it takes its whole width; else the sheet has to. */
  readonly wide: boolean;
}

/** Text as HTML, in an attribute with quotes too. */
function escaped(text: string): string {
  return /[&<>"]/.test(text) ? text.replace(/[&<>"]/g, sign => ENTITY[sign] ?? sign) : text;
}

const ENTITY: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * The inside of a `pre`. A span is a block with its line end inside of it: lynx folds the white space of a pre that has other blocks, and
 * where `display` is dropped the lines are still lines.
 */
export function hunksHtml(
  runs: readonly Run[],
  isCombined: boolean,
  look: HunkLook,
  linkOf: (hunk: string) => string | null = () => null,
): string {
  let marks: Marks | undefined;
  return runs
    .map(({ kind, lines }, at) => {
      const next = runs[at + 1];
      if (kind === 'deleted')
        marks =
          look.words && !isCombined && next?.kind === 'added' ? wordMarks(lines, next.lines) : undefined;
      const isMarked = kind === 'deleted' || (kind === 'added' && runs[at - 1]?.kind === 'deleted');
      const spans = isMarked ? marks?.[kind] : undefined;
      const html = spans
        ? lines.map((line, index) => lineHtml(line, spans[index], kind)).join('')
        : `${kind === 'hunk' && look.wide ? lines.map(line => hunkHtml(line, linkOf(line))).join('\n') : escaped(lines.join('\n'))}\n`;
      return wrapped(html, kind, look);
    })
    .join('');
}

/** `@@ -1,4 +1,5 @@` leads to that line. */
function hunkHtml(line: string, link: string | null): string {
  const [, ranges = '', section = ''] = /^(@@+.*? @@+)(.*)$/s.exec(line) ?? [];
  if (link === null || ranges === '') return escaped(line);
  return `<a href="${escaped(link)}" style="color:inherit">${escaped(ranges)}</a>${escaped(section)}`;
}

function wrapped(html: string, kind: Run['kind'], { wide }: HunkLook): string {
  if (kind === 'same' || kind === 'note') return html;
  const [name, style] = LINES[kind];
  return `<span class=${name} style="${wide ? 'display:block;' : ''}${style}">${html}</span>`;
}

function lineHtml(line: string, spans: readonly Span[] | undefined, kind: Run['kind']): string {
  if (!spans || spans.length === 0 || (kind !== 'added' && kind !== 'deleted')) return `${escaped(line)}\n`;
  const [name, style] = WORDS[kind];
  let html = '';
  let at = 0;
  for (const [start, end] of spans) {
    html += `${escaped(line.slice(at, start))}<b class=${name} style="${style}">${escaped(line.slice(start, end))}</b>`;
    at = end;
  }
  return `${html}${escaped(line.slice(at))}\n`;
}
