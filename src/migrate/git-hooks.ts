import { allKinds, fateOfList, readAddresses } from './hearers.ts';
import { commitLink, withoutDiffs } from './mail-shape.ts';
import { type Fate, type Mailer, mapped, needless, type Old, one, refused } from './mailer.ts';
import { refPatterns } from './ref-patterns.ts';

const RULE = 'A rule for pushes, not for mails: the hooks that keep it stay.';
const PROGRAM = 'A program of yours, which refpost does not run.';

/** Keys by which pushes are checked. */
const CHECKS = [
  ...['allow-delete-branch', 'allow-delete-tag', 'allow-non-fast-forward', 'allow-lightweight-tag'],
  ...['combined-style-checking', 'disable-merge-commit-checks', 'force-precommit-checks', 'frozen-ref'],
  ...['max-filepath-length', 'max-rh-line-length', 'no-precommit-check', 'no-rh-character-range-check'],
  ...['no-rh-style-checks', 'no-style-checks', 'reject-merge-commits', 'rejected-branch-deletion-tip'],
  ...['restrict-branch-deletion', 'style-checker', 'style-checker-config-file', 'tn-required'],
  ...['commit-extra-checker', 'pre-receive-hook', 'update-hook', 'no-gitreview-check'],
];

/** AdaCore's git-hooks (`hooks.*` in project.config on refs/meta/config), 2022. */
export const gitHooks: Mailer = {
  name: 'git-hooks',
  where: 'project.config on refs/meta/config',
  section: 'hooks.',
  hook: {
    named: /\bpost_receive\.py$/,
    itself: /^from updates\.emails import EmailQueue/m,
    runs: 'hooks.post-receive-hook',
  },
  keys: [
    mapped(
      'mailinglist',
      '`refpost.to`',
      'The recipients. A program that chooses them is refused: see refpost.paths and refpost.people.',
      (_, old) => recipients(old),
    ),
    mapped(
      'from-domain',
      '`refpost.fromAuthorDomains`',
      'Authors with an address in it are From. (git-hooks has the pusher there.)',
      value => one('fromAuthorDomains', value),
    ),
    mapped('filer-email', '`refpost.bcc`', 'It gets a copy of each mail.', (_, old) => {
      const { addresses, wrong } = readAddresses(old.all('filer-email'));
      const but = wrong.length > 0 ? `left out, since it is no address: ${wrong.join(', ')}` : undefined;
      return { becomes: addresses.map(value => ({ key: 'bcc' as const, value })), but };
    }),
    mapped(
      'max-commit-emails',
      '`refpost.maxMails`',
      'A larger push gets one mail that lists its commits. (git-hooks refuses it.)',
      value => one('maxMails', value),
    ),
    mapped('max-email-diff-size', '`refpost.maxSize`', 'Of the whole mail, not of its diff alone.', value =>
      one('maxSize', value),
    ),
    mapped('disable-email-diff', '`refpost.quietPaths`', 'Files are in the diffstat only.', (_, old) =>
      old.truth('disable-email-diff') ? withoutDiffs() : { needless: 'mails have diffs' },
    ),
    mapped(
      'no-emails',
      '`refpost.excludeRefs`',
      'As patterns. What is on such refs is new where it comes to others.',
      (_, old) => excluded(old, 'no-emails'),
    ),
    mapped('ignore-refs', '`refpost.excludeRefs`', 'As patterns.', (_, old) => excluded(old, 'ignore-refs')),
    mapped(
      'commit-url',
      '`refpost.commitUrl`',
      '`%(rev)s` becomes `{id}`; one with `%(ref_name)s` is refused.',
      value => commitLink(value, { rev: 'id' }),
    ),
    namespace('branch-ref-namespace', 'As patterns, beside branches and tags.'),
    namespace('tag-ref-namespace', 'The same.'),
    namespace('use-standard-branch-ref-namespace', '`false`: refs/heads is not announced.'),
    namespace('use-standard-tag-ref-namespace', '`false`: refs/tags is not announced.'),
    needless('email-new-commits-only', 'A commit is announced once, by the first ref that brings it.'),
    needless('max-ref-names-in-subject-prefix', 'A subject names the ref that brings the commit.'),
    needless('bcc-file-ci', 'The present git-hooks do not read it: see filer-email.'),
    needless('debug-level', 'The worker keeps a log in the outbox.'),
    refused('commit-email-formatter', `${PROGRAM} See refpost.templates.`),
    refused('file-commit-cmd', PROGRAM),
    refused('post-receive-hook', `${PROGRAM} Call it in your own hook.`),
    ...CHECKS.map(name => needless(name, RULE)),
  ],
};

function recipients(old: Old): Fate {
  const entries = old.all('mailinglist').flatMap(text => text.split(','));
  const isProgram = (entry: string) => entry.trim().startsWith('/');
  const read = readAddresses(entries.filter(entry => !isProgram(entry)));
  const fate = fateOfList('mailinglist', read, allKinds('mailinglist', read));
  const programs = entries.filter(isProgram).map(entry => entry.trim());
  if (programs.length === 0) return fate;
  const but = `programs choose no recipients here: ${programs.join(', ')}; see refpost.paths and refpost.people`;
  return 'becomes' in fate ? { ...fate, but } : { refused: but };
}

/** Each value may be a list with commas; an expression has to match the whole name. */
function patternsOf(old: Old, name: string) {
  const expressions = old
    .all(name)
    .flatMap(text => text.split(','))
    .map(text => text.trim())
    .filter(text => text !== '');
  const patterns = expressions.map(expression => refPatterns(expression, 'whole'));
  return {
    patterns: patterns.flatMap(one => one ?? []),
    strange: expressions.filter((_, at) => patterns[at] === undefined),
  };
}

function namespace(name: string, why: string) {
  return mapped(name, '`refpost.refs`', why, (_, old) => namespaces(old));
}

function excluded(old: Old, name: string): Fate {
  const { patterns, strange } = patternsOf(old, name);
  const lost = lostWords('excludeRefs', strange);
  if (patterns.length > 0) return one('excludeRefs', patterns.join(' '), lost);
  return lost === undefined ? { needless: 'it is empty' } : { refused: lost };
}

/** All four keys of namespaces come to one list. */
function namespaces(old: Old): Fate {
  const standard = (['branch', 'tag'] as const).flatMap(kind =>
    old.truth(`use-standard-${kind}-ref-namespace`) === false
      ? []
      : kind === 'branch'
        ? ['refs/heads']
        : ['refs/tags'],
  );
  const [branches, tags] = ['branch', 'tag'].map(kind => patternsOf(old, `${kind}-ref-namespace`));
  const own = [branches, tags].flatMap(one => one?.patterns ?? []);
  const lost = lostWords(
    'refs',
    [branches, tags].flatMap(one => one?.strange ?? []),
  );
  const all = [...new Set([...standard, ...own])];
  if (all.length === 0) return { refused: 'nothing would be announced' };
  return own.length + (2 - standard.length) === 0
    ? { needless: lost ?? 'branches and tags are announced' }
    : one('refs', all.join(' '), lost);
}

function lostWords(key: string, strange: readonly string[]): string | undefined {
  return strange.length > 0
    ? `no pattern of refpost.${key} means the same as ${strange.join(', ')}`
    : undefined;
}
