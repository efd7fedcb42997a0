import type {
  Commit,
  FileDiff,
  Ident,
  Loss,
  Missing,
  NotedObjects,
  QuietFiles,
  QuietReason,
  SignatureCheck,
  SubmoduleMove,
} from '../model/commit.ts';
import type { CommitContent } from '../model/content.ts';
import type { Links } from '../model/links.ts';
import { counted } from '../model/numbers.ts';
import { remembered } from '../model/remembered.ts';
import { decode, decodeLines } from '../model/text.ts';
import { commitLink, fileLink } from './links.ts';
import { id7, id9, LABEL } from './preamble.ts';
import { statRows } from './stat-rows.ts';
import { typedRef } from './styles.ts';
import type { RenderContext } from './templates.ts';
import { shortLine, visible, visibleLine } from './visible.ts';
import { visibleDiff } from './visible-diff.ts';

/** What the template of a commit mail gets, besides the preamble. */
export function commitValues(
  { notice, commit, part, patch, revision }: CommitContent,
  { config, links }: RenderContext,
) {
  const { oversize } = config;
  const message = visible(commit.message).trim() === '' ? NO_MESSAGE : visible(commit.message);
  const people = identValues(commit);
  const stat = statText(commit);
  const { rows, total } = statRows(stat);
  const diffs = diffTexts(commit.files);
  return {
    // The first part of several has all that a commit's only mail has, the others have files alone.
    continued: part !== undefined && part.number > 1,
    part: part ?? null,
    message,
    messageLines: message.split('\n'),
    messageLost: commit.messageLost ? lossText(commit.messageLost) : null,
    links: commitLinks(links, commit.id),
    page: commitLink(links, commit.id),
    refLabel: LABEL[notice.change.kind],
    ref: visibleLine(notice.change.ref),
    ...typedRef(notice.change),
    combined: notice.story ? { subject: shortLine(commit.subject) || NO_MESSAGE } : null,
    id: commit.id,
    shortId: id9(commit.id),
    id7: id7(commit.id),
    parents: commit.parents.map(id7).join(' '),
    isMerge: commit.parents.length > 1,
    ...people,
    isSameDate: people.authored === people.committed,
    isSamePerson: people.author === people.committer,
    revision: revision === undefined ? null : shortLine(revision),
    noted: commit.noted ? notedText(commit.noted) : null,
    signature: commit.signature ? signatureText(commit.signature) : null,
    stat,
    total,
    rows: rows.map(row => ({ ...row, figure: row.figure?.replace(' → ', ' -> ') ?? null })),
    statLost: commit.statLost ?? null,
    files: commit.files.map((file, at) => ({
      link: fileLink(links, commit, file),
      diff: diffs[at] as string,
      lost: file.lost ? lossText(file.lost).amount : null,
      submodule: file.submodule ? submoduleValues(file.submodule) : null,
    })),
    quiet: commit.quiet ? quietText(commit.quiet) : null,
    unjudged: commit.unjudged ?? false,
    missing: commit.missing && !patch ? missingText(commit.missing) : null,
    withoutDiff: commit.files.length === 0 && oversize === 'stat',
    patch: patch ? patchName(commit) : null,
    failure: commit.failure === undefined ? null : visibleLine(commit.failure),
  };
}

/** In place of one that git cannot read, such as any before 1970. */
const NO_DATE = '(no date)';

const NO_MESSAGE = '(no message)';

function identValues({ author, committer }: Commit) {
  return {
    author: person(author),
    authored: visibleLine(author.date) || NO_DATE,
    committer: person(committer),
    committed: visibleLine(committer.date) || NO_DATE,
  };
}

function person({ name, email }: Ident): string {
  if (name === '' && email === '') return '(unknown)';
  return visibleLine(`${name} <${email}>`);
}

function notedText({ objects, more }: NotedObjects) {
  const words = (type: string) => (type === 'missing' ? '(not in this repository)' : `(${type})`);
  return {
    objects: objects.map(({ id, type, subject }) => ({
      shortId: id9(id),
      subject: shortLine(subject ?? words(type)) || NO_MESSAGE,
    })),
    more,
  };
}

/** The stat without its last LF; lines that it lacks are counted above its last line. */
function statText({ stat, statLost }: Commit): string {
  const text = visible(decodeLines(stat)).trimEnd();
  if (statLost === undefined) return text;
  const summary = text.lastIndexOf('\n') + 1;
  return `${text.slice(0, summary)} ... and ${counted(statLost, 'more file')}\n${text.slice(summary)}`;
}

/** `12 lines (345 bytes)` */
function lossText({ lines, bytes }: Loss) {
  return { amount: `${counted(lines, 'line')} (${counted(bytes, 'byte')})` };
}

function missingText(missing: Missing) {
  const files = (word: string) => (missing.files > 0 ? counted(missing.files, word) : null);
  return { ...lossText(missing), files: files('file'), wholeFiles: files('whole file') };
}

/** Where a browser shows a commit. */
function commitLinks(links: Links | undefined, id: string) {
  const [project, commit] = [commitLink(links, id, 'project'), commitLink(links, id)];
  if (!project && !commit) return null;
  return { project, commit, tree: commitLink(links, id, 'tree'), diff: commitLink(links, id, 'diff') };
}

const STATES: Readonly<Record<SignatureCheck['state'], string>> = {
  good: 'good',
  untrusted: 'good, by a key that is not known to be theirs',
  bad: 'BAD',
  expired: 'good, but it or its key has expired',
  revoked: 'good, but its key was revoked',
};

/** What a mail says of a signature, on one line. */
export function signatureText({ state, signer }: SignatureCheck): string {
  return signer === '' ? STATES[state] : visibleLine(`${STATES[state]} (${signer})`);
}

const QUIET: Readonly<Record<QuietReason, string>> = {
  setting: 'refpost.quietPaths',
  attribute: '.gitattributes',
  lfs: 'Git LFS',
};

function quietText({ named, more }: QuietFiles) {
  return {
    files: named.map(({ path, reason }) => ({ path: visibleLine(decode(path)), reason: QUIET[reason] })),
    more,
  };
}

/** `>` and `<`, as git-submodule(1) has them. */
function submoduleValues({ commits, more }: SubmoduleMove) {
  return {
    commits: commits.map(({ change, subject }) => ({
      sign: change === 'added' ? '>' : '<',
      subject: shortLine(subject) || NO_MESSAGE,
    })),
    more: more === undefined ? 'many' : more,
  };
}

/** The name of the file that is attached: that of the commit. */
export function patchName(commit: Commit): string {
  return `${id9(commit.id)}.patch`;
}

/**
 * The diffs of a commit as text and HTML show them, made once for both. Not for each file by a WeakMap: V8 keeps its values until it looks through all
 * memory (bench, set `memory`).
 */
const diffTexts = remembered(1, (files: readonly FileDiff[]) => files.map(diffText));

/** One file's diff, object names on its index line (`index 1f2e…..3d4c… 100644`) cut to 7 digits, without the last LF. */
function diffText({ text }: FileDiff): string {
  return visibleDiff(text)
    .replace(/^index [0-9a-f.,]+/m, line => line.replace(/[0-9a-f]{8,}/g, id7))
    .replace(/\n$/, '');
}
