import type { Content, Position } from '../model/content.ts';
import type { Mail } from '../model/mail.ts';
import type { PushPlan } from '../model/push-plan.ts';
import { isForced, type RefChange } from '../model/ref-change.ts';
import { patchName } from './commit-text.ts';
import type { RenderContext } from './context.ts';
import { messageId } from './message-id.ts';
import { fromAddress, replyToAddress } from './people.ts';
import { shortLine } from './short-line.ts';
import { visibleLine } from './visible.ts';

/** Puts a body into its mail: addresses, subject, thread and the headers that people filter by. */
export function frame(
  plan: PushPlan,
  content: Content,
  position: Position,
  text: string,
  context: RenderContext,
): Mail {
  const { config } = context;
  const from = fromAddress(content, context);
  const replyTo = replyToAddress(content, context);
  return {
    envelope: { from: config.envelopeFrom ?? from.address, to: config.to },
    messageId: messageId(plan.push, subjectMatter(content), context),
    ...(position.number > 1 ? { inReplyTo: messageId(plan.push, opening(plan), context) } : {}),
    from,
    to: config.to,
    ...(replyTo ? { replyTo } : {}),
    subject: subject(content, position, context, plan),
    date: dateOf(plan.push.time, position),
    headers: headers(plan, content, context),
    text,
    ...attached(content),
  };
}

/** What a mail is about, the same whenever it is made: its Message-ID follows from it. */
function subjectMatter(content: Content): string {
  if (!('commit' in content)) return content.notice.kind;
  const { commit, part } = content;
  return part && part.number > 1 ? `${commit.id} part ${part.number}` : commit.id;
}

function attached(content: Content): Pick<Mail, 'attachment'> {
  if (!('commit' in content) || !content.patch) return {};
  return { attachment: { name: patchName(content.commit), type: 'text/x-patch', bytes: content.patch } };
}

/** What the first mail of the push is about: its Message-ID starts the thread. */
function opening(plan: PushPlan): string {
  const first = plan.notices[0];
  return first?.kind === 'commit' ? first.commit : (first?.kind ?? '');
}

function subject(content: Content, position: Position, context: RenderContext, plan: PushPlan): string {
  const width = String(position.total).length;
  const values = {
    counter: position.total > 1 ? `[${String(position.number).padStart(width, '0')}/${position.total}] ` : '',
    number: position.number,
    total: position.total,
    repository: context.repositoryName,
    forced: 'commit' in content ? isForced(content.notice.change) : plan.changes.some(isForced),
    ref: 'commit' in content ? content.notice.change.ref : (plan.changes[0]?.ref ?? ''),
    subject: shortLine(titleOf(content)),
  };
  return visibleLine(context.templates('subject', values));
}

/** In place of what a commit does not say. */
const NO_MESSAGE = '(no message)';

function titleOf(content: Content): string {
  if ('commit' in content) return visibleLine(content.commit.subject) || NO_MESSAGE;
  if (content.notice.kind === 'summary') return 'Git Push Summary';
  return `Git Push Digest of ${content.notice.count} commits`;
}

/** A second apart, so that readers that sort by date keep the order; the last one is at the time of the push. */
function dateOf(pushed: number, position: Position): number {
  return Math.floor(pushed / 1000 - (position.total - position.number)) * 1000;
}

function headers(plan: PushPlan, content: Content, context: RenderContext): [string, string][] {
  const change: RefChange | undefined = 'commit' in content ? content.notice.change : plan.changes[0];
  const { listId } = context.config;
  return [
    ...(listId === undefined ? [] : [['List-Id', `<${listId}>`] as [string, string]]),
    ['X-Git-Repo', visibleLine(context.repositoryName)],
    ['X-Git-Refname', visibleLine(change?.ref ?? '')],
    ['X-Git-Oldrev', change?.old ?? ''],
    ['X-Git-Newrev', change?.new ?? ''],
    ['X-Git-Rev', 'commit' in content ? content.commit.id : (change?.new ?? '')],
    ['Auto-Submitted', 'auto-generated'],
    ['Precedence', 'bulk'],
  ];
}
