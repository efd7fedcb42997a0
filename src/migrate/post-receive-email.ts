import { parseMailbox } from '../model/address.ts';
import { fateOfList, type Hearer, readAddresses } from './hearers.ts';
import { bodyLines, prefixed } from './mail-shape.ts';
import { type Mailer, mapped, needless, type Old, refused } from './mailer.ts';

/** post-receive-email, which was in git's contrib/hooks until 2.50 (`hooks.*`). */
export const postReceiveEmail: Mailer = {
  name: 'post-receive-email',
  where: 'git config',
  section: 'hooks.',
  hook: { named: /post-receive-email$/, itself: /^prep_for_email\(\)/m },
  // Its headers are those of git-multimail, which came after it.
  always: old => [
    { key: 'style', value: 'multimail' },
    ...(old.last('emailprefix') === undefined
      ? [{ key: 'subject' as const, value: '[SCM] {counter} {subject}' }]
      : []),
  ],
  keys: [
    mapped(
      'mailinglist',
      '`refpost.to`, `refpost.kinds`',
      'The recipients. One mail about each ref lists its commits; where `showrev` or `diffopts` show diffs, each commit has its own too.',
      (value, old) => fateOfList('mailinglist', readAddresses([value]), hearers(old)),
    ),
    mapped(
      'announcelist',
      '`refpost.announce.to`',
      'The recipients of mails about tags, annotated or not: an audience `announce`.',
      (value, old) => fateOfList('announcelist', readAddresses([value]), hearers(old)),
    ),
    mapped(
      'envelopesender',
      '`refpost.envelopeFrom`, `refpost.from`',
      'The same; the sender too.',
      value => ({
        becomes: [
          { key: 'envelopeFrom', value: parseMailbox(value)?.address ?? value },
          { key: 'from', value },
        ],
      }),
    ),
    mapped('emailprefix', '`refpost.subject`', 'Before the subject.', value =>
      prefixed(value.replaceAll('%', '%%'), {}),
    ),
    mapped('emailmaxlines', '`refpost.maxSize`', 'Counted in bytes: 80 a line.', bodyLines),
    refused(
      'showrev',
      'A command for the shell. Where it shows diffs, each commit has a mail of its own; see refpost.templates for what that says.',
    ),
    refused(
      'diffopts',
      'What a mail shows is in templates, not in options of git. With `-p`, each commit has a mail of its own, with its diff.',
    ),
    needless(
      'scancommitforcc',
      'post-receive-email does not read it; some copies do. See refpost.cc and refpost.personDomains.',
    ),
  ],
};

function hearers(old: Old): readonly Hearer[] {
  const [mailing, announce] = ['mailinglist', 'announcelist'].map(
    name => readAddresses([old.last(name) ?? '']).addresses,
  ) as [readonly string[], readonly string[]];
  const kind = showsDiffs(old) ? 'commit' : 'digest';
  const hasOwn = announce.length > 0;
  return [
    { from: 'mailinglist', kind, addresses: mailing },
    { from: 'mailinglist', kind: 'branch', addresses: mailing },
    { from: hasOwn ? 'announcelist' : 'mailinglist', kind: 'tag', addresses: hasOwn ? announce : mailing },
  ];
}

function showsDiffs(old: Old): boolean {
  const showrev = old.last('showrev') ?? '';
  const hasPatch = /(^|\s)(-p|-u|--patch)(\s|$)/;
  return (
    /\bgit[ -](show|diff|diff-tree|format-patch)\b/.test(showrev) ||
    hasPatch.test(showrev) ||
    hasPatch.test(old.last('diffopts') ?? '')
  );
}
