import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { overrideEntries, parseListing } from '../../src/config/listing.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { settings } from '../../src/config/settings.ts';
import { kindOf } from '../../src/migrate/old-hook.ts';
import { planMigration } from '../../src/migrate/plan-migration.ts';
import { mailers } from '../../src/migrate/read-old.ts';
import { refPatterns } from '../../src/migrate/ref-patterns.ts';
import { reportText } from '../../src/migrate/report-text.ts';
import { refMatches } from '../../src/model/glob.ts';
import { listing } from '../config/listing.ts';

type Pair = readonly [key: string, value: string | undefined];

function planOf(name: string, pairs: readonly Pair[], refpost: readonly Pair[] = []) {
  const mailer = mailers.find(one => one.name === name);
  assert.ok(mailer);
  const listed = (all: readonly Pair[], section: string) =>
    parseListing(
      listing(
        ...all.map(([key, value]) => ({
          key: section + key.toLowerCase(),
          ...(value !== undefined && { value }),
        })),
      ),
    );
  const entries = listed(refpost, '');
  const facts = { repository: '/srv/git/mig.git', head: 'refs/heads/main', home: '/home/git', entries };
  return planMigration(mailer, listed(pairs, mailer.section), facts);
}

/** What old settings come to, as words; `-key: why` for a key that comes to nothing. */
function comesTo(name: string, text: string, refpost: readonly Pair[] = []): readonly string[] {
  const pairs = text.split('; ').map((pair): Pair => {
    const [key = '', ...value] = pair.split('=');
    return [key, value.length > 0 ? value.join('=') : undefined];
  });
  const { missing, report } = planOf(name, pairs, refpost);
  const lost = report.flatMap(({ key, fate }) =>
    fate && 'refused' in fate ? [`-${key}: ${fate.refused}`] : [],
  );
  const usual = 'style=multimail';
  return [...missing.map(({ key, value }) => `${key.replace(/^refpost\./, '')}=${value}`), ...lost].filter(
    word => word !== usual && word !== 'subject=[SCM] {counter} {subject}' && word !== 'oversize=split',
  );
}

