import { isAscii, isWithin, parseMailbox, readAddress } from '../model/address.ts';
import type { Config } from '../model/config.ts';
import type { Content } from '../model/content.ts';
import type { Address } from '../model/mail.ts';
import { filledIn, type Words, wordsIn } from '../model/words.ts';
import { peopleOf } from './mail-words.ts';
import { styles } from './styles.ts';
import type { RenderContext } from './templates.ts';
import { visibleLine } from './visible.ts';

/** Who sends the mails of a repository, whoever pushes and works the queue: `refpost.from`, or else `git` at this host. A name may have words. */
export function fixedSender({ config, host }: Pick<RenderContext, 'config' | 'host'>): Address {
  const configured = config.from === undefined ? undefined : parseMailbox(config.from);
  return configured ?? { name: '{author.name}', address: `git@${host}` };
}

/**
 * The sender with its name filled in; where a word of it says nothing, `fallback` is the name. Many people's names are their addresses: with another one
 * behind it such a name is a fraud to filters (rspamd: four to eight points).
 */
export function sender(words: Words, fallback: string, context: RenderContext): Address {
  const { name, address } = fixedSender(context);
  const plain = (word: string) => words(word)?.replaceAll('@', ' at ');
  const isWhole = wordsIn(name).every(word => words(word) !== '');
  return { name: displayName(isWhole ? filledIn(name, plain) : fallback.replaceAll('@', ' at ')), address };
}

/**
 * From and, where that is not who sends the mail, Sender. The author may be From for domains that are ours alone: others forbid us to mail as
 * them (DMARC, RFC 7489).
 */
export function senders(
  content: Content,
  words: Words,
  context: RenderContext,
): { readonly from: Address; readonly sender?: Address } {
  const fixed = sender(words, context.repositoryName, context);
  const author = 'commit' in content ? addressOf(content.commit.author) : undefined;
  if (!author || !isWithin(author.address, context.config.fromAuthorDomains)) return { from: fixed };
  return { from: author, ...(author.address === fixed.address ? {} : { sender: fixed }) };
}

/** What `refpost.replyTo` may be besides an address: somebody without a valid address costs the header, not the mail. */
const ANSWERED: Readonly<
  Record<string, (content: Content, context: RenderContext) => readonly (Address | undefined)[]>
> = {
  author: (content, context) => [addressOf(peopleOf(content, context).author)],
  committer: (content, context) => [addressOf(peopleOf(content, context).committer)],
  pusher: (_, { pusher }) => [addressOf(pusher)],
  list: (_, { config }) => config.to.map(parseMailbox),
  none: () => [],
};

/** Where answers go: by default to the author, the one tagger of the mail's tags, or who pushed. */
export function answered(content: Content, context: RenderContext): readonly Address[] {
  const { style } = context.config;
  const usual = 'commit' in content ? 'author' : styles[style].answeredForRefs;
  const { replyTo = usual }: Pick<Config, 'replyTo'> = context.config;
  const people = ANSWERED[replyTo]?.(content, context) ?? [parseMailbox(replyTo)];
  return people.filter(person => person !== undefined);
}

function addressOf(person: { readonly name: string; readonly email?: string } | undefined) {
  const address = person?.email && readAddress(person.email);
  if (!address || !isAscii(address)) return undefined;
  return { name: displayName(person.name), address };
}

/** Characters of a display name: more is no name. */
const NAME = 100;

function displayName(name: string): string {
  return Array.from(visibleLine(name)).slice(0, NAME).join('');
}
