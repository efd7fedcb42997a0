import { isAddress, parseMailbox } from '../model/address.ts';
import type { Content } from '../model/content.ts';
import type { Address } from '../model/mail.ts';
import type { RenderContext } from './context.ts';
import { visibleLine } from './visible.ts';

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

/** Where answers go: `refpost.replyTo`, else the author. An author without a valid address costs the header, not the mail. */
export function replyToAddress(content: Content, context: RenderContext): Address | undefined {
  if (context.config.replyTo !== undefined) return parseMailbox(context.config.replyTo);
  if (!('commit' in content) || !isAddress(content.commit.author.email)) return undefined;
  return { name: displayName(content.commit.author.name), address: content.commit.author.email };
}

function displayName(name: string): string {
  return Array.from(visibleLine(name)).slice(0, NAME).join('');
}