const FATES: readonly (readonly [mailer: string, old: string, comes: readonly string[]])[] = [
  // Recipients.
  ['git-multimail', 'mailingList=a@x.org', ['to=a@x.org']],
  [
    'git-multimail',
    'mailingList=a@x.org; mailingList="B, C" <b@x.org>, c@x.org',
    ['to=a@x.org', 'to=b@x.org', 'to=c@x.org'],
  ],
  ['git-multimail', 'commitList=none; mailingList=a@x.org', ['to=a@x.org', 'kinds=branch tag digest']],
  [
    'git-multimail',
    'commitList=a@x.org; refchangeList=; announceList=A@X.ORG',
    ['to=a@x.org', 'kinds=commit', 'announce.to=A@X.ORG', 'announce.kinds=tag'],
  ],
  ['git-multimail', 'commitList=a@x.org; refchangeList=a@X.org', ['to=a@x.org']],
  ['git-multimail', 'mailingList=a@x.org, nobody', ['to=a@x.org']],
  [
    'git-multimail',
    'mailingList=nobody',
    ['-multimailhook.mailinglist: left out, since it is no address: nobody'],
  ],
  // Senders.
  ['git-multimail', 'envelopeSender=Git <git@x.org>', ['envelopeFrom=git@x.org', 'from=Git <git@x.org>']],
  [
    'git-multimail',
    'from=Mig <m@x.org>; envelopeSender=e@x.org',
    ['from=Mig <m@x.org>', 'envelopeFrom=e@x.org'],
  ],
  [
    'git-multimail',
    'from=author',
    ['-multimailhook.from: set refpost.from = {author.name} <address of this host>'],
  ],
  [
    'git-multimail',
    'from=pusher; envelopeSender=e@x.org',
    ['from={pusher.name} <e@x.org>', 'envelopeFrom=e@x.org'],
  ],
  ['git-multimail', 'replyTo=Pusher', ['replyTo=Pusher']],
  [
    'git-multimail',
    'replyTo=a@x.org, b@x.org',
    [
      '-multimailhook.replyto: as refpost.replyTo it is neither an address nor of the form Name <address>, nor one of author, committer, pusher, list, none',
    ],
  ],
  [
    'git-multimail',
    'from=m@x.org; fromCommit=c@x.org; replyToRefchange=none; commitList=a@x.org; refchangeList=b@x.org; announceList=c@x.org',
    [
      ...['from=c@x.org', 'to=a@x.org', 'kinds=commit'],
      ...['refs.from=m@x.org', 'refs.replyTo=none', 'refs.to=b@x.org', 'refs.kinds=branch digest'],
      ...['announce.from=m@x.org', 'announce.replyTo=none', 'announce.to=c@x.org', 'announce.kinds=tag'],
    ],
  ],
  [
    'git-multimail',
    'from=m@x.org; fromCommit=c@x.org; fromRefchange=r@x.org; commitList=none; refchangeList=b@x.org',
    ['from=r@x.org', 'to=b@x.org', 'kinds=branch tag digest'],
  ],
  [
    'git-multimail',
    'fromRefchange=r@x.org; mailingList=a@x.org',
    [
      'to=a@x.org',
      '-multimailhook.fromrefchange: all mails go to the same people, and have one sender and one address for answers',
    ],
  ],
  ['git-multimail', 'MailaddressMap=map', ['pusherMap=~/.gitolite/conf/map']],
  ['git-multimail', 'MailaddressMap=/srv/map', ['pusherMap=/srv/map']],
  ['git-multimail', 'administrator=the team', ['footer=Questions about these mails: the team']],
  // Sending.
  ['git-multimail', 'mailer=smtp', ['transport=smtp://localhost']],
  ['git-multimail', 'mailer=smtp; smtpServer=m.x.org', ['transport=smtp://m.x.org', 'tls=opportunistic']],
  ['git-multimail', 'mailer=smtp; smtpServer=m.x.org; smtpEncryption=ssl', ['transport=smtps://m.x.org']],
  ['git-multimail', 'mailer=smtp; smtpServer=m.x.org; smtpEncryption=tls', ['transport=smtp://m.x.org:587']],
  [
    'git-multimail',
    'mailer=smtp; smtpServer=m.x.org; smtpEncryption=starttls',
    ['-multimailhook.mailer', '-multimailhook.smtpserver', '-multimailhook.smtpencryption'].map(
      key => `${key}: smtpEncryption is none of none, ssl, tls`,
    ),
  ],
  ['git-multimail', 'smtpServer=m.x.org; smtpUser=u; smtpPass=p', []],
  [
    'git-multimail',
    'mailer=smtp; smtpUser=u; smtpPass=p',
    [
      'transport=smtp://localhost',
      'smtpUser=u',
      'smtpPasswordCommand=git --git-dir=/srv/git/mig.git config --get multimailhook.smtpPass',
    ],
  ],
  ['git-multimail', 'mailer=smtp; smtpUser=u', ['transport=smtp://localhost']],
  [
    'git-multimail',
    'sendmailCommand=/usr/bin/msmtp -t -a list',
    ['transport=sendmail:/usr/bin/msmtp -a list'],
  ],
  [
    'git-multimail',
    'sendmailCommand=msmtp -t',
    [
      '-multimailhook.sendmailcommand: as refpost.transport it does not name the program by its absolute path',
    ],
  ],
  [
    'git-multimail',
    'sendmailCommand=/usr/sbin/sendmail -f x@x.org -t',
    [
      "-multimailhook.sendmailcommand: as refpost.transport it has -f among the options: sender and recipients are refpost's to name",
    ],
  ],
  // What mails are like.
  ['git-multimail', 'emailPrefix=', ['subject={counter} {subject}']],
  [
    'git-multimail',
    'emailPrefix=[100%% %(repo_shortname)s]',
    ['subject=[100% {repository}] {counter} {subject}'],
  ],
  [
    'git-multimail',
    'emailPrefix=%(refname)s',
    ['-multimailhook.emailprefix: it has a word in it that nothing stands for'],
  ],
  [
    'git-multimail',
    'emailPrefix={repo}',
    [
      '-multimailhook.emailprefix: as refpost.subject it has {repo} in it, which stands for nothing; did you mean {repository}?',
    ],
  ],
  ['git-multimail', 'commitLogOpts=-p --stat -C', []],
  ['git-multimail', 'commitLogOpts=--stat -w', ['quietPaths=*']],
  [
    'git-multimail',
    'commitLogOpts=-p --format=%B',
    ['-multimailhook.commitlogopts: options that nothing stands for: --format=%B'],
  ],
  ['git-multimail', 'emailMaxLines=10', ['maxSize=4000']],
  ['git-multimail', 'emailMaxLines=0; maxCommitEmails=-1', ['maxMails=1000000']],
  ['git-multimail', 'excludeMergeRevisions=false', ['merges=false']],
  ['git-multimail', 'commitBrowseURL=https://x.org/?h=', ['commitUrl=https://x.org/?h={id}']],
  [
    'git-multimail',
    'commitEmailFormat=HTML; commitBrowseURL=https://x.org/%(repo_shortname)s?h=%(rev_short)s%%2F%()s',
    ['commitUrl=https://x.org/{repository}?h={shortId}%2F'],
  ],
  [
    'git-multimail',
    'commitBrowseURL=https://x.org/%(refname)s/%(id)s',
    ['-multimailhook.commitbrowseurl: it has a word in it that nothing stands for: see refpost.commitUrl'],
  ],
  [
    'git-multimail',
    'refFilterInclusionRegex=^refs/heads/main$; refFilterExclusionRegex=(?=x)',
    [
      'refs=refs/heads/main',
      '-multimailhook.reffilterexclusionregex: no pattern of refpost.excludeRefs means the same as (?=x)',
    ],
  ],
  // Others.
  [
    'post-receive-email',
    'mailinglist=a@x.org b@x.org',
    ['-hooks.mailinglist: left out, since it is no address: a@x.org b@x.org'],
  ],
  ['post-receive-email', 'mailinglist=a@x.org', ['to=a@x.org', 'kinds=digest branch tag']],
  [
    'post-receive-email',
    'mailinglist=a@x.org; diffopts=-p --stat; announcelist=b@x.org',
    [
      'to=a@x.org',
      'kinds=commit branch digest',
      'announce.to=b@x.org',
      'announce.kinds=tag',
      '-hooks.diffopts: What a mail shows is in templates, not in options of git. With `-p`, each commit has a mail of its own, with its diff.',
    ],
  ],
  [
    'post-receive-email',
    'announcelist=b@x.org; emailprefix=100% ',
    ['to=b@x.org', 'kinds=tag', 'subject=100% {counter} {subject}'],
  ],
  [
    'asfgit',
    'recips=a@x.org b@x.org; subject-fmt=%(subject)s',
    ['to=a@x.org', 'to=b@x.org', 'subject={counter} {subject}'],
  ],
  [
    'asfgit',
    'subject-fmt=%(author)s',
    ['-hooks.asfgit.subject-fmt: it has a word in it that nothing stands for'],
  ],
  [
    'asfgit',
    'max-size=many',
    ['-hooks.asfgit.max-size: as refpost.maxSize it is not a number of bytes, or one with k, m or g'],
  ],
  [
    'git-hooks',
    'mailinglist=/bin/who',
    [
      '-hooks.mailinglist: programs choose no recipients here: /bin/who; see refpost.paths and refpost.people',
    ],
  ],
  [
    'git-hooks',
    'maxcommitemails=7; noemails=refs/heads/a,refs/heads/b-.*',
    ['maxMails=7', 'excludeRefs=refs/heads/a refs/heads/b-*'],
  ],
  [
    'git-hooks',
    'use-standard-branch-ref-namespace=no; use-standard-tag-ref-namespace=no',
    ['branch', 'tag'].map(kind => `-hooks.use-standard-${kind}-ref-namespace: nothing would be announced`),
  ],
  ['gitlab', 'recipients=a@x.org no A@x.org\nb@x.org', ['to=a@x.org', 'to=A@x.org', 'to=b@x.org']],
  ['gitlab', 'recipients=a@x.org; push_events=0', ['to=a@x.org', 'kinds=tag']],
  [
    'gitlab',
    'recipients=a@x.org; active=false',
    ['-emails-on-push.active: GitLab sends nothing: the integration is off'],
  ],
  [
    'gitlab',
    'recipients=a@x.org; branches_to_be_notified=protected',
    [
      'to=a@x.org',
      '-emails-on-push.branches_to_be_notified: which branches are protected only GitLab knows: set refpost.refs',
    ],
  ],
];

