import { createHash } from 'node:crypto';
import { isAddress, parseMailbox } from '../model/address.ts';
import type { Ident } from '../model/commit.ts';
import type { Content, Position } from '../model/content.ts';
import type { Address, Mail } from '../model/mail.ts';
import type { Push } from '../model/push.ts';
import type { Notice, PushPlan } from '../model/push-plan.ts';
import { commitValues, patchName } from './commit-text.ts';
import { preamble, pusherText, roomFor } from './preamble.ts';
import { digestValues, summaryValues } from './push-text.ts';
import { changesOf, subject } from './subject.ts';
import type { RenderContext } from './templates.ts';
import { visibleLine } from './visible.ts';

/**
 * Renders one mail of a push: its text, and around it addresses, subject, thread and the headers that people filter by. Pure.
 * @param written its text, where another audience has it in the same words
 */
export function renderNotice(
  plan: PushPlan,
  content: Content,
  position: Position,
  context: RenderContext,
  written?: string,
): Mail {
  const { config } = context;
  const text = written ?? textOf(plan, content, position, context);
  const from = fromAddress(content, context);
  const replyTo = replyToAddress(content, context);
  const part = 'commit' in content ? content.part : undefined;
  const patch = 'commit' in content &&
    content.patch && { name: patchName(content.commit), bytes: content.patch };
  // A second apart, so that readers that sort by date keep the order; the last one is at the time of the push.
  const date = Math.floor(plan.push.time / 1000 - (position.total - position.number)) * 1000;
  return {
    envelope: { from: config.envelopeFrom ?? from.address, to: config.to },
    messageId: messageId(plan.push, matterOf(content.notice, part), context),
    ...(position.number > 1 ? { inReplyTo: messageId(plan.push, matterOf(plan.notices[0]), context) } : {}),
    from,
    to: config.to,
    ...(replyTo ? { replyTo } : {}),
    subject: subject(content, position, context),
    date,
    headers: headers(content, context),
    text,
    ...(patch && { attachment: { ...patch, type: 'text/x-patch' } }),
  };
}

function textOf(plan: PushPlan, content: Content, position: Position, context: RenderContext): string {
  const values = { ...preamble(plan, position, context), ...valuesOf(content, context) };
  return context.templates(content.notice.kind, values);
}

function valuesOf(content: Content, context: RenderContext): object {
  if ('commit' in content) return commitValues(content, context);
  return 'tags' in content ? summaryValues(content) : digestValues(content, context);
}

/** Characters of a display name: more is no name. */
const NAME = 100;

/** `refpost.from`, else the author's name with an address of this host: the authors' own domains forbid us to mail as them (DMARC, RFC 7489). */
function fromAddress(content: Content, context: RenderContext): Address {
  const author = 'commit' in content ? displayName(content.commit.author.name) : '';
  return sender(author || visibleLine(context.repositoryName), context);
}

/** `refpost.from`, or else that name with an address of this host. */
export function sender(
  name: string,
  { config, hostAddress }: Pick<RenderContext, 'config' | 'hostAddress'>,
): Address {
  const configured = config.from === undefined ? undefined : parseMailbox(config.from);
  return configured ?? { name, address: hostAddress };
}

/** `refpost.replyTo`, else the author, the one tagger of the mail's tags, or the pusher. No valid address costs the header, not the mail. */
function replyToAddress(content: Content, context: RenderContext): Address | undefined {
  if (context.config.replyTo !== undefined) return parseMailbox(context.config.replyTo);
  const person = 'commit' in content ? content.commit.author : (tagger(content) ?? context.pusher);
  if (!person?.email || !isAddress(person.email)) return undefined;
  return { name: displayName(person.name), address: person.email };
}

/** Who made all of the tags that a mail is about. */
function tagger(content: Content): Ident | undefined {
  const taggers = 'tags' in content ? [...content.tags.values()].map(({ tag }) => tag.tagger) : [];
  return taggers.every(each => each?.email === taggers[0]?.email) ? taggers[0] : undefined;
}

function displayName(name: string): string {
  return Array.from(visibleLine(name)).slice(0, NAME).join('');
}

/** What a mail is about, the same whenever it is made: its Message-ID follows from it, and the first one's starts the thread. */
function matterOf(notice: Notice | undefined, part?: Position): string {
  const matter = notice?.kind === 'commit' ? notice.commit : (notice?.kind ?? '');
  return part && part.number > 1 ? `${matter} part ${part.number}` : matter;
}

function headers(content: Content, context: RenderContext): [string, string][] {
  const { config, repositoryName, pusher } = context;
  const changes = changesOf(content);
  const named = changes.slice(0, Math.min(MOST_NAMED, roomFor(changes, config.maxSize / 10)));
  const rev = 'commit' in content ? content.commit.id : (changes[0]?.new ?? '');
  return [
    ['List-Id', config.listId === 'none' ? '' : `<${config.listId ?? listId(context)}>`],
    ['X-Git-Repo', visibleLine(repositoryName)],
    ...named.flatMap(({ ref, old, new: fresh }): [string, string][] => [
      ['X-Git-Refname', visibleLine(ref)],
      ['X-Git-Oldrev', old],
      ['X-Git-Newrev', fresh],
    ]),
    ['X-Git-Rev', rev],
    ['X-Git-Pusher', pusher ? pusherText(pusher) : ''],
    ['Auto-Submitted', 'auto-generated'],
    ['Precedence', 'list'],
  ];
}

/** Refs that a header names: some servers take no header over 32 kB. */
const MOST_NAMED = 20;

type Names = Pick<RenderContext, 'repositoryName' | 'host'> & { readonly audience?: string };

/** The same however often a push is expanded. A push is known by its id; what a person asks `notify` for, by the values named and the repository. */
export function messageId(push: Push, what: string, { repositoryName, host, audience }: Names): string {
  const asked = push.updates.map(update => `${update.old} ${update.new} ${update.ref}`);
  const named = push.identity ? [...asked, push.identity] : asked;
  const identity = push.kind === 'notify' ? named.join('\n') : push.id;
  const hash = createHash('sha256')
    .update([repositoryName, identity, what, ...(audience ? [audience] : [])].join('\0'))
    .digest('hex');
  return `<${hash.slice(0, 32)}@${host}>`;
}

/** RFC 2919 section 2: 255 characters at most. */
const LIST_ID = 255;

/** A List-Id (RFC 2919) without its angle brackets. What a label cannot hold becomes a hyphen; a hash tells apart names that then are the same. */
export function listId({ repositoryName, host }: Names): string {
  const plain = repositoryName.replace(/[^\w.-]+/g, '-').replace(/\.{2,}/g, '.');
  const hash = createHash('sha256').update(repositoryName).digest('hex').slice(0, 8);
  const label = /^[\w./-]+$/.test(repositoryName) ? plain : `${hash}-${plain}`;
  return `${label.slice(0, LIST_ID - 1 - host.length).replace(/^[.-]+|[.-]+$/g, '') || hash}.${host}`;
}
