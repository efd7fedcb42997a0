import { createHash } from 'node:crypto';
import type { Content, Position } from '../model/content.ts';
import { isOfRef, noticeName } from '../model/edition.ts';
import type { OMITTABLE } from '../model/header-fields.ts';
import type { Mail } from '../model/mail.ts';
import type { Push } from '../model/push.ts';
import type { Notice, PushPlan } from '../model/push-plan.ts';
import { filledIn, type Words } from '../model/words.ts';
import { commitValues, patchName } from './commit-text.ts';
import { headers, threadFields } from './headers.ts';
import { mailWords } from './mail-words.ts';
import { answered, senders } from './people.ts';
import { preamble } from './preamble.ts';
import { digestValues, summaryValues } from './push-text.ts';
import { subject } from './subject.ts';
import type { RenderContext } from './templates.ts';
import { visible } from './visible.ts';

/** What is made once for all audiences that have it in the same words. */
export type Written = Pick<Mail, 'text' | 'html'>;

/**
 * Renders one mail of a push: its text, and around it addresses, subject, thread and the headers that people filter by. Pure.
 * @param written its text and HTML, where another audience has them already; else it has no HTML
 */
export function renderNotice(
  plan: PushPlan,
  content: Content,
  position: Position,
  context: RenderContext,
  written?: Written,
): Mail {
  const { config } = context;
  const text = written?.text ?? textOf(plan, content, position, context);
  const part = 'commit' in content ? content.part : undefined;
  const id = noticeId(plan, content.notice, context, part);
  const thread = threadId(plan, content.notice, context);
  // A second apart, so that readers that sort by date keep the order; the last one is at the time of the push.
  const date = Math.floor(plan.push.time / 1000 - (position.total - position.number)) * 1000;
  const words = mailWords(plan, content, position, { id, date }, context);
  const { from, sender } = senders(content, words, context);
  const has = (name: (typeof OMITTABLE)[number]) => !config.omitHeader.includes(name);
  const replyTo = has('Reply-To') ? answered(content, context) : [];
  const patch = 'commit' in content &&
    content.patch && { name: patchName(content.commit), bytes: content.patch };
  const index = config.threadIndex
    ? threadFields(plan, thread, date, numberInThread(content.notice, position))
    : [];
  return {
    envelope: { from: config.envelopeFrom ?? (sender ?? from).address, to: config.to },
    messageId: id,
    ...(id === thread ? {} : { inReplyTo: thread }),
    from,
    ...(sender && has('Sender') ? { sender } : {}),
    to: config.to,
    ...(replyTo.length > 0 ? { replyTo } : {}),
    subject: has('Subject') ? subject(content, position, words, context) : '',
    date,
    headers: headers(content, words, index, context),
    text,
    ...(written?.html === undefined ? {} : { html: written.html }),
    ...(config.footer === undefined ? {} : { footer: footerText(config.footer, words) }),
    ...(patch && { attachment: { ...patch, type: 'text/x-patch' } }),
  };
}

function textOf(plan: PushPlan, content: Content, position: Position, context: RenderContext): string {
  // Not { ...one, ...other }: V8 makes a shape for each name that is added after a spread, each time (bench, set `memory`).
  const values = Object.assign(preamble(plan, position, context), valuesOf(content, context));
  return context.templates(content.notice.kind, values);
}

function valuesOf(content: Content, context: RenderContext): object {
  if ('commit' in content) return commitValues(content, context);
  return 'tags' in content ? summaryValues(content, context) : digestValues(content, context);
}

/** Its words have no line ends. */
function footerText(footer: string, words: Words): string {
  return visible(filledIn(footer, words));
}

/** The Message-ID of the mail of a notice, or of the first one where it makes several. */
export function noticeId(plan: PushPlan, notice: Notice, names: Names, part?: Position): string {
  return matterId(plan, noticeName(notice), names, part);
}

/** That of the mail that starts the thread: of its ref, where each has its own, or else of the push. */
function threadId(plan: PushPlan, notice: Notice, names: Names): string {
  if (notice.kind === 'commit' && notice.place) return matterId(plan, notice.place.thread, names);
  return noticeId(plan, isOfRef(notice) ? notice : (plan.notices[0] ?? notice), names);
}

/** Its first mail is 1. */
function numberInThread(notice: Notice, position: Position): number {
  if (isOfRef(notice)) return 1;
  if (notice.kind !== 'commit' || !notice.place) return position.number;
  return notice.place.number + (notice.place.thread === notice.commit ? 0 : 1);
}

/** What a mail is about is the same whenever it is made. */
function matterId(plan: PushPlan, name: string, names: Names, part?: Position): string {
  const matter = part && part.number > 1 ? `${name} part ${part.number}` : name;
  return messageId(plan.push, plan.share === undefined ? matter : `${matter} share ${plan.share}`, names);
}

type Names = Pick<RenderContext, 'repositoryName' | 'host'> & { readonly audience?: string };

/** The same however often a push is expanded. A push is known by its id; what a person asks `notify` for, by the values named and the repository. */
export function messageId(push: Push, what: string, { repositoryName, host, audience }: Names): string {
  const identity = push.kind === 'notify' ? askedOf(push) : push.id;
  const hash = createHash('sha256')
    .update([repositoryName, identity, what, ...(audience ? [audience] : [])].join('\0'))
    .digest('hex');
  return `<${hash.slice(0, 32)}@${host}>`;
}

function askedOf({ updates, identity }: Push): string {
  const asked = updates.map(update => `${update.old} ${update.new} ${update.ref}`);
  return (identity ? [...asked, identity] : asked).join('\n');
}