test('what old settings come to', () => {
  for (const [mailer, old, comes] of FATES)
    assert.deepEqual(comesTo(mailer, old), comes, `${mailer}: ${old}`);
});

test('what a person has set is left, and Cc by trailers is taken over only where domains bound it', () => {
  const own = [['refpost.to', 'me@x.org']] as const;
  assert.deepEqual(comesTo('git-multimail', 'commitList=a@x.org; maxCommitEmails=5', own), ['maxMails=5']);
  const domains = [['refpost.persondomains', 'x.org']] as const;
  assert.deepEqual(comesTo('git-multimail', 'scanCommitForCc=true', domains), ['cc=trailer:Cc']);
  assert.match(comesTo('git-multimail', 'scanCommitForCc=true')[0] ?? '', /whoever may push would choose/);
});

test('whatever old settings hold, what they come to is read without a fault, and no report moves a terminal', () => {
  const telling = fc.constantFrom(
    ...'a@b|,|<|>|"|(|)|@| |\n|\u001b[2J|\0|\ufffd|{|}|%(|)s|%|5|-|--|smtp|tls|/|\\|.*|[|^|$|none|author'.split(
      '|',
    ),
  );
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(telling).map(pieces => pieces.join('')),
    fc.constant(undefined),
  );
  for (const mailer of mailers) {
    const names = [...mailer.keys.map(({ name }) => name), 'other', 'o\u001b.th.er'];
    const pairs = fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 12 });
    fc.assert(
      fc.property(pairs, drawn => {
        const clean = drawn.map(([key, text]): Pair => [key, text?.replaceAll('\0', '')]);
        const plan = planOf(mailer.name, clean);
        assert.deepEqual(readConfig(overrideEntries(plan.wanted), [], '/home/git').faults, []);
        assert.doesNotMatch(reportText(plan).join(''), /\p{Cc}/u);
      }),
      { numRuns: 40 },
    );
  }
});

