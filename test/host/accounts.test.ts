import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accountsIn, knownIdent, withAddress } from '../../src/host/accounts.ts';
import type { Pusher } from '../../src/host/host.ts';

const LOVELACE = { name: 'Ada Lovelace', email: 'ada@example.org', aliases: ['ada'] };
const CONF = `repo foo
    RW+ = ada
ada Wrong <wrong@example.org>
# BEGIN USER EMAILS
# bob Bob <bob@example.org>
# ada Ada Lovelace <ada@example.org>
# ada Second <second@example.org>
# END USER EMAILS
# eve Eve <eve@example.org>
`;

const cases: readonly (readonly [what: string, file: string, account: string, pusher: Pusher])[] = [
  ['a line', 'bob Bob <b@example.org>\nada Ada Lovelace <ada@example.org>\n', 'ada', LOVELACE],
  ['an authors file of git-svn', 'ada = Ada Lovelace <ada@example.org>\r\n', 'ada', LOVELACE],
  ['an address alone', 'ada ada@example.org', 'ada', { name: 'ada', email: 'ada@example.org' }],
  ['an address in brackets', 'ada <ada@example.org>', 'ada', { name: 'ada', email: 'ada@example.org' }],
  ['the block of gitolite.conf', CONF, 'ada', LOVELACE],
  ['what is outside of the block', CONF, 'eve', { name: 'eve' }],
  [
    'a block that is empty',
    '# BEGIN USER EMAILS\n# END USER EMAILS\nada a@example.org\n',
    'ada',
    { name: 'ada' },
  ],
  ['a comment', '# ada Ada <ada@example.org>', 'ada', { name: 'ada' }],
  ['no address', 'ada Ada Lovelace', 'ada', { name: 'ada' }],
  ['an account that is the start of another', 'adam Adam <adam@example.org>', 'ada', { name: 'ada' }],
  ['an account with signs of patterns', 'a.a x@example.org', 'ada', { name: 'ada' }],
  ['an empty file', '', 'ada', { name: 'ada' }],
];

for (const [what, file, name, pusher] of cases) {
  test(`who an account is comes from a file: ${what}`, () => {
    assert.deepEqual(withAddress({ name }, file), pusher);
  });
}

test('an author whose address is an account, or one at no domain, is whom the file names', () => {
  const accounts = accountsIn(
    'ada = Ada Lovelace <ada@example.org>\n(no author) = Nobody <none@example.org>\nbo <bo@example.org>\n',
  );
  const ada = { name: 'Ada Lovelace', email: 'ada@example.org' };
  for (const [name, email, known] of [
    ['ada', 'ada@5f0c31e4-031c-4c3d-a41d-49563a709a1f', ada],
    ['ada', 'ada', ada],
    ['ada', '', ada],
    ['ada', 'unknown', ada],
    ['ada', 'ada@localhost', ada],
    ['(no author)', '(no author)@5f0c31e4', { name: 'Nobody', email: 'none@example.org' }],
    ['Bo', 'bo', { name: 'Bo', email: 'bo@example.org' }],
    ['ada', 'ada@example.net', { name: 'ada', email: 'ada@example.net' }],
    ['eve', 'eve', { name: 'eve', email: 'eve' }],
    ['', '', { name: '', email: '' }],
  ] as const)
    assert.deepEqual(knownIdent({ name, email }, accounts), known);
});

test('what the host says of a pusher goes before the file, and nobody stays nobody', () => {
  const known = { name: 'ada', email: 'own@example.org' };
  assert.deepEqual(withAddress(known, CONF), known);
  assert.deepEqual(withAddress({}, CONF), {});
});

test('whatever is in the file, it is read in linear time and nothing is thrown', () => {
  const piece = fc.constantFrom(
    '# BEGIN USER EMAILS\n',
    '# END USER EMAILS\n',
    'ada ',
    '=',
    '<a@b.c>',
    ' ',
    '\n',
    '#',
  );
  fc.assert(
    fc.property(fc.array(piece), pieces => {
      withAddress({ name: 'ada' }, pieces.join(''));
    }),
  );
  const long = `ada ${' '.repeat(100_000)}x\n`.repeat(20) + '# BEGIN USER EMAILS\n'.repeat(20_000);
  assert.deepEqual(withAddress({ name: 'eve' }, long), { name: 'eve' });
});
