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
    (value, old) => general(old, 'from', sender(value, old)),
  ),
  mapped('fromCommit', '`refpost.from`', 'As `from`.', (value, old) => ofCommits(old, sender(value, old))),
  mapped(
    'fromRefchange',
    '`refpost.refs.from`, `refpost.announce.from`',
    'As `from`, where branches or tags have recipients of their own; else all mails have one sender.',
    (value, old) => ofRefs(old, sender(value, old)),
  ),
  mapped(
    'envelopeSender',
    '`refpost.envelopeFrom`',
    'The same; and `refpost.from`, where neither `from` nor `user.email` is set.',
    (value, old) => ({
      becomes: [
        { key: 'envelopeFrom', value: parseMailbox(value)?.address ?? value },
        ...(fromOf(old) || userOf(old).email ? [] : [{ key: 'from' as const, value }]),
      ],
    }),
  ),
  mapped('replyTo', '`refpost.replyTo`', 'An address, `author`, `pusher` or `none`.', (value, old) =>
    general(old, 'replyTo', one('replyTo', value)),
  ),
  mapped('replyToCommit', '`refpost.replyTo`', 'As `replyTo`.', (value, old) =>
    ofCommits(old, one('replyTo', value)),
  ),
  mapped(
    'replyToRefchange',
    '`refpost.refs.replyTo`, `refpost.announce.replyTo`',
    'As `replyTo`, where branches or tags have recipients of their own.',
    (value, old) => ofRefs(old, one('replyTo', value)),
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
  return email && !fromOf(old) ? [{ key: 'from', value: `${user} <${email}>`.trim() }] : [];
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

/** True where somebody gets mails about commits, or nobody gets any: then the plain section is for these. */
function hearsCommits(old: Old): boolean {
  const [commits, ...others] = hearers(old).map(({ addresses }) => addresses.length > 0);
  return commits || !others.includes(true);
}

/** What mails about commits and about refs have, each as far as it has none of its own. */
function general(old: Old, name: 'from' | 'replyTo', fate: Fate): Fate {
  const [ofCommit, ofRef] = ['Commit', 'Refchange'].map(kind => Boolean(old.last(name + kind)));
  if (ofCommit && ofRef) return { needless: `${name}Commit and ${name}Refchange are set` };
  if (ofCommit) return ofRefs(old, fate);
  return ofRef ? ofCommits(old, fate) : fate;
}

function ofCommits(old: Old, fate: Fate): Fate {
  return hearsCommits(old) ? fate : { needless: 'nobody gets mails about commits' };
}

/** For each audience that hears of refs and not of commits. */
function ofRefs(old: Old, fate: Fate): Fate {
  if (!('becomes' in fate) || !hearsCommits(old)) return fate;
  const audiences = [...new Set(audiencesOf(hearers(old)).flatMap(({ audience }) => audience ?? []))];
  if (audiences.length === 0)
    return {
      refused: 'all mails go to the same people, and have one sender and one address for answers',
    };
  return { ...fate, becomes: audiences.flatMap(audience => fate.becomes.map(one => ({ ...one, audience }))) };
}

function fromOf(old: Old): string | undefined {
  return old.last('fromCommit') || old.last('from') || undefined;
}

function userOf({ facts: { entries } }: Old) {
  const last = (key: string) => entries.findLast(entry => entry.key === key)?.value?.trim() ?? '';
  return { user: last('user.name'), email: last('user.email') };
}

/** An address, or a name of the push with an address of the host: an author's own fails DMARC. */
function sender(value: string, old: Old): Fate {
  const word = /^(author|pusher)$/i.exec(value)?.[1]?.toLowerCase();
  if (word === undefined) return one('from', value);
  const address = parseMailbox(old.last('envelopeSender') ?? '')?.address ?? userOf(old).email;
  if (!readAddress(address)) return { refused: `set refpost.from = {${word}.name} <address of this host>` };
  const but =
    'the address is that of this host; for domains that it may send for, set refpost.fromAuthorDomains';
  return one('from', `{${word}.name} <${address}>`, but);
}
