import type { Commit, FileDiff, Signature } from '../model/commit.ts';
import type { Notice, PushPlan } from '../model/push-plan.ts';
import type { RefKind } from '../model/ref-change.ts';
import { decode } from '../model/text.ts';
import type { Place } from '../model/told.ts';
import type { RenderContext } from './context.ts';
import { id7, id9 } from './ids.ts';
import { blobLink, commitLinks } from './links.ts';
import { preamble } from './preamble.ts';
import { visible, visibleLine } from './visible.ts';

/** The body of a commit mail. */
export function commitText(
  plan: PushPlan,
  notice: Extract<Notice, { kind: 'commit' }>,
  commit: Commit,
  place: Place,
  context: RenderContext,
): string {
  const base = context.config.linkBase;
  return context.templates('commit', {
    repository: visibleLine(context.repositoryName),
    opening: place.number === 1,
    ...preamble(plan.changes),
    message: visible(commit.message),
    links: base ? commitLinks(base, commit) : null,
    refLabel: LABEL[notice.change.kind],
    ref: visibleLine(notice.change.ref),
    id: commit.id,
    shortId: id9(commit.id),
    parents: commit.parents.map(id7).join(' '),
    author: person(commit.author),
    authored: visibleLine(commit.author.date),
    committer: person(commit.committer),
    committed: visibleLine(commit.committer.date),
    stat: visible(decode(commit.stat)).trimEnd(),
    files: commit.files.map(file => ({
      link: base ? blobLink(base, commit, file.path) : null,
      diff: diffText(file),
    })),
    missing: commit.missing ?? null,
    failure: commit.failure === undefined ? null : visibleLine(commit.failure),
  });
}

const LABEL: Readonly<Record<RefKind, string>> = { branch: 'Branch', tag: 'Tag', other: 'Ref' };

function person(signature: Signature): string {
  return visibleLine(`${signature.name} <${signature.email}>`);
}

/** One file's diff, object names on its index line (`index 1f2e…..3d4c… 100644`) cut to 7 digits, without the last LF. */
function diffText(file: FileDiff): string {
  return visible(decode(file.text))
    .replace(/^index [0-9a-f.,]+/m, line => line.replace(/[0-9a-f]{8,}/g, id7))
    .replace(/\n$/, '');
}
