import { isAddress, parseMailbox } from '../model/address.ts';
import type { Ident } from '../model/commit.ts';
import type { Content } from '../model/content.ts';
import type { Address } from '../model/mail.ts';
import type { RenderContext } from './context.ts';
import { shortLine, visibleLine } from './visible.ts';

/** Characters of a display name: more is no name. */
const NAME = 100;

/**
 * Whom a mail is from: `refpost.from` or else the author's name with an address of this host, because the authors' own
 * domains forbid us to mail as them (DMARC, RFC 7489).
 */
export function fromAddress(content: Content, context: RenderContext): Address {
  const configured = context.config.from === undefined ? undefined : parseMailbox(context.config.from);
  if (configured) return configured;
  const author = 'commit' in content ? displayName(content.commit.author.name) : '';
  return { name: author || visibleLine(context.repositoryName), address: context.hostAddress };
}

/**
 * Where answers go: `refpost.replyTo`, else the author, the tagger of the mail's tags if they have one, or the pusher. Whoever has no
 * valid address costs the header, not the mail.
 */
export function replyToAddress(content: Content, context: RenderContext): Address | undefined {
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

/** `zoe`, or `zoe <zoe@example.org>` where the host knows the address. */
export function pusherText({ name, email }: Required<RenderContext>['pusher']): string {
  return shortLine(email === undefined ? name : `${name} <${email}>`);
}

function displayName(name: string): string {
  return Array.from(visibleLine(name)).slice(0, NAME).join('');
}