test('each key becomes settings that there are, and is named once', () => {
  for (const { name, keys } of mailers) {
    const names = keys.map(key => key.name.toLowerCase().replace(/[-_]/g, ''));
    assert.equal(new Set(names).size, names.length, name);
    for (const { into = '' } of keys)
      for (const [, key = ''] of into.matchAll(/refpost\.(?:\w+\.)?(\w+)/g)) assert.ok(key in settings, key);
  }
});

const PATTERNS: readonly (readonly [
  expression: string,
  how: 'search' | 'whole',
  patterns: string | undefined,
])[] = [
  ['^refs/heads/main$', 'search', 'refs/heads/main'],
  ['^refs/heads/', 'search', 'refs/heads'],
  ['refs/heads/rel', 'search', 'refs/heads/rel*'],
  ['master$', 'search', 'refs/**/*master'],
  ['/wip/', 'search', 'refs/wip refs/**/wip/*'],
  ['^refs/(heads|tags)/v[0-9]', 'search', 'refs/heads/v[0-9]* refs/tags/v[0-9]*'],
  ['^refs/heads/a\\.b|^refs/notes/', 'search', 'refs/heads/a.b* refs/notes'],
  ['^refs/heads/a.*b$', 'search', 'refs/heads/a*b refs/heads/a*/**/*b'],
  ['.*', 'search', 'refs/**/*'],
  ['refs/heads/fsf-.*', 'whole', 'refs/heads/fsf-*'],
  ['refs/users/.*/edit-.*', 'whole', 'refs/users/*/**/edit-*'],
  ['refs/heads/(?!main)', 'search', undefined],
  ['refs/heads/[0-9]+', 'whole', undefined],
  ['a|', 'search', 'refs/**/*a* refs/**/*'],
  ['(a', 'search', undefined],
  ['a)', 'search', undefined],
  ['\\d', 'search', undefined],
  [`${'(a|b)'.repeat(9)}`, 'search', undefined],
];

