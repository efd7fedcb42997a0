import { escapeHtml, safeHtml } from '../render/templates.ts';

/** What a piece of a mail's text is: a class of the style sheet; '' is plain. */
type Kind = '' | 'head' | 'hunk' | 'add' | 'del' | 'quote' | 'link';

/** A piece of the text; all of them together are the text. */
interface Run {
  readonly kind: Kind;
  readonly isLink: boolean;
  /** Of the lines that start a file's diff: its path, and the name by which links lead there. Else ''. */
  readonly path: string;
  readonly anchor: string;
  readonly text: string;
}

/**
 * A mail's text in runs of lines of one kind. What belongs to a diff is known by the counts in its hunks (`@@ -1,3 +1,4 @@`; for
 * merges `@@@`), never by the first letter alone: a list in a message has no colours, and a removed line `-- x` is no head.
 * @param prefix of the anchors
 */
export function textRuns(text: string, prefix: string): Run[] {
  const runs: Run[] = [];
  let [start, kind, path, files]: [number, Kind, string, number] = [0, '', '', 0];
  const finish = (end: number) => {
    const piece = text.slice(start, end);
    if (kind === '') addWithLinks(runs, piece);
    else runs.push({ kind, isLink: false, path, anchor: path && `f${prefix}${++files}`, text: piece });
  };
  let hunk: Hunk | undefined;
  let inHead = false;
  for (let at = 0, end = 0; at < text.length; at = end) {
    end = text.indexOf('\n', at) + 1 || text.length;
    let found: Kind;
    let ownPath = '';
    if (hunk && (isLeft(hunk) || text[at] === '\\')) {
      found = text[at] === '\\' ? 'hunk' : countLine(hunk, text, at, end);
    } else {
      const line = text.slice(at, end);
      hunk = startOf(line);
      if (!hunk) inHead = /^(?:diff --|Index: )/.test(line) || (inHead && HEAD.test(line));
      found = hunk ? 'hunk' : inHead ? 'head' : line.startsWith('>') ? 'quote' : '';
      if (found === 'head') ownPath = pathIn(line);
    }
    if (found === kind && ownPath === '') continue;
    finish(at);
    [start, kind, path] = [at, found, ownPath];
  }
  finish(text.length);
  return runs;
}

/** Of a line such as `diff --git a/x.ts b/x.ts` the path that the file has after the commit; else ''. */
export function pathIn(line: string): string {
  const [, path, merged] = /^diff --(?:git "?a\/.+ "?b\/(.+?)"?|(?:cc|combined) (.+))\n?$/.exec(line) ?? [];
  return path ?? merged ?? '';
}

/**
 * Runs as a page shows them. Made here and not by a template: for two dozen runs of a mail that would take more time than all the rest of its page.
 */
export function marked(runs: readonly Run[]): object | '' {
  return runs.length === 0 ? '' : safeHtml(runs.map(element).join(''));
}

function element({ kind, isLink, anchor, text }: Run): string {
  const escaped = escapeHtml(text);
  if (kind === '') return escaped;
  if (isLink) return `<a href="${escaped}" rel="nofollow noopener">${escaped}</a>`;
  return `<span class="${kind}"${anchor && ` id="${anchor}"`}>${escaped}</span>`;
}

const HEAD =
  /^(?:index |--- |\+\+\+ |old mode |new mode |deleted file |new file |mode |similarity |dissimilarity |rename |copy |Binary |={20})/;

/** What is still to come of a hunk: lines of each old side, and of the new one. */
interface Hunk {
  readonly old: number[];
  fresh: number;
}

function startOf(line: string): Hunk | undefined {
  const [, sides = '', fresh = ''] = /^@@+((?: -\d+(?:,\d+)?)+) \+\d+(?:,(\d+))? @@/.exec(line) ?? [];
  if (sides === '') return undefined;
  const old = [...sides.matchAll(/ -\d+(?:,(\d+))?/g)].map(([, count = '1']) => Number(count));
  return { old, fresh: fresh === undefined || fresh === '' ? 1 : Number(fresh) };
}

function isLeft({ old, fresh }: Hunk): boolean {
  return fresh > 0 || old.some(count => count > 0);
}

/** A column of signs for each old side: `+` is not there, `-` only there. */
function countLine(hunk: Hunk, text: string, at: number, end: number): Kind {
  const { old } = hunk;
  const signs = text.slice(at, Math.min(at + old.length, end));
  const isGone = signs.includes('-');
  for (const [side, left] of old.entries()) {
    const sign = signs[side];
    if (isGone ? sign === '-' : sign !== '+') old[side] = left - 1;
  }
  if (!isGone) hunk.fresh -= 1;
  if (isGone) return 'del';
  return signs.includes('+') ? 'add' : '';
}

const URL = /https?:\/\/[^\s<>"'`]*[^\s<>"'`.,;:!?)\]}]/g;

function addWithLinks(runs: Run[], text: string): void {
  const add = (kind: Kind, piece: string) => {
    if (piece) runs.push({ kind, isLink: kind === 'link', path: '', anchor: '', text: piece });
  };
  let end = 0;
  for (const { 0: url, index } of text.matchAll(URL)) {
    add('', text.slice(end, index));
    add('link', url);
    end = index + url.length;
  }
  add('', text.slice(end));
}
