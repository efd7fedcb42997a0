import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Status } from '../../src/model/status.ts';
import { foldJournal } from '../../src/outbox/fold-journal.ts';
import { statusText } from '../../src/status/formats.ts';
import { type Findings, findingsOf, statusOf } from '../../src/status/status-of.ts';
import { exitCodeOf, transportRemedy } from '../../src/status/troubles.ts';
import { ADA, entryTo, happened, MINUTE, NOON } from '../outbox/spool-fixture.ts';

const CALM: Findings = {
  spool: '/spool',
  now: NOON,
  worker: { state: 'running', pid: 1, host: 'here', startedBy: 'hook' },
  warnAfter: 240 * MINUTE,
  recorded: [],
  held: [],
  unreadable: 0,
  entries: [],
  damaged: 0,
  mirrors: [],
};

/** One push of one mail, to which this happened. */
function entry(...events: readonly ReturnType<typeof happened>[]) {
  const stored = entryTo([ADA]);
  const ref = { place: 'queue' as const, number: 1, id: 'push-1' };
  return findingsOf({ ref, entry: stored, state: foldJournal(stored, events) }, NOON);
}

const AWAY = 'smtp://mail.example.org:25: connect ECONNREFUSED 192.0.2.1:25';
const LOGIN = 'smtp://mail.example.org:25: login as bob: 535 5.7.8 no';
const NONE = { state: 'none', startedBy: 'hook' } as const;
const REASON = { what: 'it is wrong', remedy: 'correct it' };

const CASES: readonly (readonly [string, Partial<Findings>, code: number, words: RegExp])[] = [
  ['nothing waits', {}, 0, /^state: {6}all is well$/m],
  ['a record has just come', { recorded: [NOON] }, 0, /waiting for the worker, which is busy/],
  ['a record waits for a worker', { recorded: [NOON], worker: NONE }, 0, /waiting for a worker/],
  [
    'nobody comes for it',
    { recorded: [0], worker: NONE },
    69,
    /1 recorded push waits, and no worker is running/,
  ],
  [
    'nobody sends',
    { entries: [entry()], worker: NONE, now: NOON + 6 * MINUTE },
    69,
    /1 queued mail waits, and no worker/,
  ],
  [
    'the server is away',
    { entries: [entry(happened('unreached', 1, { reply: AWAY }))] },
    0,
    /waiting for smtp:.*ECONNREFUSED/,
  ],
  [
    'the login is wrong',
    { entries: [entry(happened('unreached', 1, { reply: LOGIN, lasting: true }))] },
    69,
    /trouble: .*535.*\n +correct refpost.smtpUser/,
  ],
  [
    'a mail is deferred',
    { entries: [entry(happened('deferred', 1, { reply: '450 later', until: NOON + MINUTE }))] },
    0,
    /waiting for another try in 1m: 450 later/,
  ],
  [
    'records are held',
    {
      recorded: [NOON, NOON],
      held: [
        { push: 'b', ...REASON },
        { push: 'a', ...REASON },
      ],
    },
    69,
    /2 pushes are held: it is wrong\n +correct it/,
  ],
  ['settings are wrong', { settings: REASON }, 69, /trouble: {4}it is wrong/],
  ['the disk is full', { disk: REASON }, 69, /trouble: {4}it is wrong/],
  ['a record is bad', { unreadable: 1 }, 69, /1 record could not be read/],
  [
    'a mail was given up',
    { entries: [entry(happened('rejected', 1, { reply: '550' }))] },
    69,
    /mails of 1 push were given up/,
  ],
  [
    'a start has failed',
    { recorded: [NOON], worker: { ...NONE, startError: { at: NOON, words: 'no node' } } },
    69,
    /could not be started: no node/,
  ],
  [
    'a start has failed because settings are wrong',
    {
      recorded: [NOON],
      settings: { what: 'a setting is wrong:\n  it is', remedy: 'correct it' },
      worker: { ...NONE, startError: { at: NOON, words: 'refpost: a setting is wrong: it is correct it' } },
    },
    69,
    /a setting is wrong(?!.*could not be started)/s,
  ],
  [
    'a start had failed before',
    { recorded: [NOON], worker: { ...NONE, startError: { at: NOON - 1, words: 'no node' } } },
    0,
    /waiting for a worker/,
  ],
  [
    'a push waits too long',
    { entries: [entry(happened('unreached', 1, { reply: AWAY }))], warnAfter: -1 },
    75,
    /longer than .*for smtp:.*ECONNREFUSED/,
  ],
];

