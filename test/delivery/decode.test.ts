import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { composeForWire, composeReadable } from '../../src/delivery/compose.ts';
import { type DecodedMail, decodeMail } from '../../src/delivery/decode.ts';
import { PLAIN } from './sample-mail.ts';

function fieldOf({ headers }: DecodedMail, wanted: string): string | undefined {
  return headers.find(([name]) => name === wanted)?.[1];
}

/** Half a surrogate pair is no character: it travels as U+FFFD. */
function whole(text: string): string {
  return Buffer.from(text).toString();
}

const texts = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\n', '\r', '\r\n', ' ', '\t', '=', '=3D', '_', '?', '=?utf-8?Q?', '?=', '.', 'From '),
    fc.constantFrom('ü', '你', '😀', '\u001b', '\u0000', 'x'.repeat(300)),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 200,
});

test('whatever a mail says, decoding what was composed gives it back', async () => {
  await fc.assert(
    fc.asyncProperty(texts, texts, async (text, line) => {
      const mail = { ...PLAIN, text, subject: line, headers: [['X-Text', line] as const] };
      const { bytes, subject } = await composeForWire(mail);
      const both = composeForWire({ ...mail, html: text }).bytes;
      for (const decoded of [bytes, composeReadable(mail).bytes, both].map(decodeMail)) {
        assert.equal(decoded.text, whole(text.endsWith('\n') ? text : `${text}\n`));
        assert.equal(fieldOf(decoded, 'Subject') ?? '', whole(subject));
        assert.equal(fieldOf(decoded, 'X-Text') ?? '', whole(subject));
        assert.equal(fieldOf(decoded, 'To'), 'list@example.org');
      }
    }),
    { numRuns: 500 },
  );
});

test('names decode as an independent reader decodes them', async () => {
  const from = { name: 'Jürgen "Jo" Müller, 你好'.repeat(4), address: 'git@example.org' };
  const { bytes } = await composeForWire({ ...PLAIN, from });
  const { from: seen } = await PostalMime.parse(bytes);
  assert.equal(fieldOf(decodeMail(bytes), 'From'), `${seen?.name} <git@example.org>`);
});

test('bytes that are no mail are shown as they are', () => {
  assert.deepEqual(decodeMail(Buffer.from('no header\nat all')), {
    headers: [
      ['', 'no header'],
      ['', 'at all'],
    ],
    text: '',
  });
  assert.deepEqual(decodeMail(Buffer.alloc(0)), { headers: [['', '']], text: '' });
});

test('characters of two bytes that two encoded words share come out whole', () => {
  const decoded = decodeMail(Buffer.from('Subject: =?UTF-8?Q?a=C3?=\n =?UTF-8?B?qWI=?= c =?x?\n\n'));
  assert.deepEqual(decoded.headers, [['Subject', 'aéb c =?x?']]);
});

test('a mail with a file is its text, then the file under its name', () => {
  const bytes = Buffer.from('From 1f2e Mon Sep 17 00:00:00 2001\n--- a\r\n+++ b\r\n+ü\n');
  const attachment = { name: '1f2e.patch', type: 'text/x-patch', bytes };
  for (const compose of [composeForWire, composeReadable]) {
    const { text } = decodeMail(compose({ ...PLAIN, attachment }).bytes);
    assert.equal(text, `${PLAIN.text}\n[1f2e.patch]\n\n${bytes}`);
  }
});
