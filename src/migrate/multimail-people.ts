import { posix } from 'node:path';
import { parseMailbox, readAddress } from '../model/address.ts';
import { audiencesOf, fateOfList, type Hearer, isNobody, readAddresses } from './hearers.ts';
import { type Fate, mapped, type NewSetting, type Old, type OldKey, one, refused } from './mailer.ts';

/** Keys of git-multimail about who gets mails, from whom, and who is answered. */
export const people: readonly OldKey[] = [
  mapped(
    'mailingList',
    '`refpost.to`',
    'The recipients of all mails for which no other list is set.',
    list('mailingList'),
  ),
  mapped(
    'commitList',
    '`refpost.to` with `refpost.kinds`',
    'The recipients of mails about commits; where others hear of refs, an audience of its own. `none` is nobody.',
    list('commitList'),
  ),
  mapped(
    'refchangeList',
    '`refpost.refs.to`',
    'The recipients of mails about branches: where they differ from those of commits, an audience `refs`.',
    list('refchangeList'),
  ),
  mapped(
    'announceList',
    '`refpost.announce.to`',
    'The recipients of mails about tags, annotated or not: where they differ, an audience `announce`.',
    list('announceList'),
  ),
  mapped(
    'from',
    '`refpost.from`',
    'An address. `author` and `pusher` become their names, with the address of `envelopeSender`, so that the mails pass DMARC.',
    (_, old) => (old.last('fromCommit') ? { needless: 'fromCommit is set' } : sender(old, 'fromCommit')),
  ),
  mapped('fromCommit', '`refpost.from`', 'As `from`.', (_, old) => sender(old, 'fromCommit')),
  mapped(
    'fromRefchange',
    '`refpost.refs.from`',
    'As `from`, where branches have recipients of their own; else commits and branches have one sender.',
    (_, old) =>
      ofRefs(old, fromOf(old, 'fromRefchange'), fromOf(old, 'fromCommit'), value =>
        sender(old, 'fromRefchange', value),
      ),
  ),
  mapped(
    'envelopeSender',
    '`refpost.envelopeFrom`',
    'The same; and `refpost.from`, where neither `from` nor `user.email` is set.',
    (value, old) => ({
      becomes: [
        { key: 'envelopeFrom', value: parseMailbox(value)?.address ?? value },
        ...(fromOf(old, 'fromCommit') || userOf(old).email ? [] : [{ key: 'from' as const, value }]),
      ],
    }),
  ),
  mapped('replyTo', '`refpost.replyTo`', 'An address, `author`, `pusher` or `none`.', (value, old) =>
    old.last('replyToCommit') ? { needless: 'replyToCommit is set' } : one('replyTo', value),
  ),
  mapped('replyToCommit', '`refpost.replyTo`', 'As `replyTo`.', value => one('replyTo', value)),
  mapped(
    'replyToRefchange',
    '`refpost.refs.replyTo`',
    'As `replyTo`, where branches have recipients of their own. Without it, answers go to the pusher.',
    (value, old) =>
      value.toLowerCase() === 'pusher' && !(old.last('replyToCommit') ?? old.last('replyTo'))
        ? { needless: 'this is so' }
        : ofRefs(old, value, old.last('replyToCommit') ?? old.last('replyTo'), own => ({
            becomes: [{ audience: 'refs', key: 'replyTo', value: own }],
          })),
  ),
  mapped(
    'administrator',
    '`refpost.footer`, `refpost.administrator`',
    'Named in the footer; if it is an address, it also gets a mail when mails cannot be sent.',
    value => ({
      becomes: [
        { key: 'footer', value: `Questions about these mails: ${value}` },
        ...(readAddress(value) ? [{ key: 'administrator' as const, value }] : []),
      ],
    }),
  ),
  refused('emailDomain', "The pusher's address comes from the host; refpost makes up none."),
  mapped(
    'MailaddressMap',
    '`refpost.pusherMap`',
    'The same file; a relative path starts in `~/.gitolite/conf`. Without it, git-multimail reads gitolite.conf there: set `refpost.pusherMap` to that.',
    value => one('pusherMap', posix.join(value.startsWith('/') ? '' : '~/.gitolite/conf', value)),
  ),
  mapped(
    'scanCommitForCc',
    '`refpost.cc = trailer:Cc`',
    'Only with `refpost.personDomains`: a commit cannot choose who gets mail. Set that first.',
    (value, { facts }) => {
      if (value === '') return { needless: 'it is empty' };
      return facts.entries.some(({ key }) => key === 'refpost.persondomains')
        ? one('cc', 'trailer:Cc')
        : {
            refused:
              'whoever may push would choose who gets mail: set refpost.cc = trailer:Cc and refpost.personDomains',
          };
    },
  ),
];

/** Without a sender, git-multimail takes git's. */
export function usualSender(old: Old): readonly NewSetting[] {
  const { user, email } = userOf(old);
  return email && !fromOf(old, 'fromCommit') ? [{ key: 'from', value: `${user} <${email}>`.trim() }] : [];
}

/** Who hears what, by git-multimail's rules for lists that are not set. */
function hearers(old: Old): readonly Hearer[] {
  const hearer = (kind: Hearer['kind'], ...names: readonly string[]): Hearer => {
    const from = names.find(name => old.all(name).length > 0) ?? 'mailingList';
    const texts = old.all(from).filter(text => !isNobody(text));
    return { from, kind, addresses: readAddresses(texts).addresses };
  };
  return [
    hearer('commit', 'commitList', 'mailingList'),
    hearer('branch', 'refchangeList', 'mailingList'),
    hearer('tag', 'announceList', 'refchangeList', 'mailingList'),
  ];
}

function list(name: string) {
  return (_: string, old: Old) => {
    const texts = old.all(name).filter(text => !isNobody(text));
    return fateOfList(name, readAddresses(texts), hearers(old));
  };
}

/** What only mails about refs have. */
function ofRefs(
  old: Old,
  value: string | undefined,
  ofCommits: string | undefined,
  fate: (value: string) => Fate,
): Fate {
  if (value === undefined || value === ofCommits) return { needless: 'it is the same for commits' };
  return audiencesOf(hearers(old)).some(({ audience }) => audience === 'refs')
    ? fate(value)
    : {
        refused:
          'mails about commits and branches go to the same people, and have one sender and one address for answers',
      };
}

function fromOf(old: Old, name: 'fromCommit' | 'fromRefchange'): string | undefined {
  return old.last(name) || old.last('from') || undefined;
}

function userOf({ facts: { entries } }: Old) {
  const last = (key: string) => entries.findLast(entry => entry.key === key)?.value?.trim() ?? '';
  return { user: last('user.name'), email: last('user.email') };
}

/** A name of the push, and an address of the host: an author's own fails DMARC. */
function sender(old: Old, name: 'fromCommit' | 'fromRefchange', value = fromOf(old, name) ?? ''): Fate {
  const audience = name === 'fromRefchange' ? { audience: 'refs' } : {};
  const word = /^(author|pusher)$/i.exec(value)?.[1]?.toLowerCase();
  if (word === undefined) return { becomes: [{ ...audience, key: 'from', value }] };
  const address = parseMailbox(old.last('envelopeSender') ?? '')?.address ?? userOf(old).email;
  if (!readAddress(address)) return { refused: `set refpost.from = {${word}.name} <address of this host>` };
  const but =
    'the address is that of this host; for domains that it may send for, set refpost.fromAuthorDomains';
  return { becomes: [{ ...audience, key: 'from', value: `{${word}.name} <${address}>` }], but };
}
