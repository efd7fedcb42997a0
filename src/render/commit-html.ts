import type { Commit } from '../model/commit.ts';
import type { CommitContent } from '../model/content.ts';
import { decode } from '../model/text.ts';
import { commitValues } from './commit-text.ts';
import { type HunkLook, hunksHtml } from './hunk-html.ts';
import { headWords, nameBefore, parseHunks, startOf } from './hunks.ts';
import { fileLink } from './links.ts';
import { shortRef } from './preamble.ts';
import { type Prose, proseOf } from './prose.ts';
import { isNameOf, type StatRow, statRows } from './stat-rows.ts';
import { titleOf } from './subject.ts';
import type { RenderContext } from './templates.ts';
import { shortLine, visible, visibleLine } from './visible.ts';

/** What the HTML template of a commit mail gets: what the text has, from which it differs in form alone, and that taken apart. */
export function commitHtmlValues(content: CommitContent, context: RenderContext, look: HunkLook) {
  const values = commitValues(content, context);
  const { commit, notice } = content;
  const files = commit.files.map((whole, at) => {
    const { path, lost } = whole;
    const { diff, ...file } = values.files[at] as (typeof values.files)[number];
    const hunks = parseHunks(diff);
    // Of a merge some parent has a line that another one has not: no figures.
    const isCounted = hunks.parents === 1 && lost === undefined && hunks.added + hunks.deleted > 0;
    const words = headWords(hunks);
    const version = words.includes('deleted') ? 'old' : 'new';
    const linkOf = (hunk: string) => {
      const link = fileLink(context.links, commit, whole, startOf(hunk, version));
      return link === file.link ? null : link;
    };
    return {
      ...file,
      anchor: `f${at + 1}`,
      path: visibleLine(decode(path)),
      from: nameBefore(hunks.head),
      words: words.join(', ') || null,
      added: isCounted ? hunks.added : null,
      deleted: isCounted ? hunks.deleted : null,
      notes: hunks.notes,
      hunks: hunks.runs.length > 0 ? hunksHtml(hunks.runs, hunks.parents > 1, look, linkOf) : null,
    };
  });
  const { rows } = statRows(values.stat);
  return {
    ...values,
    ...messageValues(commit, values.message),
    title: shortLine(titleOf(content, context)),
    branch: shortLine(shortRef(notice.change.ref)),
    rows: tableRows(rows, files, values.quiet?.files ?? []),
    files,
  };
}

/** The subject as a heading, and the rest; of one that cannot be told apart, all of it. */
function messageValues({ subject }: Commit, message: string): { heading: string } & Prose {
  const heading = visibleLine(subject) || '(no message)';
  const [first = '', ...rest] = message.trimStart().split(/\n[ \t]*(?:\n|$)/);
  const isSubject = bare(first) === bare(heading);
  return {
    heading: shortLine(heading, isSubject ? LONGEST : undefined),
    ...proseOf(isSubject ? rest.join('\n\n') : message),
  };
}

/** Characters of a subject in a heading. */
const LONGEST = 16_384;

function bare(text: string): string {
  return visible(text).replace(/\s/g, '');
}

interface Named {
  readonly path: string;
}

type Quiet = Named & { readonly reason: string };
type Shown = Named &
  Pick<StatRow, 'added' | 'deleted'> &
  Readonly<Record<'anchor' | 'from' | 'words', string | null>>;

/** The diffstat as a table: a row of it where its file is shown leads there, and says why where it is not. None for the one file that is shown whole. */
function tableRows(rows: readonly StatRow[], files: readonly Shown[], quiet: readonly Quiet[]) {
  if (rows.length === 1 && files.length === 1 && files[0]?.added !== null) return [];
  const [shown, strange] = filesOf(rows, files);
  return rows.map((row, at) => {
    // Names that git writes in quotes are told by their order.
    const hidden = quiet.find(({ path }) => isNameOf(row.name, path));
    const file = shown[at] ?? (isQuoted(row) ? strange.shift() : undefined);
    const { added, deleted, figure } = file && file.added !== null ? { ...file, figure: null } : row;
    return {
      name: file?.path ?? hidden?.path ?? row.name,
      from: file?.from ?? null,
      words: file?.words ?? null,
      anchor: file?.anchor ?? null,
      quiet: file ? null : (hidden?.reason ?? null),
      ...{ added, deleted, figure },
    };
  });
}

/** The file of each row, both being in git's order; and those of rows that cannot be read, if all rows have files. */
function filesOf(rows: readonly StatRow[], files: readonly Shown[]) {
  const left = [...files];
  const found = rows.map(({ name }) => {
    const at = left.findIndex(({ path }) => isNameOf(name, path));
    return at < 0 ? undefined : left.splice(at, 1)[0];
  });
  const unread = rows.filter((row, at) => !found[at] && isQuoted(row));
  return [found, unread.length === left.length ? left : []] as const;
}

function isQuoted({ name }: StatRow): boolean {
  return name.startsWith('"');
}
