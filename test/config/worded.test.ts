import assert from 'node:assert/strict';
import { test } from 'node:test';
import { archive, posting, urls } from '../../src/config/urls.ts';
import { answered, footer, header, headerNames, sender, subject } from '../../src/config/worded.ts';
import { config, faults } from './reading.ts';
import { assertSecret, testReadings } from './readings.ts';

testReadings({
  subject: {
    type: subject,
    good: [
      ['{counter} {repository} {branch}: {subject}', '{counter} {repository} {branch}: {subject}'],
      ['braces {} { } {1} {a b} {"x":1} {{}}', 'braces {} { } {1} {a b} {"x":1} {{}}'],
    ],
    bad: [
      [
        '{autor.name}',
        /has \{autor\.name\} in it, which stands for nothing; did you mean \{author\.name\}\?/,
      ],
      ['{author}', /did you mean \{author\.name\}\?/],
      ['{Repository}', /did you mean \{repository\}\?/],
      ['{sha} {repo}', /did you mean \{id\}\?/],
      ['{{subjekt}}', /did you mean \{subject\}\?/],
      ['{xyzzy}', /the words are repository, host, /],
      ['a\nBcc: eve@example.org', /line end/],
      ['a\u2028b', /line end or another control character/],
    ],
  },
  footer: {
    type: footer,
    good: [
      ['Mail about {repository}\r\nby {host}', 'Mail about {repository}\nby {host}'],
      ['x'.repeat(900), 'x'.repeat(900)],
    ],
    bad: [
      ['x'.repeat(901), /longer than 900/],
      ['bell\u0007', /control character/],
      ['Thanks\n@@ -1 +1 @@', /line in it that git am takes for a patch/],
      ['diff --git a/x b/x', /takes for a patch/],
      ['{repositry}', /did you mean \{repository\}/],
    ],
  },
  sender: {
    type: sender,
    good: [
      ['a@example.org', 'a@example.org'],
      [
        '{author.name} via {repository} <git@example.org>',
        '{author.name} via {repository} <git@example.org>',
      ],
      ['"{author.name}, {branch}" <git@example.org>', '"{author.name}, {branch}" <git@example.org>'],
      ['{author.name}, {branch} <git@example.org>', '"{author.name}, {branch}" <git@example.org>'],
    ],
    bad: [
      ['{author.nam} <git@example.org>', /did you mean \{author\.name\}/],
      ['{author.email}', /has a word in its address.*fromAuthorDomains/],
      ['Git <{repository}@example.org>', /has a word in its address/],
      ['Git <git@{host}>', /has a word in its address/],
      ['{repository}@example.org', /has a word in its address/],
      ['Git', /neither an address nor/],
    ],
  },
  answered: {
    type: answered,
    good: [
      ['Author', 'author'],
      ['none', 'none'],
      ['list', 'list'],
      ['Dev, all <dev@example.org>', '"Dev, all" <dev@example.org>'],
    ],
    bad: [
      ['authr', /neither an address .*, nor one of author, committer, pusher, list, none/],
      ['author, committer', /nor one of/],
    ],
  },
  header: {
    type: header,
    good: [
      ['X-Team: core', [['X-Team', 'core']]],
      ['X-Team:core: a, b', [['X-Team', 'core: a, b']]],
      ['X-Branch: {branch}', [['X-Branch', '{branch}']]],
      ['Auto-Submitted: no', [['Auto-Submitted', 'no']]],
    ],
    bad: [
      ['X-Team', /is not of the form Name: value/],
      ['X Team: core', /is not of the form Name: value/],
      ['X-Té: core', /is not of the form Name: value/],
      [': core', /is not of the form Name: value/],
      [`X-${'x'.repeat(76)}: core`, /is not of the form Name: value/],
      ['X-Team:', /has no value after the colon/],
      ['X-Team: a\nBcc: eve@example.org', /line end/],
      ['X-Team: a\rBcc: eve@example.org', /line end/],
      [`X-Team: ${'x'.repeat(901)}`, /longer than 900/],
      ['X-Team: {brunch}', /did you mean \{branch\}/],
      ['Bcc: eve@example.org', /is a header that refpost\.bcc sets/],
      ['list-id: <x.example.org>', /is a header that refpost\.listId sets/],
      ...['Date: now', 'Message-ID: <x@y>', 'Content-Type: text/html', 'Resent-To: eve@example.org'].map(
        line => [line, /nobody but refpost and mail servers may write/] as const,
      ),
      ...['DKIM-Signature: v=1', 'Return-Path: <>', 'ARC-Seal: i=1', 'References: <x@y>'].map(
        line => [line, /nobody but refpost and mail servers may write/] as const,
      ),
    ],
  },
  headerNames: {
    type: headerNames,
    good: [
      ['auto-submitted', ['Auto-Submitted']],
      ['Precedence, X-Git-Pusher To', ['Precedence', 'X-Git-Pusher', 'To']],
    ],
    bad: [
      ['From', /has From in it, which every mail needs/],
      ['Precedence message-id', /has message-id in it, which every mail needs/],
      ['References', /every mail needs/],
      ['Content-Type', /every mail needs/],
      ['Auto-Submited', /no header of ours; did you mean Auto-Submitted\?/],
      ['X-Mailer', /"X-Mailer" in it, which is no header of ours$/],
    ],
  },
  urls: {
    type: urls,
    good: [
      [
        'https://lists.example.org/leave?a=b leave@example.org',
        ['https://lists.example.org/leave?a=b', 'mailto:leave@example.org'],
      ],
      [
        'mailto:leave@example.org?subject=leave%20{repository}',
        ['mailto:leave@example.org?subject=leave%20{repository}'],
      ],
      [
        'https://lists.example.org/{repository}/, https://{host}/',
        ['https://lists.example.org/{repository}/', 'https://{host}/'],
      ],
    ],
    bad: [
      ['lists.example.org', /neither an http, https or mailto URL/],
      ['javascript:alert(1)', /neither an http, https or mailto URL/],
      ['https://example.org/>,<https://eve.example.org', /neither an http, https or mailto URL/],
      ['https://example.org/é', /neither an http, https or mailto URL/],
      ['https://example.org/{repositry}', /did you mean \{repository\}/],
      ['https://', /neither/],
      [`https://example.org/${'x'.repeat(900)}`, /more than 900 characters/],
      [',', /has no URL in it/],
    ],
  },
  posting: {
    type: posting,
    good: [
      ['commits@example.org', ['mailto:commits@example.org']],
      ['No', ['NO']],
    ],
    bad: [['commits', /neither an http/]],
  },
  archive: {
    type: archive,
    good: [['https://lists.example.org/{messageId}/', 'https://lists.example.org/{messageId}/']],
    bad: [
      ['https://lists.example.org/', /has no \{messageId\} or \{page\} in it/],
      ['https://a.example.org/{messageId} https://b.example.org/{messageId}', /more than one URL/],
    ],
  },
});

