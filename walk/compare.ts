import { headOfDiff, pathOfDiff } from '../src/git/diff-path.ts';
import { decode } from '../src/model/text.ts';
import { visibleLine } from '../src/render/visible.ts';
import { visibleDiff } from '../src/render/visible-diff.ts';

/*
 * How a commit mail has to show the diff that git prints. The rules, and no others:
 *
 * - After the line `Committed: …` and the stat between two rules of 70 hyphens, each file of the diff has a section: a
 *   rule and the file's part of the diff. An empty line ends a section; git's diff itself has none.
 * - Every file has its section, in git's order, and its text is git's, but for two rewritings: object names on the
 *   index line are cut to 7 digits, and bytes are written as text in which every character can be seen.
 * - A file that is too long ends early, with a line of its own that says how many lines are missing. Files may be missing. Below
 *   the last one the mail says how many lines are missing in all.
 * - A file that the mail names as one that is in the stat only has no section, and so many others as it says that there are more of.
 */

/** How a mail's diff compares with git's. */
export interface Comparison {
  /** Files that the mail shows whole. */
  readonly files: number;
  /** Those among them that are git's bytes, but for the index line. */
  readonly exact: number;
  /** True where the mail says that it does not show everything. */
  readonly cut: boolean;
  /** What differs, in one sentence, if anything does. */
  readonly difference?: string;
}

/** Compares the text of a commit mail with git's patch of that commit. */
export function compareDiff(text: string, patch: Buffer): Comparison {
  const { sections, notices } = partsOf(text);
  const quiet = notices.find(notice => notice.startsWith('[Diff left out:')) ?? '';
  const shownFiles = new Set(sections.map(title));
  let unnamed = Number(/\n {3}and (\d+) more\n/.exec(quiet)?.[1] ?? 0);
  const isQuiet = (file: Buffer) =>
    names(quiet, file) || (unnamed > 0 && !shownFiles.has(title(shown(file))) && unnamed-- > 0);
  const files = filesOf(patch).filter(file => !isQuiet(file));
  const said = notices.filter(notice => notice !== quiet);
  return { cut: said.length > 0, ...compareSections(sections, files, said.join('\n')) };
}

