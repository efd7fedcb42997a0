import type { Entry } from '../config/listing.ts';
import { fateOfList, readAddresses } from './hearers.ts';
import { withoutDiffs } from './mail-shape.ts';
import { type Fate, type Mailer, mapped, needless, type Old, one } from './mailer.ts';

/** What GitLab's integrations may react to besides pushes. This one does not. */
const OTHER_EVENTS = [
  ...[
    'alert',
    'commit',
    'confidential_issues',
    'confidential_note',
    'deployment',
    'group_confidential_mention',
  ],
  ...[
    'group_mention',
    'incident',
    'issues',
    'job',
    'merge_requests',
    'note',
    'pipeline',
    'vulnerability',
    'wiki_page',
  ],
].map(name => `${name}_events`);
/** What an integration is and not what it does. */
const ABOUT = ['id', 'title', 'slug', 'created_at', 'updated_at', 'inherited', 'comment_on_event_enabled'];

/** GitLab's integration "Emails on push", as `GET /projects/:id/integrations/emails-on-push` gives it. */
export const emailsOnPush: Mailer = {
  name: 'gitlab',
  where: 'a file with what the API of GitLab says of the integration',
  section: 'emails-on-push.',
  keys: [
    mapped(
      'recipients',
      '`refpost.to`, `refpost.kinds`',
      'Addresses; what is none is passed over, as GitLab does. Each commit has a mail; with `disable_diffs`, one mail lists those of a push.',
      (_, old) => fateOfRecipients(old),
    ),
    mapped('push_events', '`refpost.kinds`', '`false`: no mails about commits and branches.', (_, old) =>
      isOff(old, 'push_events') ? told(old) : { needless: 'pushes are announced' },
    ),
    mapped('tag_push_events', '`refpost.kinds`', '`false`: no mails about tags.', (_, old) =>
      isOff(old, 'tag_push_events') ? told(old) : { needless: 'tags are announced' },
    ),
    mapped(
      'branches_to_be_notified',
      '`refpost.refs`',
      '`default`: the branch that HEAD names, and tags. Which branches are protected only GitLab knows.',
      branches,
    ),
    mapped('disable_diffs', '`refpost.quietPaths`', '`true`: files are in the diffstat only.', (_, old) =>
      old.truth('disable_diffs') ? withoutDiffs() : { needless: 'mails have diffs' },
    ),
    mapped(
      'send_from_committer_email',
      '`refpost.fromAuthorDomains`',
      'Refused: the file does not say for which domain GitLab sends.',
      (_, old) =>
        old.truth('send_from_committer_email')
          ? { refused: 'the file does not say for which domain GitLab sends: set refpost.fromAuthorDomains' }
          : { needless: 'mails have one sender' },
    ),
    mapped('active', '', '`false`: GitLab sends nothing, and nothing is taken over.', (_, old) =>
      old.truth('active') === false
        ? { refused: 'GitLab sends nothing: the integration is off' }
        : { needless: 'turn the integration off when refpost takes over' },
    ),
    ...OTHER_EVENTS.map(name => needless(name, 'It is about no push.')),
    ...ABOUT.map(name => needless(name, 'It is about the integration and not its mails.')),
  ],
};

/** @param text JSON @returns undefined for what is no export of this integration */
export function entriesOf(text: string, source: string): readonly Entry[] | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(read)) return undefined;
  const { properties, ...rest } = read;
  const all = { ...rest, ...(isRecord(properties) ? properties : {}) };
  if (!('recipients' in all)) return undefined;
  const values = Object.entries(all).filter(([, value]) => value === null || typeof value !== 'object');
  return values.map(([key, value]) => ({
    key: `emails-on-push.${key}`,
    value: String(value ?? ''),
    origin: { scope: 'file', source, isFile: false, nth: 0 },
  }));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fateOfRecipients(old: Old): Fate {
  if (old.truth('active') === false) return { needless: 'the integration is off' };
  const words = (old.last('recipients') ?? '').split(/\s+/).filter(word => word.includes('@'));
  const read = readAddresses(words, /\S+/g);
  const kinds = [
    ...(isOff(old, 'push_events')
      ? []
      : ([old.truth('disable_diffs') ? 'digest' : 'commit', 'branch'] as const)),
    ...(isOff(old, 'tag_push_events') ? [] : (['tag'] as const)),
  ];
  const hearers = kinds.map(kind => ({ from: 'recipients', kind, addresses: read.addresses }));
  return fateOfList('recipients', read, hearers);
}

function isOff(old: Old, event: string): boolean {
  return old.truth(event) === false;
}

/** The kinds are with the recipients. */
function told(old: Old): Fate {
  const fate = fateOfRecipients(old);
  const kinds = 'becomes' in fate ? fate.becomes.filter(({ key }) => key === 'kinds') : [];
  return kinds.length > 0 ? { becomes: kinds } : { refused: 'nothing would be announced' };
}

function branches(value: string, { facts: { head } }: Old): Fate {
  if (value === 'all' || value === '') return { needless: 'all are announced' };
  if (value === 'default' && head !== undefined) return one('refs', `${head} refs/tags`);
  return { refused: 'which branches are protected only GitLab knows: set refpost.refs' };
}
