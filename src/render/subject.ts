import type { Content, Position } from '../model/content.ts';
import { isOfRef } from '../model/edition.ts';
import { counted } from '../model/numbers.ts';
import { inNamespace, isForced, type RefChange, type RefMove } from '../model/push.ts';
import { type DigestGroup, MOST_KEPT, type RefStory } from '../model/push-plan.ts';
import { filledIn, type Words } from '../model/words.ts';
import { styles } from './styles.ts';
import type { RenderContext } from './templates.ts';
import { shortLine, visibleLine } from './visible.ts';

/** The refs that a mail is about, the most important first: the one that carries its commit, or those that it tells of. */
export function changesOf({ notice }: Content): RefChange[] {
  if (notice.kind === 'commit') return [notice.change];
  const told = notice.kind === 'digest' ? notice.groups : notice.stories.toSorted(byWeight);
  return told.map(({ change }) => change);
}

/** `refpost.subject`, else by the template. */
export function subject(content: Content, position: Position, words: Words, context: RenderContext): string {
  const { subject: pattern } = context.config;
  const filled = pattern === undefined ? '' : shortLine(filledIn(pattern, words), LONGEST);
  if (filled !== '') return filled;
  const changes = changesOf(content);
  const count = counter(content, position, context);
  const { number, total } = placeOf(content, position) ?? { number: 1, total: 1 };
  return shortLine(
    context.templates('subject', {
      counter: count === '' ? '' : `${count} `,
      number,
      total,
      repository: context.repositoryName,
      what: 'commit' in content ? 'commit' : 'push',
      isCommit: 'commit' in content,
      forced: changes.some(isForced),
      ref: changes[0]?.ref ?? '',
      subject: shortLine(titleOf(content, context)),
      part: ('commit' in content && content.part) || null,
    }),
    LONGEST,
  );
}

/** Characters of a subject: one with more is suspicious to filters (rspamd: 1.5 to 3 points). */
const LONGEST = 200;

type Styled = { readonly config: Pick<RenderContext['config'], 'style'> };

/** `[1/4]`, by the style: where the mail is among those of its push or, where each ref has a thread of its own, of its ref. */
export function counter(content: Content, position: Position, { config }: Styled): string {
  const place = placeOf(content, position);
  return place ? styles[config.style].counter(place, content) : '';
}

/** What a mail is counted by; undefined for one that is about a whole ref. */
export function placeOf({ notice }: Content, position: Position): Position | undefined {
  if (isOfRef(notice)) return undefined;
  return (notice.kind === 'commit' && notice.place) || position;
}

/** The commit's subject, or what happened. */
export function titleOf(content: Content, { config }: Styled): string {
  const title = styles[config.style].title(content);
  if (title !== undefined) return title;
  if ('commit' in content) return visibleLine(content.commit.subject) || '(no message)';
  const { notice } = content;
  return notice.kind === 'summary' ? summaryTitle(notice.stories) : digestTitle(notice.count, notice.groups);
}

/** `73 new commits on branch main and 2 more refs` */
function digestTitle(count: number, [first, ...others]: readonly DigestGroup[]): string {
  const more = others.length > 0 ? ` and ${counted(others.length, 'more ref')}` : '';
  return `${counted(count, 'new commit')}${first ? ` on ${refTitle(first.change.ref)}${more}` : ''}`;
}

/** Refs that a subject names. */
const NAMED = 3;

/** `tag 1.5.1 created`, or `4 refs changed: branch topic deleted (2 commits lost), tag 1.5.1 created, ...` */
function summaryTitle(stories: readonly RefStory[]): string {
  const phrases = stories.toSorted(byWeight).slice(0, NAMED).map(phrase);
  if (stories.length > NAMED) phrases.push('...');
  return `${stories.length > 1 ? `${stories.length} refs changed: ` : ''}${phrases.join(', ')}`;
}

const WEIGHT: readonly RefMove[] = ['deleted', 'forced', 'rewound', 'created', 'updated'];

/** What lost commits first, then what people can least undo. */
function byWeight(a: RefStory, b: RefStory): number {
  const losing = Number(b.lost.length > 0) - Number(a.lost.length > 0);
  return losing || WEIGHT.indexOf(a.change.move) - WEIGHT.indexOf(b.change.move);
}

function phrase({ change: { ref, move, kind }, lost, kept }: RefStory): string {
  const gone = lost.length + kept.length;
  const loss = lost.length > 0 ? ` (${counted(lost.length, 'commit')} lost)` : '';
  if (move === 'rewound' && kind !== 'tag' && gone > 0) {
    return `${refTitle(ref)} rewound by ${kept.length < MOST_KEPT ? counted(gone, 'commit') : `${gone} or more commits`}`;
  }
  const moved = kind === 'tag' && move !== 'created' && move !== 'deleted';
  return `${refTitle(ref)} ${moved ? 'moved' : move}${loss}`;
}

/** Characters of a ref's name in a subject. */
const NAME = 80;
const TITLE: Readonly<Record<string, string>> = { heads: 'branch', tags: 'tag', notes: 'notes' };

/** `branch topic`, `tag 1.5.1`, `notes commits`, `ref refs/meta/config`; `branch main of namespace bob`. */
function refTitle(ref: string): string {
  const { namespace, name } = inNamespace(ref);
  const [, folder = '', short] = /^refs\/(heads|tags|notes)\/(.+)$/s.exec(name) ?? [];
  const title = `${TITLE[folder] ?? 'ref'} ${shortLine(short ?? name, NAME)}`;
  return namespace === '' ? title : `${title} of namespace ${shortLine(namespace, NAME)}`;
}
