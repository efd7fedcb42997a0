import { createHash } from 'node:crypto';
import type { Ident } from '../model/commit.ts';
import type { Content, Position } from '../model/content.ts';
import { pagePath } from '../model/page-path.ts';
import { inNamespace, isForced } from '../model/push.ts';
import type { PushPlan } from '../model/push-plan.ts';
import type { MAIL_WORDS, Words } from '../model/words.ts';
import { id9, shortRef, updateText } from './preamble.ts';
import { changesOf, counter, placeOf, titleOf } from './subject.ts';
import type { RenderContext } from './templates.ts';
import { shortLine, visibleLine } from './visible.ts';

/**
 * What words in settings stand for in a mail: visible text on one line, or ''. Each is made when it is asked for.
 * @param id the mail's Message-ID @param date of the mail, in milliseconds since 1970
 */
export function mailWords(
  plan: PushPlan,
  content: Content,
  position: Position,
  { id, date }: { readonly id: string; readonly date: number },
  context: RenderContext,
): Words {
  const { author, committer } = peopleOf(content, context);
  const { pusher } = context;
  const place = placeOf(content, position) ?? { number: 1, total: 1 };
  const changes = changesOf(content);
  const ref = changes[0]?.ref ?? '';
  const commit = 'commit' in content ? content.commit.id : (changes[0]?.new ?? '');
  const values: Readonly<Record<(typeof MAIL_WORDS)[number], () => string | undefined>> = {
    repository: () => context.repositoryName,
    host: () => context.host,
    audience: () => context.audience,
    ref: () => ref,
    branch: () => shortRef(inNamespace(ref).name),
    id: () => commit,
    shortId: () => id9(commit),
    push: () => pushTitle(plan),
    page: () => pagePath(listOf(context), date, id),
    messageId: () => id.replace(/[<>]/g, ''),
    subject: () => titleOf(content, context),
    what: () => ('commit' in content ? 'commit' : 'push'),
    counter: () => counter(content, position, context),
    number: () => String(place.number),
    total: () => String(place.total),
    revision: () => ('commit' in content ? content.revision : undefined),
    forced: () => (changes.some(isForced) ? '[Forced Update!]' : ''),
    'author.name': () => author?.name,
    'author.email': () => author?.email,
    'committer.name': () => committer?.name,
    'committer.email': () => committer?.email,
    'pusher.name': () => pusher?.name,
    'pusher.email': () => pusher?.email,
  };
  return word => (word in values ? shortLine(values[word as keyof typeof values]() ?? '') : undefined);
}

/** What an archive knows the mails of a list by. */
function listOf(context: RenderContext): string {
  const { listId: own, to } = context.config;
  return own === 'none' ? (to[0] ?? '') : (own ?? listId(context));
}

type Names = Pick<RenderContext, 'repositoryName' | 'host' | 'audience'>;

/** RFC 2919 section 2: 255 characters at most. */
const LIST_ID = 255;

/** A List-Id (RFC 2919) without its angle brackets. What a label cannot hold becomes a hyphen; a hash tells apart names that then are the same. */
export function listId({ repositoryName, host, audience }: Names): string {
  const plain = repositoryName.replace(/[^\w.-]+/g, '-').replace(/\.{2,}/g, '.');
  const hash = createHash('sha256').update(repositoryName).digest('hex').slice(0, 8);
  const label = /^[\w./-]+$/.test(repositoryName) ? plain : `${hash}-${plain}`;
  const start = audience === '' ? '' : `${audience}.`;
  const room = LIST_ID - start.length - 1 - host.length;
  return `${start}${label.slice(0, room).replace(/^[.-]+|[.-]+$/g, '') || hash}.${host}`;
}

type Person = Pick<Ident, 'name'> & { readonly email?: string };

/** Who made what a mail is about: the commit's author and committer; of refs, the one tagger of their tags, or who pushed. */
export function peopleOf(content: Content, { pusher }: Pick<RenderContext, 'pusher'>) {
  if ('commit' in content) return content.commit;
  const person: Person | undefined = tagger(content) ?? pusher;
  return { author: person, committer: person };
}

/** Who made all of the tags that a mail is about. */
function tagger(content: Content): Ident | undefined {
  const taggers = 'tags' in content ? [...content.tags.values()].map(({ tag }) => tag.tagger) : [];
  return taggers.every(each => each?.email === taggers[0]?.email) ? taggers[0] : undefined;
}

/** The same in each mail of a push: `main c34f23e16 -> 7dbb70572 and 2 more refs`. */
export function pushTitle({ changes: [first, ...others] }: PushPlan): string {
  if (!first) return '';
  const { name } = inNamespace(first.ref);
  const more = others.length === 0 ? '' : ` and ${others.length} more ref${others.length > 1 ? 's' : ''}`;
  return visibleLine(updateText(first, shortLine(shortRef(name), 80)) + more);
}
