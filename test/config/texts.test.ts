import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  command,
  listId,
  path,
  paths,
  patterns,
  refPatterns,
  regexp,
  secretFile,
  text,
  url,
} from '../../src/config/texts.ts';
import { choice } from '../../src/config/value-type.ts';
import { assertSecret, testReadings } from './readings.ts';

testReadings({
  text: {
    type: text,
    good: [
      ['mesos', 'mesos'],
      ['a name; with # marks', 'a name; with # marks'],
      ['Проект', 'Проект'],
    ],
    bad: [
      ['two\nlines', /line end/],
      ['a\u001b[31mred', /control character/],
      ['a\u2028b', /line end/],
    ],
  },
  // What git says of each was looked at.
  regexp: {
    type: regexp,
    good: [
      'security|CVE-[0-9]{4}',
      '^Fix(es)?:',
      '\\(c\\?\\)',
      '[(?\\d{]',
      '\\bword\\W',
      '(a)\\1',
      'a{,3}b{2,}',
      'x\\{',
    ].map(text => [text, text] as const),
    bad: [
      ['(', /is no regular expression/],
      ['[z-a]', /is no regular expression/],
      ['(?:a)', /has \(\? in it, which an extended regular expression cannot have/],
      ['\\d+', /has \\d in it/],
      ['\\p{L}', /has \\p in it/],
      ['[[:foo:]]', /has \[\[:foo:\]\] in it/],
      ['{1', /has \{1 in it/],
      ['a{x}', /has \{x\} in it/],
      ['a{1,999}', /has \{1,999\} in it/],
      ['(a)\\2', /has \\2 in it/],
    ],
  },
  command: { type: command, good: [['pass show mail', 'pass show mail']], bad: [['a\nb', /line end/]] },
  patterns: {
    type: patterns,
    good: [
      ['*.lock  vendor/\n[a-c]?', ['*.lock', 'vendor/', '[a-c]?']],
      ['\\[x [[x] [[:digit:]]', ['\\[x', '[[x]', '[[:digit:]]']],
    ],
    bad: [
      ['ok [z-a]*', /has "\[z-a\]\*" in it, which has a range the wrong way round/],
      ['a[bc', /has a \[ without its \]/],
      ['a[[:digit:]', /has a \[ without its \]/],
      ['a\\', /ends in a backslash/],
      ['[[:digits:]]', /has \[:digits:\] in it, a class that git does not know/],
    ],
  },
  refPatterns: {
    type: refPatterns,
    good: [['refs/heads r?fs/* * **/x', ['refs/heads', 'r?fs/*', '*', '**/x']]],
    bad: [
      ['refs/heads main', /has "main" in it, which starts no full name of a ref/],
      ['heads/*', /no full name/],
      ['refs/heads/[z-a]*', /wrong way round/],
    ],
  },
  path: {
    type: path,
    good: [
      ['/var/spool/refpost', '/var/spool/refpost'],
      ['/var/spool/../spool/refpost/', '/var/spool/refpost'],
      ['~/spool', '/home/git/spool'],
      ['~', '/home/git'],
      ['/with blank', '/with blank'],
    ],
    bad: [
      ['spool', /not an absolute path/],
      ['./spool', /not an absolute path/],
      ['~ada/spool', /not an absolute path/],
      ['%(prefix)/spool', /not an absolute path/],
      ['/a\nb', /line end/],
    ],
  },
  paths: {
    type: paths,
    good: [
      ['/srv/git/library.git', ['/srv/git/library.git']],
      ['~/with blank', ['/home/git/with blank']],
    ],
    bad: [['../library.git', /not an absolute path/]],
  },
  url: {
    type: url,
    good: [
      ['https://git.example.org/mesos', 'https://git.example.org/mesos'],
      ['https://git.example.org/mesos//', 'https://git.example.org/mesos'],
      ['HTTP://localhost:8080', 'HTTP://localhost:8080'],
      ['https://git.example.org/@ada/mesos', 'https://git.example.org/@ada/mesos'],
    ],
    bad: [
      ['git.example.org', /not an http or https URL/],
      ['ftp://git.example.org', /not an http or https URL/],
      ['https://', /not an http or https URL/],
      ['https:git.example.org', /not an http or https URL/],
      ['https://git.example.org/a b', /not an http or https URL/],
      ['https://git.example.org:99999/', /not an http or https URL/],
      ['https://ada:hunter2@git.example.org', /user name or password/],
      ['https://git.example.org/?p=mesos.git', /\? or #/],
    ],
  },
  listId: {
    type: listId,
    good: [['commits.example.org', 'commits.example.org']],
    bad: [
      ['commits', /name\.domain/],
      ['commits..org', /name\.domain/],
      ['commits@example.org', /is an address/],
      ['<commits.example.org>', /angle brackets/],
      ['Commits of all <commits.example.org>', /angle brackets/],
      ['commits.example.org\nX: y', /name\.domain/],
      [`${'a.'.repeat(200)}org`, /name\.domain/],
    ],
  },
  choice: {
    type: choice('verify', 'opportunistic', 'off'),
    good: [
      ['verify', 'verify'],
      ['OFF', 'off'],
    ],
    bad: [
      ['no', /none of verify, opportunistic, off/],
      ['of', /none of/],
    ],
  },
});

test('a path in the home directory needs to know where that is', () => {
  for (const home of [undefined, '', 'relative']) {
    const reading = path.read('~/spool', home);
    assert.ok('wrong' in reading && /HOME is not set/.test(reading.wrong));
  }
});

test('a link or password file that may hold a password is not repeated', () => {
  assertSecret(url, 'https://ada:hunter2@git.example.org');
  assertSecret(url, 'https:ada:hunter2@git.example.org');
  assertSecret(secretFile, 'hunter2');
});
