import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { configError } from '../../src/config/config-fault.ts';
import { composeForWire, mailSize } from '../../src/delivery/compose.ts';
import { isAddress } from '../../src/model/address.ts';
import type { Commit } from '../../src/model/commit.ts';
import type { Config } from '../../src/model/config.ts';
import { smtpSize } from '../../src/model/mail.ts';
import { MAIL_WORDS } from '../../src/model/words.ts';
import { renderNotice } from '../../src/render/render-notice.ts';
import { loadTemplates } from '../../src/render/templates.ts';
import { read } from '../config/reading.ts';
import { assertLegal } from '../delivery/sample-mail.ts';
import { changeOf, pushOf, ZERO } from '../fixtures/nouns.ts';
import { HOME } from '../fixtures/world.ts';

/*
 * Whatever a commit says, and whatever of the settings is taken, a mail has the fields that it should have, once each, and names nobody else.
 */

/** What people write to get a line, a header or a recipient into a mail. */
const HOSTILE = fc.constantFrom(
  ...[
    '\n',
    '\r',
    '\r\n',
    '\u2028',
    '\u0085',
    '\0',
    '=?',
    '?=',
    '"',
    '\\',
    '<',
    '>',
    ',',
    ';',
    ':',
    '(',
    ')',
    '@',
  ],
  ...[
    'Bcc: eve@evil.example',
    '<eve@evil.example>',
    '=?UTF-8?Q?=0ABcc:_eve@evil.example?=',
    'eve@evil.example, ',
  ],
  ...[
    '{subject}',
    '{author.name}',
    '{',
    '}',
    '\u202e',
    '\ud800',
    'é',
    '你好',
    ' '.repeat(40),
    'x'.repeat(1200),
  ],
);
const text = fc
  .array(fc.oneof(HOSTILE, fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 8 })
  .map(parts => parts.join(''));
