import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressesIn, isAddress } from '../../src/model/address.ts';
import { globMatches } from '../../src/model/glob.ts';
import { gitGlob, matchesWithin } from '../../src/model/glob-budget.ts';
import { parsePeopleFile } from '../../src/people/people-file.ts';
import { isHandle } from '../../src/people/rules.ts';
import { peopleFile } from './naming.ts';

const piece = fc.constantFrom(
  ...[
    '*',
    '**',
    '?',
    '/',
    '\\',
    '[',
    ']',
    '!',
    '#',
    '@',
    '@a',
    'a',
    'b.c',
    ' ',
    '\t',
    '\r',
    '\n',
    '\n',
    '^[A][2] @b\n',
  ],
  ...[
    'M: ',
    'F: ',
    'X: ',
    'L: ',
    ' a@x.org',
    ' <b@x.org>',
    ' b@x.org,',
    'notifications:\n',
    '  commits: ',
    ': ',
    '\0',
    'ü',
  ],
);
const text = fc.array(piece, { maxLength: 60 }).map(pieces => pieces.join(''));
const path = fc
  .array(fc.constantFrom('a', 'b.c', '*', '[', ' ', 'ü', '\\', 'a@x.org'), { minLength: 1, maxLength: 5 })
  .map(parts => parts.join('/'));

test('whatever a people file says, it names plain addresses and handles, each once, with a place in it', async () => {
  const name = fc.constantFrom('CODEOWNERS', '.gitlab/CODEOWNERS', 'MAINTAINERS', '.asf.yaml');
  await fc.assert(
    fc.asyncProperty(name, text, fc.array(path, { maxLength: 5 }), async (file, words, paths) => {
      const { named } = (await parsePeopleFile(file, Buffer.from(words)))?.of(paths) ?? assert.fail();
      assert.ok(named.every(({ who }) => isAddress(who) || isHandle(who)));
      assert.ok(named.every(({ why }) => why.startsWith(`${file} line `)));
      assert.equal(new Set(named.map(({ who }) => who)).size, named.length);
    }),
  );
});

test('bytes that are no text, and names that no people file has, are no fault', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('CODEOWNERS', 'MAINTAINERS', '.asf.yaml'),
      fc.uint8Array({ maxLength: 300 }),
      async (file, bytes) => {
        (await parsePeopleFile(file, Buffer.from(bytes)))?.of(['a/b', '']);
      },
    ),
  );
  for (const other of ['README', 'codeowners', 'CODEOWNERS/x', '', '/'])
    assert.equal(await parsePeopleFile(other, Buffer.of()), undefined);
});

test('a glob with a budget means what it means without one', async () => {
  const part = fc.constantFrom('a', 'b', '.c', '*', '?', '[ab]', '\\*', '/', '**/', '/**');
  const pattern = fc.array(part, { minLength: 1, maxLength: 5 }).map(parts => parts.join(''));
  const subject = fc
    .array(fc.string({ unit: fc.constantFrom('a', 'b', '.', 'c', '*'), minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 4,
    })
    .map(parts => parts.join('/'));
  await fc.assert(
    fc.asyncProperty(pattern, subject, async (one, other) => {
      assert.equal(matchesWithin(gitGlob(one), other, { left: 1 }), globMatches(one, other));
    }),
    { numRuns: 1000 },
  );
});

test('more rules and paths than can be looked at name nobody more, and it is said', async () => {
  const slow = `/${'*a'.repeat(400)}*c*b`;
  const paths = Array.from({ length: 3000 }, (_, at) => `${'a'.repeat(3000)}${at}b`);
  for (const [name, line] of [
    ['CODEOWNERS', `${slow} @ann`],
    ['MAINTAINERS', `F: ${slow.slice(1)}`],
    ['.asf.yaml', `    "${slow.slice(1)}": a@x.org`],
  ] as const) {
    const head = {
      CODEOWNERS: [],
      MAINTAINERS: ['ALL', 'M: a@x.org'],
      '.asf.yaml': ['notifications:', '  commits_by_path:'],
    }[name];
    const file = await peopleFile(name, [...head, ...Array.from({ length: 50 }, () => line)]);
    const { named, unjudged } = file.of(paths);
    assert.ok(unjudged);
    assert.ok(named.length <= 1);
    assert.deepEqual(file.of(['a/b']), { named: [], unjudged: true });
  }
});

test('people who are named over and over use up the budget too', async () => {
  const file = await peopleFile('CODEOWNERS', [
    `* ${Array.from({ length: 100_000 }, (_, at) => `@a${at}`).join(' ')}`,
  ]);
  let calls = 0;
  while (!file.of(['a']).unjudged) calls++;
  assert.ok(calls < 100);
});

test('a large file of ordinary rules is judged whole', async () => {
  const rules = Array.from({ length: 5000 }, (_, at) => `/src/part${at % 700}/module${at}/ @team${at}`);
  const file = await peopleFile('CODEOWNERS', ['* @all', '*.md @docs', ...rules]);
  const paths = Array.from({ length: 5000 }, (_, at) => `src/part${at % 700}/module${at}/deep/file${at}.ts`);
  const { named, unjudged } = file.of(paths);
  assert.equal(unjudged, undefined);
  assert.equal(named.length, 5000);
});

test('a file that is too large names nobody, and says so', async () => {
  const file = await parsePeopleFile('CODEOWNERS', Buffer.alloc(3_000_001, '* @a\n'));
  assert.equal(file?.fault, 'is larger than 3000000 bytes');
  assert.deepEqual(file?.of(['a']), { named: [] });
});

test('lines that are made to be slow are not slow', async () => {
  const long = 1_000_000;
  const blanks = `a${' '.repeat(long)}b`;
  for (const line of [
    blanks,
    '<'.repeat(long),
    `*${' @a'.repeat(long / 4)}`,
    'a'.repeat(long),
    '\\'.repeat(long),
    '['.repeat(long),
  ]) {
    for (const [name, start] of [
      ['CODEOWNERS', ''],
      ['MAINTAINERS', 'M:'],
      ['MAINTAINERS', 'F:'],
    ] as const)
      (await parsePeopleFile(name, Buffer.from(`${start}${line}`)))?.of(['a']);
    addressesIn(line);
  }
});
