import { allKinds, fateOfList, readAddresses } from './hearers.ts';
import { filled, program } from './mail-shape.ts';
import { type Mailer, mapped, needless, one, refused } from './mailer.ts';

const PUBSUB = 'This is no mail: keep the hook that does it.';
const RULE = 'A rule for pushes, not for mails: the hooks that keep it stay.';

/** asfgit, the hooks of the Apache Software Foundation (`hooks.asfgit.*`), 2021. */
export const asfgit: Mailer = {
  name: 'asfgit',
  where: 'git config',
  section: 'hooks.asfgit.',
  hook: { named: /\basfgit\b/, itself: /^import asfgit\b/m },
  always: () => [{ key: 'oversize', value: 'split' }],
  keys: [
    mapped('recips', '`refpost.to`', 'The recipients of all mails, with blanks between them.', value => {
      const read = readAddresses([value], /\S+/g);
      return fateOfList('recips', read, allKinds('recips', read));
    }),
    mapped(
      'subject-fmt',
      '`refpost.subject`',
      '`%(repo)s` becomes `{repository}`, `%(subject)s` becomes `{subject}`; the number of a mail comes first.',
      value => {
        const text = filled(value, { repo: 'repository', subject: 'subject' });
        return text === undefined
          ? { refused: 'it has a word in it that nothing stands for' }
          : one('subject', `{counter} ${text}`);
      },
    ),
    mapped(
      'max-size',
      '`refpost.maxSize`',
      'Of a mail, in bytes; a larger commit goes on in further mails.',
      value => one('maxSize', value),
    ),
    mapped('max-emails', '`refpost.maxMails`', 'A larger push gets one mail that lists its commits.', value =>
      one('maxMails', value),
    ),
    mapped('sendmail', '`refpost.transport`', 'The program.', program),
    needless('debug', 'The worker keeps a log in the outbox.'),
    needless('protect', RULE),
    needless('no-merges', RULE),
    needless('extra-writers', RULE),
    refused('pubsub-host', PUBSUB),
    refused('pubsub-port', PUBSUB),
    refused('pubsub-path', PUBSUB),
    refused('buildbot-project', PUBSUB),
    refused('cia-project', PUBSUB),
  ],
};
