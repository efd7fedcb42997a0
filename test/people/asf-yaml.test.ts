import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedIn, peopleFile } from './naming.ts';

const LINES = [
  '# Licensed to the Apache Software Foundation (ASF)',
  'github: &github',
  '  features: {wiki: no, issues: yes}',
  '  protected_branches: {main: &rules {required_linear_history: true}, next: *rules}',
  'other: {<<: *github}',
  'notifications:',
  '  commits:  commits@foo.example.org',
  '  issues: issues@foo.example.org',
  '  commits_by_path:',
  '    "sub-folder/*": foo@bar.example.org',
  '    "docs/README.md":',
  '      - foo@bar.example.org',
  '      - Jane Doe <janedoe@example.org>',
  '      - not an address',
  '      - {a: b}',
  '    "*.py": py@example.org',
  '    "*.py": py2@example.org',
  '  jira_options: link label',
];

test('.asf.yaml names the list of all commits, and those of the paths', async () => {
  const file = await peopleFile('.asf.yaml', LINES);
  const ALL = 'commits@foo.example.org';
  const cases: readonly (readonly [path: string, named: string])[] = [
    ['a.c', ALL],
    ['sub-folder/a.c', `${ALL} foo@bar.example.org`],
    ['sub-folder/b/c/a.c', `${ALL} foo@bar.example.org`],
    ['x/sub-folder/a.c', ALL],
    ['docs/README.md', `${ALL} foo@bar.example.org janedoe@example.org`],
    ['x/y/a.py', `${ALL} py2@example.org`],
  ];
  assert.deepEqual(
    cases.map(([path]) => [path, namedIn(file, path)]),
    cases,
  );
  assert.deepEqual(file.of(['docs/README.md']).named.slice(0, 2), [
    { who: 'commits@foo.example.org', why: '.asf.yaml line 7: commits' },
    { who: 'foo@bar.example.org', why: '.asf.yaml line 11: docs/README.md' },
  ]);
});

test('.asf.yaml that names nobody for commits names nobody', async () => {
  const texts = [
    '',
    'a',
    '- a',
    'notifications:',
    'notifications: a@x.org',
    'notifications: {commits: {a@x.org: b}, commits_by_path: [a@x.org]}',
    'notifications: {commits: 5, commits_by_path: {5: a@x.org, [a]: b@x.org}}',
    'a: &a a@x.org\nnotifications: {commits: *a}',
  ];
  for (const text of texts) assert.equal(namedIn(await peopleFile('.asf.yaml', [text]), 'a'), '', text);
});

test('as many brackets and blanks as real files have are not too deep', async () => {
  const labels = Array.from({ length: 30 }, (_, at) => `  k${at}: [a, b]`);
  const file = await peopleFile('.asf.yaml', [
    ...LINES,
    'labels:',
    ...labels,
    `description: "${'long: - '.repeat(40)}"`,
  ]);
  assert.equal(file.fault, undefined);
});

test('.asf.yaml that cannot be read says why, and names nobody', async () => {
  const cases: readonly (readonly [text: string, fault: RegExp])[] = [
    ['a: 1\nb: [', /^is no YAML: line 3: .+/],
    ['a: 1\n---\nb: 2', /^is no YAML: line 2: .+/],
    [`${'['.repeat(101)}${']'.repeat(101)}`, /^is nested too deeply$/],
    [`${'- '.repeat(101)}a`, /^is nested too deeply$/],
    [`a:\n${' '.repeat(101)}b: c`, /^is nested too deeply$/],
    [`# ${'x'.repeat(50_000)}`, /^is larger than 50000 bytes$/],
  ];
  for (const [text, fault] of cases) {
    const file = await peopleFile('.asf.yaml', [text]);
    assert.match(file.fault ?? '', fault);
    assert.equal(namedIn(file, 'a'), '');
  }
});
