import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { entryText } from '../../src/outbox/entry-text.ts';
import { seal, unseal } from '../../src/outbox/sealed-json.ts';
import { pushOf } from '../fixtures/nouns.ts';

const value = { list: ['ada@example.org'], number: 12, nested: { 'refs/heads/main': 'c34f23e1' } };

test('a sealed value comes back, indented or not', () => {
  assert.deepEqual(unseal(seal(value)), value);
  assert.deepEqual(unseal(seal(value, 2)), value);
});

test('a value of any texts and keys comes back', () => {
  const anything = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue());
  fc.assert(
    fc.property(anything, sample => {
      fc.pre(!('crc32' in sample));
      assert.equal(JSON.stringify(unseal(seal(sample, 1))), JSON.stringify(sample));
    }),
    { examples: [[JSON.parse('{ "__proto__": {} }')]] },
  );
});

test('the checksum is that of all before it, however long that is and whatever is in it', () => {
  for (const text of [
    '',
    'x'.repeat(300_000),
    '😀'.repeat(70_000),
    `x${'é😀'.repeat(50_000)}`,
    '0'.repeat(8),
  ]) {
    for (const indent of [0, 1]) {
      const sealed = seal({ text }, indent);
      const [, before = '', sum] = /^(.*"crc32": ?")([0-9a-f]{8})"\n?\}$/s.exec(sealed) ?? [];
      assert.equal(sum, crc32(before).toString(16).padStart(8, '0'));
      assert.deepEqual(unseal(sealed), { text });
    }
  }
});

test('no flipped bit goes unseen where it matters', () => {
  const whole = Buffer.from(seal(value, 1));
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const flipped = Buffer.from(whole);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    const { list, number, nested } = unseal(flipped.toString()) ?? value;
    assert.deepEqual({ list, number, nested }, value, `bit ${bit}`);
  }
});

test('a text cut short is no value', () => {
  const whole = seal(value, 1);
  for (let length = 0; length < whole.length; length++)
    assert.equal(unseal(whole.slice(0, length)), undefined);
});

test('a value that was mended by hand counts when its checksum was taken out', () => {
  assert.deepEqual(unseal('{ "number": 13 }'), { number: 13 });
  assert.equal(unseal('{ "number": 13, "crc32": "00000000" }'), undefined);
  assert.equal(unseal('[1]'), undefined);
});

test('an entry is sealed in pieces as it would be in one', () => {
  const subject = '\n "mails": [], "crc32": "00000000"\n';
  const mail = { number: 1, messageId: '<1@example.org>', subject, envelope: { from: 'ä', to: ['b'] } };
  const stored = { ...mail, offset: 0, length: 1, sha256: '' };
  for (const count of [0, 1, 200, 201, 1000]) {
    const entry = { number: 7, push: pushOf('p', 0), queuedAt: 1, mails: Array(count).fill(stored) };
    assert.equal([...entryText(entry)].join(''), `${seal(entry, 1)}\n`);
  }
});
