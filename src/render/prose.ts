/** Text, or a link that stood in it. */
export interface Piece {
  readonly text: string;
  readonly url: string | null;
}

/** A paragraph of a message. */
interface Paragraph {
  /** True where its lines are one text that may be broken anew: then it has one line. */
  readonly flows: boolean;
  readonly lines: readonly (readonly Piece[])[];
}

/** A message without the blank lines at its end. */
export interface Prose {
  readonly paragraphs: readonly Paragraph[];
  /** `Signed-off-by: ...` and its kin, of which the last paragraph consists. */
  readonly trailers: readonly (readonly Piece[])[];
}

/** Visible text as paragraphs. */
export function proseOf(message: string): Prose {
  const paragraphs = message
    .split(/\n(?:[ \t]*\n)+/)
    .map(text => text.split('\n'))
    .filter(lines => lines.some(line => line.trim() !== ''));
  const last = paragraphs.at(-1) ?? [];
  const hasTrailers = last.every((line, at) => TRAILER.test(line) || (at > 0 && /^[ \t]/.test(line)));
  return {
    paragraphs: (hasTrailers ? paragraphs.slice(0, -1) : paragraphs).map(paragraph),
    trailers: hasTrailers ? last.map(pieces) : [],
  };
}

const TRAILER = /^[A-Za-z0-9][\w-]*: |^\(cherry picked from /;

/** Characters of a line that somebody broke because it was full. */
const FULL = 44;
/** Lists, quotes, tables, code: their lines mean something. */
const SHAPED = /^(?:[ \t]|[-*+•>|#$=~]|\d+[.)] )/;

function paragraph(lines: readonly string[]): Paragraph {
  const flows =
    lines.every(line => !SHAPED.test(line)) && lines.slice(0, -1).every(line => line.length > FULL);
  const shown = flows ? [lines.join('\n').replace(/(?<=\p{L}-)\n(?=\p{L})/gu, '')] : lines;
  return { flows, lines: shown.map(pieces) };
}

/** What a reader would take for a link, without the sign that ends a sentence. */
const URL = /https?:\/\/[!-;=?-~]{1,500}/g;

/** Text with the links in it. Such a link shows where it leads. */
export function pieces(text: string): Piece[] {
  if (!text.includes('://')) return [{ text, url: null }];
  const all: Piece[] = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(URL)) {
    const url = found.replace(/[.,;:!?'")\]}]+$/, '');
    if (!/^https?:\/\/[\w[]/.test(url)) continue;
    all.push({ text: text.slice(at, index), url: null }, { text: url, url });
    at = index + url.length;
  }
  return [...all, { text: text.slice(at), url: null }];
}