for (const [title, findings, code, words] of CASES) {
  test(`status where ${title}`, () => {
    const status: Status = statusOf({ ...CALM, ...findings });
    assert.equal(exitCodeOf(status.troubles), code);
    assert.match(statusText(status), words);
    if (title !== 'nothing waits') assert.doesNotMatch(statusText(status), /all is well/);
  });
}

test('each reason is told once, with the first push that it holds and how many there are', () => {
  const held = ['c', 'a', 'b'].map(push => ({ push, ...REASON }));
  const other = { push: 'd', what: 'another', remedy: 'x' };
  assert.deepEqual(statusOf({ ...CALM, held: [...held, other] }).held, [
    { ...REASON, pushes: 3, first: 'a' },
    { what: 'another', remedy: 'x', pushes: 1, first: 'd' },
  ]);
});

test('a mail that went out since is not deferred, and its transport is well', () => {
  const gone = entry(happened('unreached', 1, { reply: LOGIN, lasting: true }), happened('sent', 1));
  const { deferred, transports, sent, troubles } = statusOf({ ...CALM, entries: [gone] });
  assert.deepEqual(
    { deferred, transports, sent, troubles },
    { deferred: 0, transports: [], sent: 1, troubles: [] },
  );
});

test('what a server answers later takes the place of what could not be reached', () => {
  const later = happened('deferred', 1, { reply: '450 later', until: NOON + MINUTE });
  const status = statusOf({
    ...CALM,
    entries: [entry(happened('unreached', 1, { reply: LOGIN, lasting: true }), later)],
  });
  assert.deepEqual(status.troubles, []);
});

test('the remedy fits the fault', () => {
  const remedies: readonly (readonly [string, RegExp])[] = [
    ['smtp://h:25: refpost.smtpPasswordFile, /pw, can be read by every user: chmod o= /pw', /^correct that/],
    ['smtp://h:25: refpost.smtpTokenCommand did not end within 30 s: run it by hand', /^correct that/],
    ['smtp://h:25: refpost.caFile, /ca, cannot be read: name a file', /^correct that/],
    [
      'smtp://h:25: the server offers no login that takes a password, only GSSAPI (see refpost.smtpTokenCommand)',
      /of a kind that it offers/,
    ],
    [LOGIN, /smtpUser, and its password or token/],
    [
      'smtp://h:25: no encrypted connection: self-signed certificate (see refpost.caFile and refpost.tls)',
      /authority.*refpost\.caFile/,
    ],
    [
      'smtp://h:25: no encrypted connection: x (see the host in refpost.transport, and refpost.tls)',
      /as its certificate does/,
    ],
    [
      'smtp://h:25: no encrypted connection: tlsv13 alert certificate required (see refpost.clientCertFile)',
      /refpost\.clientKeyFile/,
    ],
    ['lmtp:unix:/run/lmtp: connect EACCES /run/lmtp', /unix_listener/],
    ['smtp://h:25: 504 5.5.2 <x>: Helo command rejected', /refpost\.ehloName/],
    ['smtp://h:25: no encrypted connection: self-signed certificate (see refpost.tls)', /refpost\.tls/],
    [AWAY, /refpost\.transport/],
    ['/usr/sbin/sendmail: spawn ENOENT', /the program/],
    ['550 5.7.1 Sender address rejected', /refpost\.from/],
  ];
  for (const [words, remedy] of remedies) assert.match(transportRemedy(words), remedy);
});

test('a mirror whose server fails for a while is trouble, and one at which nobody looks', () => {
  const mirror = {
    repository: '/srv/mirrors/mig.git',
    address: 'https://git.example.org/mig',
    at: NOON - MINUTE,
  };
  const failed = { words: 'https://git.example.org/mig: not found', remedy: 'see to it' };
  const troubles = (of: object) => statusOf({ ...CALM, mirrors: [{ ...mirror, ...of }] }).troubles;
  assert.deepEqual(troubles({}), []);
  assert.deepEqual(troubles({ ...failed, since: NOON - 3 * MINUTE }), []);
  assert.deepEqual(troubles({ ...failed, since: NOON - 20 * MINUTE }), [
    {
      kind: 'mirror',
      what: 'for 20m /srv/mirrors/mig.git could not be brought up to date: https://git.example.org/mig: not found',
      remedy: 'see to it',
    },
  ]);
  assert.match(
    troubles({ at: NOON - 300 * MINUTE })[0]?.what ?? '',
    /^for 5h nobody has looked what is new at https/,
  );
  const text = statusText(statusOf({ ...CALM, mirrors: [{ ...mirror, ...failed, since: NOON - MINUTE }] }));
  assert.match(
    text,
    /^mirror: {5}https:\/\/git.example.org\/mig looked at 1m ago, failed: https.*not found$/m,
  );
});