test('regular expressions become patterns that mean the same, or none', () => {
  const parts = 'heads tags main master rel-1 v1 wip a.b axb users edit-x fsf- notes'.split(' ');
  const refs = parts.flatMap(one =>
    parts.flatMap(two => [
      `refs/${one}/${two}`,
      ...parts.slice(2, 10).map(three => `refs/${one}/${two}/${three}`),
    ]),
  );
  for (const [expression, how, wanted] of PATTERNS) {
    const patterns = refPatterns(expression, how);
    assert.equal(patterns?.join(' '), wanted, expression);
    const regexp = patterns && new RegExp(how === 'whole' ? `^(?:${expression})$` : expression);
    for (const ref of regexp ? refs : []) {
      const isMeant = patterns?.some(pattern => refMatches(pattern, ref));
      // A pattern also means what lies below the ref; git has no ref there.
      const parents = ref.split('/').map((_, at, words) => words.slice(0, at).join('/'));
      const isBelow = parents.some(parent => regexp?.test(parent));
      if (!isBelow) assert.equal(isMeant, regexp?.test(ref), `${expression} ${ref}`);
    }
  }
});

const HOOKS: readonly (readonly [name: string, text: string, kind: string])[] = [
  ['git_multimail.py', '', 'theirs'],
  ['post-receive', '#! /usr/bin/env python\ndef run_as_post_receive_hook(environment, mailer):\n', 'theirs'],
  [
    'post-receive',
    '#!/bin/sh\n\n# a word\nexec python3 /opt/git-multimail/git_multimail.py --environment gitolite "$@"\n',
    'theirs',
  ],
  ['post-receive', '#!/bin/sh\n. /usr/share/git-multimail\n', 'theirs'],
  ['post-receive', '#!/bin/sh\n/opt/git_multimail.py --environment gitolite\necho done\n', 'mixed'],
  ['post-receive', '#!/bin/sh\ncat | /opt/git_multimail.py\n', 'mixed'],
  ['post-receive', '#!/bin/sh\n/opt/git_multimail.py; rm x\n', 'mixed'],
  ['post-receive', '#! /usr/bin/python\nimport git_multimail\n', 'mixed'],
  ['post-receive', '#!/bin/sh\n# git_multimail.py was here\necho hello\n', 'other'],
  ['post-receive', '', 'other'],
];

test('a hook is the mailer, calls it among other things, or has nothing to do with it', () => {
  const [{ hook } = { hook: undefined }] = mailers;
  assert.ok(hook);
  for (const [name, text, kind] of HOOKS) assert.equal(kindOf(name, text, hook), kind, text);
});
