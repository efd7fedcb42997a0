import type { Mail } from '../model/mail.ts';
import type { PushPlan } from '../model/push-plan.ts';
import { isForced, type RefChange } from '../model/ref-change.ts';
import type { Place, Told } from '../model/told.ts';
import { patchName } from './commit-text.ts';
import type { RenderContext } from './context.ts';
import { messageId } from './message-id.ts';
import { fromAddress, replyToAddress } from './people.ts';
import { shortLine } from './short-line.ts';
import { visibleLine } from './visible.ts';

/** Puts a body into its mail: addresses, subject, thread and the headers that people filter by. */
export function frame(plan: PushPlan, told: Told, place: Place, text: string, context: RenderContext): Mail {
  const { config } = context;
  const from = fromAddress(told, context);
  const replyTo = replyToAddress(told, context);
  return {
    envelope: { from: config.envelopeFrom ?? from.address, to: config.to },
    messageId: messageId(plan.push, subjectMatter(told), context),
    ...(place.number > 1 ? { inReplyTo: messageId(plan.push, opening(plan), context) } : {}),
    from,
    to: config.to,
    ...(replyTo ? { replyTo } : {}),
    subject: subject(told, place, context, plan),
    date: dateOf(plan.push.time, place),
    headers: headers(plan, told, context),
    text,
    ...attached(told),
  };
}

/** What a mail is about, the same whenever it is made: its Message-ID follows from it. */
function subjectMatter(told: Told): string {
  if (!('commit' in told)) return told.notice.kind;
  const { commit, part } = told;
  return part && part.number > 1 ? `${commit.id} part ${part.number}` : commit.id;
}

function attached(told: Told): Pick<Mail, 'attachment'> {
  if (!('commit' in told) || !told.patch) return {};
  return { attachment: { name: patchName(told.commit), type: 'text/x-patch', bytes: told.patch } };
}

/** What the first mail of the push is about: its Message-ID starts the thread. */
function opening(plan: PushPlan): string {
  const first = plan.notices[0];
  return first?.kind === 'commit' ? first.commit : (first?.kind ?? '');
}

function subject(told: Told, place: Place, context: RenderContext, plan: PushPlan): string {
  const width = String(place.total).length;
  const values = {
    counter: place.total > 1 ? `[${String(place.number).padStart(width, '0')}/${place.total}] ` : '',
    number: place.number,
    total: place.total,
    repository: context.repositoryName,
    forced: 'commit' in told ? isForced(told.notice.change) : plan.changes.some(isForced),
    ref: 'commit' in told ? told.notice.change.ref : (plan.changes[0]?.ref ?? ''),
    subject: shortLine(titleOf(told)),
  };
  return visibleLine(context.templates('subject', values));
}

/** In place of what a commit does not say. */
const NO_MESSAGE = '(no message)';

function titleOf(told: Told): string {
  if ('commit' in told) return visibleLine(told.commit.subject) || NO_MESSAGE;
  if (told.notice.kind === 'summary') return 'Git Push Summary';
  return `Git Push Digest of ${told.notice.count} commits`;
}

/** A second apart, so that readers that sort by date keep the order; the last one is at the time of the push. */
function dateOf(pushed: number, place: Place): number {
  return Math.floor(pushed / 1000 - (place.total - place.number)) * 1000;
}

function headers(plan: PushPlan, told: Told, context: RenderContext): [string, string][] {
  const change: RefChange | undefined = 'commit' in told ? told.notice.change : plan.changes[0];
  const { listId } = context.config;
  return [
    ...(listId === undefined ? [] : [['List-Id', `<${listId}>`] as [string, string]]),
    ['X-Git-Repo', visibleLine(context.repositoryName)],
    ['X-Git-Refname', visibleLine(change?.ref ?? '')],
    ['X-Git-Oldrev', change?.old ?? ''],
    ['X-Git-Newrev', change?.new ?? ''],
    ['X-Git-Rev', 'commit' in told ? told.commit.id : (change?.new ?? '')],
    ['Auto-Submitted', 'auto-generated'],
    ['Precedence', 'bulk'],
  ];
}
