import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Listed } from './listing.ts';
import { faults, read } from './reading.ts';

/** The audiences that settings make, where nothing may be wrong. */
function audiences(entries: readonly Listed[], ...overrides: string[]) {
  const reading = read(entries, ...overrides);
  assert.deepEqual(reading.faults, []);
  return reading.audiences;
}

const LIST: Listed = { key: 'refpost.to', value: 'commits@example.org' };

test('without a subsection the plain section is the only audience, with recipients or without', () => {
  assert.deepEqual(
    [audiences([LIST]), audiences([])].map(found => found.map(({ name, config }) => [name, config.to])),
    [[['', ['commits@example.org']]], [['', []]]],
  );
});

test('audiences are in the order in which their first setting is', () => {
  const found = audiences([
    { key: 'refpost.docs.paths', value: 'docs/' },
    LIST,
    { key: 'refpost.announce.to', value: 'announce@example.org' },
    { key: 'refpost.docs.to', value: 'docs@example.org' },
  ]);
  assert.deepEqual(
    found.map(({ name }) => name),
    ['docs', '', 'announce'],
  );
});

test('an audience inherits what shapes a mail, but neither recipients nor what chooses among pushes', () => {
  const [, docs] = audiences([
    LIST,
    { key: 'refpost.maxmails', value: '7' },
    { key: 'refpost.maxsize', value: '50000' },
    { key: 'refpost.paths', value: 'src/' },
    { key: 'refpost.kinds', value: 'commit' },
    { key: 'refpost.docs.to', value: 'docs@example.org' },
    { key: 'refpost.docs.maxsize', value: '20000' },
  ]);
  const { to, maxMails, maxSize, paths, kinds } = docs?.config ?? {};
  assert.deepEqual(
    { to, maxMails, maxSize, paths, kinds },
    {
      to: ['docs@example.org'],
      maxMails: 7,
      maxSize: 20000,
      paths: [],
      kinds: [],
    },
  );
});

test('an empty value in an audience brings the default back, whatever the plain section says', () => {
  const [, docs] = audiences([
    LIST,
    { key: 'refpost.quietpaths', value: 'vendor/' },
    { key: 'refpost.excluderefs', value: 'refs/heads/wip' },
    { key: 'refpost.docs.excluderefs', value: '' },
    { key: 'refpost.docs.to', value: 'docs@example.org' },
  ]);
  assert.deepEqual([docs?.config.excludeRefs, docs?.config.quietPaths], [[], ['vendor/']]);
});

test('without recipients of its own the plain section is no audience beside others', () => {
  assert.deepEqual(
    audiences([{ key: 'refpost.docs.to', value: 'docs@example.org' }]).map(({ name }) => name),
    ['docs'],
  );
});

test('recipients that are given for one run are all that there are', () => {
  const found = audiences(
    [LIST, { key: 'refpost.docs.to', value: 'docs@example.org' }],
    'refpost.to=me@example.org',
  );
  assert.deepEqual(
    found.map(({ name, config }) => [name, config.to]),
    [['', ['me@example.org']]],
  );
});

test('and nobody of the copies that git config has', () => {
  const [mine] = audiences(
    [
      LIST,
      { key: 'refpost.cc', value: 'team@example.org author' },
      { key: 'refpost.bcc', value: 'archive@example.org' },
      { key: 'refpost.people', value: 'CODEOWNERS' },
      { key: 'refpost.persondomains', value: 'example.org' },
    ],
    'refpost.to=me@example.org',
  );
  const { to, cc, bcc, people } = mine?.config ?? {};
  const nobody = { addresses: [], people: [] };
  assert.deepEqual({ to, cc, bcc, people }, { to: ['me@example.org'], cc: nobody, bcc: nobody, people: [] });
});

test('a setting that is given for one run changes no places', () => {
  const found = audiences(
    [
      { key: 'refpost.docs.paths', value: 'docs/' },
      LIST,
      { key: 'refpost.docs.to', value: 'docs@example.org' },
    ],
    'refpost.docs.paths=manual/',
  );
  assert.deepEqual(
    found.map(({ name, config }) => [name, config.paths]),
    [
      ['docs', ['manual/']],
      ['', []],
    ],
  );
});

test('an empty value leaves out an audience that a wider scope has set', () => {
  const docs = { key: 'refpost.docs.to', value: 'docs@example.org' };
  const names = (...found: Parameters<typeof audiences>) => audiences(...found).map(({ name }) => name);
  assert.deepEqual(names([LIST, docs, { key: 'refpost.docs.to', value: '' }]), ['']);
  assert.deepEqual(names([LIST, docs], 'refpost.docs.to='), ['']);
});

test('groups stand for their addresses, each once', () => {
  const [all] = audiences([
    { key: 'refpost.group', value: 'core: a@example.org b@example.org' },
    { key: 'refpost.to', value: 'group:core, a@example.org' },
    { key: 'refpost.persondomains', value: 'example.org' },
    { key: 'refpost.cc', value: 'author group:core' },
  ]);
  assert.deepEqual(all?.config.to, ['a@example.org', 'b@example.org']);
  assert.deepEqual(all?.config.cc, { addresses: ['a@example.org', 'b@example.org'], people: ['author'] });
});

for (const [what, entries, told] of [
  [
    'an unknown key is told with a suggestion of the audience',
    [{ key: 'refpost.docs.path', value: 'a' }],
    /did you mean refpost\.docs\.paths\?/,
  ],
  [
    'a word for the mail server is one setting',
    [{ key: 'refpost.smtp.user', value: 'a' }],
    /did you mean refpost\.smtpUser\?/,
  ],
  [
    'a setting of the whole repository is none of an audience',
    [{ key: 'refpost.docs.spool', value: '/a' }],
    /for the whole repository.*set refpost\.spool/,
  ],
  [
    'a name that could not be in a header is none',
    [{ key: 'refpost.my docs.to', value: 'a@example.org' }],
    /"my docs" is no name for an audience/,
  ],
  [
    'a section without a name is none',
    [{ key: 'refpost..to', value: 'a@example.org' }],
    /refpost\.\.to.*"\(empty\)" is no name for an audience/,
  ],
  [
    'an audience without recipients is told',
    [{ key: 'refpost.docs.paths', value: 'docs/' }],
    /refpost\.docs\.to.*no recipients/,
  ],
  [
    'a group that is not there is told',
    [{ key: 'refpost.docs.to', value: 'group:core a@example.org' }],
    /there is no group core/,
  ],
  [
    'people without domains are told',
    [{ key: 'refpost.docs.cc', value: 'author' }],
    /no domain in which they may get mail.*refpost\.personDomains/,
  ],
  [
    'a wrong value of an audience is told with its full key',
    [
      { key: 'refpost.docs.to', value: 'a@example.org' },
      { key: 'refpost.docs.maxmails', value: 'many' },
    ],
    /refpost\.docs\.maxMails = "many"/,
  ],
] as const) {
  test(what, () => {
    assert.match(faults([LIST, ...entries] as Listed[]), told);
  });
}
