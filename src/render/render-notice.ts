import type { Content, Position } from '../model/content.ts';
import type { Mail } from '../model/mail.ts';
import type { RefChange } from '../model/push.ts';
import type { PushPlan } from '../model/push-plan.ts';
import { commitText, patchName } from './commit-text.ts';
import type { RenderContext } from './context.ts';
import { digestText } from './digest-text.ts';
import { listId, messageId } from './message-id.ts';
import { fromAddress, pusherText, replyToAddress } from './people.ts';
import { roomFor } from './preamble.ts';
import { changesOf, subject } from './subject.ts';
import { summaryText } from './summary-text.ts';
import { visibleLine } from './visible.ts';

/** Renders one mail of a push. Pure. */
export function renderNotice(
  plan: PushPlan,
  content: Content,
  position: Position,
  context: RenderContext,
): Mail {
  return frame(plan, content, position, textOf(plan, content, position, context), context);
}

function textOf(plan: PushPlan, content: Content, position: Position, context: RenderContext): string {
  if ('commit' in content) return commitText(plan, content, position, context);
  if ('tags' in content) return summaryText(plan, content, position, context);
  return digestText(plan, content, position, context);
}

/** Puts a body into its mail: addresses, subject, thread and the headers that people filter by. */
function frame(
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
    subject: subject(content, position, context),
    date: dateOf(plan.push.time, position),
    headers: headers(content, context),
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

/** A second apart, so that readers that sort by date keep the order; the last one is at the time of the push. */
function dateOf(pushed: number, position: Position): number {
  return Math.floor(pushed / 1000 - (position.total - position.number)) * 1000;
}

function headers(content: Content, context: RenderContext): [string, string][] {
  const { config, repositoryName, pusher } = context;
  const changes = changesOf(content);
  const named = changes.slice(0, Math.min(MOST_NAMED, roomFor(changes, config.maxSize / 10)));
  const rev = 'commit' in content ? content.commit.id : (changes[0]?.new ?? '');
  return [
    ['List-Id', config.listId === 'none' ? '' : `<${config.listId ?? listId(context)}>`],
    ['X-Git-Repo', visibleLine(repositoryName)],
    ...named.flatMap(change => refHeaders(change)),
    ['X-Git-Rev', rev],
    ['X-Git-Pusher', pusher ? pusherText(pusher) : ''],
    ['Auto-Submitted', 'auto-generated'],
    ['Precedence', 'list'],
  ];
}

/** Refs that a header names: some servers take no header over 32 kB. */
const MOST_NAMED = 20;

function refHeaders(change: RefChange): [string, string][] {
  return [
    ['X-Git-Refname', visibleLine(change.ref)],
    ['X-Git-Oldrev', change.old],
    ['X-Git-Newrev', change.new],
  ];
}
