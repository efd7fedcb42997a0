/** What a piece of a mail's text is: a class of the style sheet; '' is plain. */
type Kind = '' | 'head' | 'hunk' | 'add' | 'del' | 'quote' | 'link';

/** A piece of the text; all of them together are the text. */
export interface Run {
  readonly kind: Kind;
  readonly isLink: boolean;
  /** Of the lines that start a file's diff: its path. Else ''. */
  readonly path: string;
  readonly text: string;
}

/**
 * A mail's text in runs of lines of one kind. What belongs to a diff is known by the counts in its hunks (`@@ -1,3 +1,4 @@`; for
 * merges `@@@`), never by the first letter alone: a list in a message has no colours, and a removed line `-- x` is no head.
 */
export function textRuns(text: string): Run[] {
  const runs: { kind: Kind; text: string; isLink: false; path: string }[] = [];
  const put = (kind: Kind, line: string) => {
    const [last, path] = [runs.at(-1), kind === 'head' ? pathIn(line) : ''];
    if (last?.kind === kind && path === '') last.text += line;
    else runs.push({ kind, text: line, isLink: false, path });
  };
  let hunk: Hunk | undefined;
  let inHead = false;
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    if (hunk && (isLeft(hunk) || line.startsWith('\\'))) {
      put(line.startsWith('\\') ? 'hunk' : countLine(hunk, line), line);
      continue;
    }
    hunk = startOf(line);
    if (hunk) put('hunk', line);
    else {
      inHead = /^(?:diff --|Index: )/.test(line) || (inHead && HEAD.test(line));
      put(inHead ? 'head' : line.startsWith('>') ? 'quote' : '', line);
    }
  }
  return runs.flatMap(run => (run.kind === '' ? withLinks(run.text) : [run]));
}

/** Of a line such as `diff --git a/x.ts b/x.ts` the path that the file has after the commit; else ''. */
export function pathIn(line: string): string {
  const [, path, merged] = /^diff --(?:git "?a\/.+ "?b\/(.+?)"?|(?:cc|combined) (.+))\n?$/.exec(line) ?? [];
  return path ?? merged ?? '';
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
function countLine(hunk: Hunk, line: string): Kind {
  const signs = line.slice(0, hunk.old.length);
  const isGone = signs.includes('-');
  hunk.old.forEach((_, side) => {
    const sign = signs[side];
    if (isGone ? sign === '-' : sign !== '+') hunk.old[side] = (hunk.old[side] ?? 0) - 1;
  });
  if (!isGone) hunk.fresh -= 1;
  if (isGone) return 'del';
  return signs.includes('+') ? 'add' : '';
}

const URL = /https?:\/\/[^\s<>"'`]*[^\s<>"'`.,;:!?)\]}]/g;

function withLinks(text: string): Run[] {
  const runs: Run[] = [];
  let end = 0;
  for (const { 0: url, index } of text.matchAll(URL)) {
    if (index > end) runs.push({ kind: '', text: text.slice(end, index), isLink: false, path: '' });
    runs.push({ kind: 'link', text: url, isLink: true, path: '' });
    end = index + url.length;
  }
  if (end < text.length) runs.push({ kind: '', text: text.slice(end), isLink: false, path: '' });
  return runs;
}
