import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decode, decodeDistinct } from '../../src/model/text.ts';

/** Text in which each character is one byte. */
function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

const CASES: readonly [what: string, bytes: Buffer, text: string][] = [
  ['nothing', bytes(''), ''],
  ['UTF-8', Buffer.from('für 字 😀\n'), 'für 字 😀\n'],
  ['a byte order mark, which is kept', Buffer.from('\ufeffx'), '\ufeffx'],
  ['NULs and controls', bytes('a\0b\x1b\x7f\n'), 'a\0b\x1b\x7f\n'],
  ['Latin-1', bytes('caf\xe9 \xdf\n'), 'café ß\n'],
  ['what Windows adds to Latin-1', bytes('\x93it\x92s\x94 \x80 5\x85'), '“it’s” € 5…'],
  ['bytes that windows-1252 leaves open', bytes('\x81\x8d\x8f\x90\x9d'), '\u0081\u008d\u008f\u0090\u009d'],
  ['UTF-8 and a line of Latin-1', Buffer.concat([Buffer.from('für\n'), bytes('caf\xe9\n')]), 'für\ncafé\n'],
  ['UTF-8 with a bad byte', Buffer.concat([Buffer.from('für größer'), bytes('\xff')]), 'für größer<FF>'],
  ['UTF-8 cut within a character', Buffer.from('größere 字').subarray(0, -1), 'größere <E5><AD>'],
  ['half a surrogate pair in what looks like UTF-8', bytes('\xed\xa0\x80'), 'í €'.replace(' ', '\u00a0')],
  ['a character longer than it may be', bytes('\xc0\xaf'), 'À¯'],
];

for (const [what, input, text] of CASES) {
  test(`bytes become the text that they most likely are: ${what}`, () => {
    assert.equal(decode(input), text);
  });
}

test('a text whose lines are compared is read in one way', () => {
  const utf8 = Buffer.from('-für\n');
  const latin1 = bytes('+f\xfcr\n');
  assert.deepEqual(decodeDistinct(utf8), { text: '-für\n' });
  assert.deepEqual(decodeDistinct(latin1), { text: '+für\n', charset: 'windows-1252' });
  assert.deepEqual(decodeDistinct(Buffer.concat([utf8, latin1])), { text: '-für\n+f<FC>r\n' });
});

/** Pieces of which lines in several encodings are made; none spells the sign of a byte. */
const PIECES = [
  'a',
  'e',
  ' ',
  '\xe9',
  '\x92',
  '\x81',
  '\xc3\xa9',
  '\xe5\xad\x97',
  '\xf0',
  '\0',
  '\x1b',
  '\r',
];
const hostileLine = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map(pieces => bytes(pieces.join(''))),
  fc
    .uint8Array({ maxLength: 12 })
    .map(line => Buffer.from(line.filter(byte => byte !== 0x0a && byte !== 0x3c))),
);

test('lines of different bytes never look alike in one text', () => {
  fc.assert(
    fc.property(fc.array(hostileLine, { minLength: 2, maxLength: 6 }), lines => {
      const { text } = decodeDistinct(Buffer.concat(lines.flatMap(line => [line, bytes('\n')])));
      const seen = text.split('\n').slice(0, -1);
      assert.equal(seen.length, lines.length);
      assert.equal(new Set(seen).size, new Set(lines.map(line => line.toString('latin1'))).size);
    }),
    { numRuns: 3000 },
  );
});

test('whatever the bytes, each of them leaves something, lines stay lines, and ASCII stays itself', () => {
  fc.assert(
    fc.property(fc.array(hostileLine, { maxLength: 6 }), lines => {
      const input = Buffer.concat(lines.flatMap(line => [line, bytes('\n')]));
      for (const text of [decode(input), decodeDistinct(input).text]) {
        assert.ok(Buffer.byteLength(text) >= input.length);
        assert.equal(text.split('\n').length, lines.length + 1);
        assert.doesNotMatch(text, /\p{Cs}/u);
        const letters = (line: string) => line.match(/[a-z]/g)?.length ?? 0;
        assert.equal(letters(text), letters(input.toString('latin1')));
      }
    }),
    { numRuns: 2000 },
  );
});

test('a long line of rubbish takes no longer than its length', () => {
  for (const piece of ['\xe9', '\xc3\xa9', '\xc3\xa9\xe5\xad\x97', '\xe5\xad', '\x83', 'a\xff']) {
    const line = bytes(piece.repeat(200_000 / piece.length));
    assert.ok(decode(line).length > 0 && decodeDistinct(line).text.length > 0);
  }
});
