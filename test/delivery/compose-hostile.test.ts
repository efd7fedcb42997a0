import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { composeForWire, composeReadable } from '../../src/delivery/compose.ts';
import type { Mail } from '../../src/model/mail.ts';
import { assertLegal, HEADER, PLAIN } from './sample-mail.ts';

const HOSTILE: Record<string, string> = {
  'a line end and a header': 'a\r\nBcc: evil@example.com',
  'a bare CR and a header': 'a\rBcc: evil@example.com',
  'a bare LF and a header': 'a\nBcc: evil@example.com\n\nbody',
  'the line ends of Unicode': 'a\u2028Bcc: evil@example.com\u2029\u0085x',
  'a NUL': 'a\u0000b',
  'an address of its own': 'a@b.example <evil@example.com>, "x',
  'quotes and commas': 'a, "b" <c@d.example>; e:f;',
  'backslashes at the end': 'a\\',
  'a group': 'friends: evil@example.com;',
  'a comment': '(evil@example.com) (',
  'an encoded line end': '=?utf-8?Q?a=0D=0ABcc:_evil@example.com?=',
  'an encoded address': '=?utf-8?Q?=22_<evil@example.com>,_x?=',
  'an encoded look-alike with blanks': 'x=?utf-8?Q?a b?= =?utf-8?B?Zm9v?=y',
  'nothing but blanks': ' \t\u00a0 ',
  'very many blanks': `a${' '.repeat(3000)}b`,
  'a very long word': 'a'.repeat(5000),
  'very long text': 'word, "and" <word> '.repeat(2000),
  'very long text of another script': '汉字'.repeat(2000),
  'half a surrogate pair': 'a\ud83d b \ude00',
  'right to left': '\u202eevil\u202c',
};

for (const [name, text] of Object.entries(HOSTILE)) {
  test(`neither a name, a subject nor a header value gets out of its field: ${name}`, () =>
    assertContained(text));
}

test('whatever stands in names, subjects and header values, two independent readers see the same fields', async () => {
  const nasty = fc.string({
    unit: fc.oneof(
      fc.constantFrom(...'\r\n\0\t "<>@,;:()[]\\=?_.-'),
      fc.constantFrom('=?utf-8?Q?', '?=', '\nBcc: x@y'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    maxLength: 120,
  });
  await fc.assert(fc.asyncProperty(nasty, assertContained), { numRuns: 400 });
});

test('whatever its name, a header adds neither a recipient nor a line of its own', async () => {
  const names = [
    'Bcc',
    'BCC',
    'Cc',
    'To',
    'Sender',
    'Content-Type',
    'MIME-Version',
    'a:b',
    'Bcc: x@y\nX',
    '',
    ' ',
    'Ünter',
    'a b',
  ];
  const headers = names.map(name => [name, 'evil@example.com'] as const);
  const { bytes } = await composeForWire({ ...PLAIN, headers: [...headers, ...PLAIN.headers] });
  assert.equal(bytes.toString(), `${HEADER}Content-Transfer-Encoding: 7bit\n\n${PLAIN.text}`);
});

async function assertContained(text: string): Promise<void> {
  const mail: Mail = {
    ...PLAIN,
    from: { name: text, address: 'git@example.org' },
    replyTo: [{ name: text, address: 'ada@example.org' }],
    subject: text,
    headers: [
      ['X-Text', text],
      ['X-After', 'after'],
    ],
    text: 'the body\n',
  };
  for (const { bytes } of [await composeForWire(mail), composeReadable(mail)]) {
    assertLegal(bytes);
    await assertFields(bytes, oneLined(text));
  }
}

/** What a value may become: control characters and blanks are one blank, what is no character is U+FFFD. */
function oneLined(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const line = text.replace(/[\u0000-\u0020\u007f-\u00a0\u2028\u2029]+/g, ' ').trim();
  return Buffer.from(line).toString();
}

async function assertFields(bytes: Buffer, line: string): Promise<void> {
  const expected = [
    'from',
    'to',
    'reply-to',
    'subject',
    'date',
    'message-id',
    'in-reply-to',
    'references',
    'x-text',
    'x-after',
    'mime-version',
    'content-type',
    'content-transfer-encoding',
  ].filter(name => line !== '' || !['subject', 'x-text'].includes(name));
  const postal = await PostalMime.parse(bytes);
  const other = await simpleParser(bytes);
  assert.deepEqual(
    postal.headers.map(header => header.key),
    expected,
  );
  assert.deepEqual([...new Set(other.headerLines.map(header => header.key))].sort(), [...expected].sort());
  assert.equal(postal.subject ?? '', line);
  assert.equal(other.subject ?? '', line);
  assert.equal(postal.text, 'the body\n');
  assert.equal(other.text, 'the body\n');
  assert.equal(postal.from?.address, 'git@example.org');
  assert.deepEqual(
    postal.replyTo?.map(one => one.address),
    ['ada@example.org'],
  );
  assert.deepEqual(
    postal.to?.map(one => one.address),
    ['list@example.org'],
  );
  assert.deepEqual(
    other.from?.value.map(one => one.address),
    ['git@example.org'],
  );
  assert.deepEqual(
    other.replyTo?.value.map(one => one.address),
    ['ada@example.org'],
  );
  if (!line.includes('=?') && line.length <= 200) {
    assert.equal(postal.from?.name ?? '', line);
    assert.equal(other.from?.value[0]?.name ?? '', line);
  }
}