const worded = fc
  .array(
    fc.oneof(
      text,
      fc.constantFrom(...MAIL_WORDS).map(word => `{${word}}`),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map(parts => parts.join(' '));

const email = fc.oneof(text, fc.constantFrom('ada@example.org', 'ada@sub.example.org', 'ada@example.net'));
const person = fc.record({ name: text, email, date: text });

const settings = fc.record(
  {
    from: worded.map(name => `${name} <git@example.org>`),
    fromAuthorDomains: fc.constantFrom('example.org', '*.example.org'),
    replyTo: fc.oneof(fc.constantFrom('author', 'committer', 'pusher', 'list', 'none'), text),
    header: worded.map(value => `X-Own: ${value}`),
    omitHeader: fc.constantFrom('Precedence', 'To', 'Subject', 'X-Git-Rev'),
    listPost: fc.oneof(
      worded.map(word => `https://lists.example.org/${word}`),
      fc.constant('no'),
    ),
    listArchive: worded.map(word => `https://lists.example.org/${word}`),
    listUnsubscribe: worded.map(word => `https://lists.example.org/?${word} mailto:leave@example.org`),
    archivedAt: worded.map(word => `https://lists.example.org/{messageId}/${word}`),
    subject: worded,
    footer: worded,
    threadIndex: fc.constant('true'),
    style: fc.constantFrom('apache', 'multimail', 'modern'),
  },
  { requiredKeys: [] },
);

const facts = fc.record({
  author: person,
  committer: person,
  subject: text,
  repositoryName: text,
  branch: text,
  pusher: fc.option(fc.record({ name: text, email }), { nil: undefined }),
  isSigned: fc.boolean(),
  number: fc.integer({ min: 1, max: 12 }),
  isCombined: fc.boolean(),
});

const templatesOf = async (style: string) =>
  loadTemplates([style, 'apache'].map(name => join(HOME, 'templates', name)));
const templates = {
  apache: await templatesOf('apache'),
  multimail: await templatesOf('multimail'),
  modern: await templatesOf('modern'),
};
const ID = 'c34f23e16'.padEnd(40, '0');

function mailOf(given: typeof facts extends fc.Arbitrary<infer T> ? T : never, config: Config) {
  const { author, committer, subject, repositoryName, branch, pusher, number, isCombined } = given;
  const commit: Commit = {
    id: ID,
    parents: [],
    tree: ID,
    author,
    committer,
    subject,
    message: subject,
    stat: Buffer.alloc(0),
    files: [],
  };
  const change = { ...changeOf(`${ZERO} ${ID} refs/heads/x`, 'created'), ref: `refs/heads/x${branch}` };
  const story = isCombined ? { story: { change, lost: [], kept: [] } } : {};
  const notice = { kind: 'commit', commit: ID, change, ...story } as const;
  const first = { ...notice, commit: ZERO };
  const plan = {
    push: pushOf('20240601T120000-00000000', Date.UTC(2024, 5, 1)),
    changes: [change],
    notices: [number === 1 ? notice : first, notice],
    told: new Set<string>(),
    leftOut: new Map(),
  };
  const context = {
    config,
    repositoryName,
    audience: '',
    host: 'git.example.org',
    templates: templates[config.style],
  };
  return renderNotice(
    plan,
    { notice, commit },
    { number, total: 12 },
    {
      ...context,
      ...(pusher ? { pusher } : {}),
    },
  );
}

const FIELDS = [
  ...[
    'from',
    'sender',
    'to',
    'reply-to',
    'subject',
    'date',
    'message-id',
    'in-reply-to',
    'references',
    'list-id',
  ],
  ...[
    'list-post',
    'list-archive',
    'list-unsubscribe',
    'list-unsubscribe-post',
    'archived-at',
    'thread-topic',
  ],
  ...[
    'thread-index',
    'x-git-host',
    'x-git-repo',
    'x-git-refname',
    'x-git-reftype',
    'x-git-oldrev',
    'x-git-newrev',
    'x-git-rev',
    'x-git-notificationtype',
    'x-git-pusher',
  ],
  ...['auto-submitted', 'precedence', 'x-patchwork-hint', 'x-own', 'mime-version', 'content-type'],
  'content-transfer-encoding',
];

test('whatever commits and settings say, a mail has its own fields, and names nobody else', async () => {
  await fc.assert(
    fc.asyncProperty(facts, settings, async (given, wanted) => {
      // What is wrong is refused, and the rest counts.
      const signed = given.isSigned
        ? { dkimDomain: 'example.org', dkimSelector: 's', dkimKeyFile: '/key' }
        : {};
      const overrides = Object.entries({ ...wanted, ...signed }).map(
        ([key, value]) => `refpost.${key}=${value}`,
      );
      const { config } = read([], 'refpost.to=commits@example.org', ...overrides);
      const mail = mailOf(given, config);
      const { bytes } = composeForWire(mail);
      assertLegal(bytes);
      assert.equal(mailSize(mail), smtpSize(bytes));
      assert.ok(mailSize(mail, Number.MAX_SAFE_INTEGER) >= smtpSize(bytes), 'the guess is no smaller');
      assert.deepEqual(mail.envelope.to, ['commits@example.org']);
      assert.doesNotMatch(mail.envelope.from, /ada|eve/);
      const postal = await PostalMime.parse(bytes);
      const other = await simpleParser(bytes, { skipHtmlToText: true, skipTextToHtml: true });
      const keys = postal.headers.map(({ key }) => key);
      assert.deepEqual(
        keys,
        FIELDS.filter(field => keys.includes(field)),
      );
      assert.deepEqual(other.headerLines.map(({ key }) => key).sort(), [...keys].sort());
      const named = [postal.from, postal.to, postal.replyTo, postal.cc, postal.bcc, postal.sender].flat();
      const known = new Set([
        'commits@example.org',
        'git@example.org',
        'git@git.example.org',
        mail.from.address,
      ]);
      for (const { address } of mail.replyTo ?? []) known.add(address);
      const strangers = named.flatMap(one => (one?.address && !known.has(one.address) ? [one.address] : []));
      assert.deepEqual(strangers, []);
      if (config.fromAuthorDomains.length === 0 || !isAddress(given.author.email))
        assert.match(mail.from.address, /^git@/);
      for (const name of ['list-post', 'list-archive', 'list-unsubscribe', 'archived-at']) {
        const value = postal.headers.find(({ key }) => key === name)?.value ?? '';
        assert.match(
          value,
          /^$|^NO$|^<(https|mailto):[\x21-\x3d\x3f-\x7e]+>(, <(https|mailto):[\x21-\x3d\x3f-\x7e]+>)*$/,
        );
      }
      assert.equal(
        keys.includes('list-unsubscribe-post'),
        given.isSigned && config.listUnsubscribe.length > 0,
      );
    }),
  );
});

test('headers and footers that are taken leave room for a mail in any case', () => {
  fc.assert(
    fc.property(facts, settings, fc.integer({ min: 4000, max: 20_000 }), (given, wanted, maxSize) => {
      const overrides = Object.entries(wanted).map(([key, value]) => `refpost.${key}=${value}`);
      const reading = read([], 'refpost.to=commits@example.org', ...overrides, `refpost.maxSize=${maxSize}`);
      if (reading.faults.length > 0) return assert.ok(configError(reading.faults));
      const { footer = '', headers } = mailOf(given, reading.config);
      const own = headers.filter(([name]) => name === 'X-Own').flat();
      assert.ok(Buffer.byteLength([footer, ...own].join('')) <= maxSize / 2);
    }),
  );
});
