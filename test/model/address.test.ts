import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { asciiDomain, isAddress, parseMailbox, readAddress, verpSender } from '../../src/model/address.ts';

const GOOD = [
  'jürgen@example.org',
  '用户.名@example.org',
  `${'ü'.repeat(32)}@example.org`,
  'a@b',
  'root@localhost',
  'commits@lists.example.org',
  'ada.author+git@example.org',
  "o'brien@example.org",
  '{curly}|pipe~@example.org',
  'x@xn--jgeva-dua.ee',
  '1@2.3',
  `${'a'.repeat(64)}@example.org`,
  `a@${'b'.repeat(63)}.org`,
];

const BAD = [
  '',
  '@',
  'a@',
  '@b',
  'root',
  'a b@example.org',
  'a@exam ple.org',
  ' a@b',
  'a@b ',
  'a@b\n',
  'a@b\r\nRCPT TO:<evil@example.org>',
  'a\u0000@b',
  'a@b\u007f',
  '<a@b>',
  'a@b>',
  'a@b,c@d',
  'a@b;c@d',
  'a@b@c',
  '"a b"@example.org',
  '"a@evil.org"@example.org',
  'a(comment)@example.org',
  'a:b@example.org',
  'a\\b@example.org',
  '.a@example.org',
  'a.@example.org',
  'a..b@example.org',
  'a@.example.org',
  'a@example.org.',
  'a@example..org',
  'a@-example.org',
  'a@example-.org',
  'a@under_score.org',
  'a@[192.0.2.1]',
  'a@jõgeva.ee',
  'jür gen@example.org',
  'jür\u00a0gen@example.org',
  'jür\u202egen@example.org',
  'jür\u200bgen@example.org',
  'jür\ud800gen@example.org',
  'jür\u2028gen@example.org',
  'jür>gen@example.org',
  `${'ü'.repeat(33)}@example.org`,
  `${'a'.repeat(65)}@example.org`,
  `a@${'b'.repeat(64)}.org`,
  `a@${Array(64).fill('bcd').join('.')}`,
];

test('an address that every server understands is one', () => {
  for (const text of GOOD) assert.equal(isAddress(text), true, text);
});

test('what programs read in two ways, or not at all, is no address', () => {
  for (const text of BAD) assert.equal(isAddress(text), false, JSON.stringify(text));
});

test('whatever the text, an address holds neither white space nor a character that ends or divides it', () => {
  const nasty = fc.string({ unit: fc.constantFrom(...'a@b.c<>",; \r\n\t\0ä('), maxLength: 12 });
  fc.assert(
    fc.property(nasty, text => {
      if (isAddress(text)) assert.match(text, /^[abcä.]+@[abc.]+$/);
    }),
    { numRuns: 2000 },
  );
});

test('a domain of another script is read in its ASCII form, and one that means something else in no form', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['jõgeva.ee', 'xn--jgeva-dua.ee'],
    ['JÕGEVA.ee', 'xn--jgeva-dua.ee'],
    ['例え。テスト', 'xn--r8jz45g.xn--zckzah'],
    ['xn--jgeva-dua.ee', 'xn--jgeva-dua.ee'],
    ['example.org', 'example.org'],
    ['ä/b.org', undefined],
    ['ä:25', undefined],
    ['ä b.org', undefined],
    ['ä@b.org', undefined],
    ['１９２.０.２.１', undefined],
    ['ä.１', undefined],
    ['a／b.org', undefined],
    ['ä..org', undefined],
    ['ä\u202e.org', undefined],
    ['', undefined],
    ['ä'.repeat(300), undefined],
  ];
  for (const [text, domain] of cases) {
    assert.equal(asciiDomain(text), domain, text);
    assert.equal(readAddress(`a@${text}`), domain && `a@${domain}`, text);
  }
  assert.equal(readAddress('jürgen@jõgeva.ee'), 'jürgen@xn--jgeva-dua.ee');
  assert.deepEqual(parseMailbox('Jüri <a@jõgeva.ee>'), { name: 'Jüri', address: 'a@xn--jgeva-dua.ee' });
});

test('the sender of one recipient says who that is, and is the plain one where it would be none', () => {
  const long = `${'a'.repeat(60)}@example.net`;
  const cases: readonly (readonly [string, string, string])[] = [
    ['bounces@example.org', 'ann@example.net', 'bounces+ann=example.net@example.org'],
    ['git+x@example.org', 'ann+y=z@example.net', 'git+x+ann+y=z=example.net@example.org'],
    ['bounces@example.org', 'ann@xn--jgeva-dua.ee', 'bounces+ann=xn--jgeva-dua.ee@example.org'],
    ['bounces@example.org', long, 'bounces@example.org'],
    ['bounces@example.org', 'jürgen@example.net', 'bounces@example.org'],
    ['bounces@example.org', '', 'bounces@example.org'],
    ['', 'ann@example.net', ''],
  ];
  for (const [sender, recipient, own] of cases) {
    assert.equal(verpSender(sender, recipient), own);
    assert.ok(own === '' || isAddress(own));
  }
});

test('a mailbox is read as people write it', () => {
  const cases: [string, string, string][] = [
    ['a@example.org', '', 'a@example.org'],
    [' <a@example.org> ', '', 'a@example.org'],
    ['Ada Author <a@example.org>', 'Ada Author', 'a@example.org'],
    ['Ada A. Author<a@example.org>', 'Ada A. Author', 'a@example.org'],
    ['"Author, Ada" <a@example.org>', 'Author, Ada', 'a@example.org'],
    ['"Ada \\"the\\" Author" <a@example.org>', 'Ada "the" Author', 'a@example.org'],
    ['Jürgen Ä <a@example.org>', 'Jürgen Ä', 'a@example.org'],
    ['"" <a@example.org>', '', 'a@example.org'],
  ];
  for (const [text, name, address] of cases) assert.deepEqual(parseMailbox(text), { name, address }, text);
});

test('two mailboxes, or half a one, are none', () => {
  const cases = [
    '',
    'Ada',
    'Ada <>',
    'Ada <a@b> <c@d>',
    'a@b, c@d',
    'a@b <c@d>',
    'Ada, Carl <a@b>',
    'Ada <a@b>, Carl <c@d>',
    '"Ada <a@b>',
    'Ada\nBcc: x@y <a@b>',
    '"Ada\u0000" <a@b>',
    'Ada <a@b',
    'Ada <a @b>',
    'list: a@b;',
    'Ada (comment) <a@b>',
  ];
  for (const text of cases) assert.equal(parseMailbox(text), undefined, JSON.stringify(text));
});

test('a long hostile mailbox is refused at once', () => {
  assert.equal(parseMailbox(`"${'\\"'.repeat(50_000)}<a@b>`), undefined);
  assert.equal(parseMailbox(`a${' '.repeat(100_000)}b`), undefined);
  assert.equal(isAddress(`${'a.'.repeat(50_000)}@b`), false);
});