function compareSections(
  sections: readonly string[],
  files: readonly Buffer[],
  notice: string,
): Omit<Comparison, 'cut'> {
  let [at, missing, whole, exact] = [0, 0, 0, 0];
  const found = (difference?: string) => ({
    files: whole,
    exact,
    ...(difference === undefined ? {} : { difference }),
  });
  for (const [index, section] of sections.entries()) {
    let file = files[at];
    for (; file && notice !== '' && !startsLike(section, file); file = files[++at])
      missing += linesIn([file]);
    if (!file) return found(`section ${index + 1} shows a file that git does not print`);
    const [text, cut] = withoutCut(section);
    if (cut === undefined && section === shown(file)) {
      whole++;
      if (Buffer.from(`${section}\n`).equals(withShortNames(file))) exact++;
    } else {
      const isLast = index === sections.length - 1;
      const kept = cut === undefined && !isLast ? undefined : linesKept(text, file);
      if (kept === undefined) return found(`file ${at + 1} differs: ${firstDifference(text, file)}`);
      const lost = linesIn([file]) - kept;
      if (cut !== undefined && lost !== cut)
        return found(`${lost} lines of file ${at + 1} are missing, and it says ${cut}`);
      missing += lost;
    }
    at++;
  }
  missing += linesIn(files.slice(at));
  const said = Number(/: (\d+) lines? \(/.exec(notice)?.[1] ?? 0);
  if (missing === 0 && notice !== '') return found(`all is shown, and yet it says: ${notice}`);
  if (said === missing) return found();
  return found(`${missing} lines are missing, and it says: ${notice || 'nothing'}`);
}

const CUT = /\n\[This file is cut here\. Not shown: (\d+) lines? \([^\n]*\]$/;

/** A section without the line that says that it is cut, and how many lines that says are missing. */
function withoutCut(section: string): [text: string, missing: number | undefined] {
  const [line, count] = CUT.exec(section) ?? [];
  return line === undefined ? [section, undefined] : [section.slice(0, -line.length), Number(count)];
}

/** True where a section is of this file. */
function startsLike(section: string, file: Buffer): boolean {
  return title(shown(file)) === title(section);
}

/** A line before a file's own first one, which says that it is not UTF-8. */
const CHARSET = /^\[This file is [^\n]*\n/;

/** The line that names the file. */
function title(section: string): string {
  return section.replace(CHARSET, '').split('\n', 1)[0] as string;
}

function names(quiet: string, file: Buffer): boolean {
  return quiet !== '' && quiet.includes(`\n   ${visibleLine(decode(pathOfDiff(headOfDiff(file))))} (`);
}

const RULE = '-'.repeat(70);

/** The sections of a mail's diff, each without its rule, and what follows them. */
function partsOf(text: string): { readonly sections: string[]; readonly notices: string[] } {
  // Lines of a diff start with a sign or with git's own words: the last line of this kind is the mail's.
  const head = text.lastIndexOf('\nCommitted: ');
  const [, ...blocks] = text.slice(head).split(/\n\n+/);
  const [, ...behind] = blocks;
  const opening = `${RULE}\n`;
  const sections = behind
    .filter(block => block.startsWith(opening))
    .map(block => block.slice(RULE.length + 1));
  return {
    sections: sections.map(section => section.replace(/\n$/, '')),
    notices: behind.filter(block => block.startsWith('[')),
  };
}

const NEXT_FILE = Buffer.from('\ndiff --');

/** Cuts a patch into the parts of its files: lines of content start with a sign, never with `diff`. */
function filesOf(patch: Buffer): Buffer[] {
  const files: Buffer[] = [];
  let start = patch.indexOf('diff --');
  while (start >= 0) {
    const next = patch.indexOf(NEXT_FILE, start);
    files.push(patch.subarray(start, next < 0 ? patch.length : next + 1));
    start = next < 0 ? -1 : next + 1;
  }
  return files;
}

/** A file's part of a diff as a mail has to show it, without its last line end. */
function shown(file: Buffer): string {
  return visibleDiff(withShortNames(file)).replace(/\n$/, '');
}

/** Object names on the index line cut to 7 digits. */
function withShortNames(file: Buffer): Buffer {
  const start = file.indexOf('\nindex ') + 1;
  if (start === 0) return file;
  const line = file.toString('latin1', start, file.indexOf(0x0a, start));
  const short = line.replace(/[0-9a-f]{40,}/g, id => id.slice(0, 7));
  return Buffer.concat([
    file.subarray(0, start),
    Buffer.from(short, 'latin1'),
    file.subarray(start + line.length),
  ]);
}

/**
 * How many whole lines of a file a section shows that is cut at its end; undefined if it shows anything else. What charset it has is
 * said of what is shown.
 */
function linesKept(section: string, file: Buffer): number | undefined {
  const count = section.replace(CHARSET, '').split('\n').length;
  if (shown(firstLines(file, count)) === section) return count;
  // A very long line may be cut inside.
  return shown(firstLines(file, count)).startsWith(section) ? count - 1 : undefined;
}

function firstLines(file: Buffer, count: number): Buffer {
  let at = 0;
  for (let line = 0; line < count; line++) {
    const end = file.indexOf(0x0a, at);
    if (end < 0) return file;
    at = end + 1;
  }
  return file.subarray(0, at);
}

function linesIn(files: readonly Buffer[]): number {
  let lines = 0;
  for (const file of files) for (const byte of file) if (byte === 0x0a) lines++;
  return lines;
}

function firstDifference(section: string | undefined, file: Buffer): string {
  const [mail, git] = [(section ?? '').split('\n'), shown(file).split('\n')];
  const at = mail.findIndex((line, index) => line !== git[index]);
  const line = at < 0 ? mail.length : at;
  const word = (text: string | undefined) =>
    text === undefined ? 'nothing' : JSON.stringify(text.slice(0, 120));
  return `line ${line + 1} is ${word(mail[line])}, git has ${word(git[line])}`;
}