test('a password in a URL of a list is not repeated', () => {
  for (const type of [urls, posting]) assertSecret(type, 'https://ada:hunter2@lists.example.org/');
});

test('a mail that nothing marks as sent by a program is a contradiction, told where it was made', () => {
  const omit = { key: 'refpost.omitheader', value: 'Auto-Submitted Precedence' };
  const noList = { key: 'refpost.listid', value: 'none' };
  config([omit]);
  config([omit, noList, { key: 'refpost.header', value: 'Precedence: bulk' }]);
  assert.match(
    faults([omit, noList]),
    /refpost\.omitHeader = "Auto-Submitted Precedence" \(config, local\): leaves out the last of Auto-Submitted, Precedence, List-Id: every/,
  );
  assert.match(faults([{ ...omit, value: 'Precedence Auto-Submitted List-Id' }]), /refpost\.omitHeader = /);
  const docs = [
    { key: 'refpost.docs.to', value: 'docs@example.org' },
    { key: 'refpost.docs.listid', value: 'none' },
  ];
  assert.match(faults([omit, ...docs]), /^a setting is wrong:\n {2}refpost\.docs\.listId = "none"/);
});

test('headers and footer that would leave no room for a mail are a contradiction', () => {
  const many = Array.from({ length: 9 }, (_, at) => ({
    key: 'refpost.header',
    value: `X-${at}: ${'x'.repeat(150)}`,
  }));
  config(many);
  assert.match(
    faults(many, 'refpost.maxSize=4000'),
    /refpost\.maxSize = "4000" \(command line\): headers, subject and footer may take \d+ bytes, more than a third of a mail/,
  );
  assert.match(
    faults([{ key: 'refpost.footer', value: '字'.repeat(400) }], 'refpost.maxSize=10000'),
    /more than a third/,
  );
});
