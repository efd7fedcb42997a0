import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { composeForWire, composeReadable } from '../../src/delivery/compose.ts';
import type { Mail } from '../../src/model/mail.ts';

const PLAIN: Mail = {
  envelope: { from: 'bounces@example.org', to: ['list@example.org'] },
  messageId: '<2.push@example.org>',
  inReplyTo: '<1.push@example.org>',
  from: { name: 'Ada Author', address: 'git@example.org' },
  to: ['list@example.org'],
  replyTo: { name: 'Author, Ada', address: 'ada@example.org' },
  subject: '[2/4] mesos git commit: Say "no" to tabs.',
  date: Date.UTC(2026, 10, 5, 1, 2, 3),
  headers: [
    ['X-Git-Repo', 'mesos'],
    ['List-Id', 'Commits <commits.example.org>'],
  ],
  text: 'Repository: mesos\n\n-- \n.\nFrom here on\n',
};

const HEADER = `From: Ada Author <git@example.org>
To: list@example.org
Reply-To: "Author, Ada" <ada@example.org>
Subject: [2/4] mesos git commit: Say "no" to tabs.
Date: Thu, 05 Nov 2026 01:02:03 +0000
Message-ID: <2.push@example.org>
In-Reply-To: <1.push@example.org>
References: <1.push@example.org>
X-Git-Repo: mesos
List-Id: Commits <commits.example.org>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
`;

test('a mail of plain text goes out as it is, with its header in a fixed order', async () => {
  const { bytes, ...rest } = await composeForWire(PLAIN);
  assert.equal(bytes.toString(), `${HEADER}Content-Transfer-Encoding: 7bit\n\n${PLAIN.text}`);
  assert.deepEqual(rest, { envelope: PLAIN.envelope, messageId: PLAIN.messageId, subject: PLAIN.subject });
});

test('the readable form differs in its text and in the header that tells of it', () => {
  const mail = { ...PLAIN, text: 'größer als \r\n你好 😀' };
  assert.equal(
    composeReadable(mail).bytes.toString(),
    `${HEADER}Content-Transfer-Encoding: 8bit\n\n${mail.text}\n`,
  );
});

test('the same mail always has the same bytes', async () => {
  const mail = { ...PLAIN, subject: 'ü'.repeat(300), text: '你好\n'.repeat(100) };
  assert.deepEqual(await composeForWire(mail), await composeForWire(mail));
});

test('a mail without a thread, an answer address or a recipient to name has none of their headers', () => {
  const { inReplyTo: _, replyTo: __, ...bare } = PLAIN;
  const text = composeReadable({ ...bare, to: [], subject: '', headers: [] }).bytes.toString();
  assert.match(text, /^From: .*\nTo: undisclosed-recipients:;\nDate: .*\nMessage-ID: .*\nMIME-Version/);
});

test('an author without a valid address costs the header, not the mail', () => {
  const text = composeReadable({ ...PLAIN, replyTo: { name: 'Nobody', address: '' } }).bytes.toString();
  assert.doesNotMatch(text, /^Reply-To:/m);
  assert.throws(
    () => composeReadable({ ...PLAIN, from: { name: 'Nobody', address: 'x> <y' } }),
    /not an address/,
  );
});

test('recipients are named with their display names', () => {
  const to = [
    'Commits, all <c@example.org>',
    '"Commits, all" <c@example.org>',
    'Jürgen <j@example.org>',
    'd@example.org',
  ];
  const text = composeReadable({ ...PLAIN, to })
    .bytes.toString()
    .replaceAll('\n ', ' ');
  assert.match(
    text,
    /\nTo: "Commits, all" <c@example\.org>, =\?UTF-8\?Q\?J=C3=BCrgen\?= <j@example\.org>, d@example\.org\n/,
  );
});

const TEXTS: Record<string, string> = {
  empty: '',
  'without a line end': 'a',
  'blank lines at the end': 'a\n\n\n',
  'blanks at line ends': 'a \n\t\nb\t\n',
  umlauts: 'größer\n',
  'another script': '你好，世界\n'.repeat(50),
  'a long line': `${'word '.repeat(2000)}\n`,
  'a long word': `${'x'.repeat(5000)}\n`,
  'a long word of another script': '字'.repeat(5000),
  'dots and Froms': '.\n..\nFrom x\n>From y\n',
  'signs of quoted-printable': '=\n=20\n==3D=\n',
  'control characters': 'a\u0000b\u001b[31mc\u0007\u007f\n',
  'line ends of Windows': 'a\r\nb\r\n',
  'mixed line ends': 'a\r\nb\n\r\r\nc\rd\n',
  'half a surrogate pair': 'a\ud800b\udc00\n',
};

for (const [name, text] of Object.entries(TEXTS)) {
  test(`a text comes out as it went in: ${name}`, async () => {
    const { bytes } = await composeForWire({ ...PLAIN, text });
    assert.equal(
      decodedBody(bytes),
      Buffer.from(text === '' || !text.endsWith('\n') ? `${text}\n` : text).toString(),
    );
    assertLegal(bytes);
  });
}

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
    replyTo: { name: text, address: 'ada@example.org' },
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

/** RFC 5322 2.1.1 and 2.2: lines of at most 998 octets, a header of ASCII, no line in it of blanks alone. */
function assertLegal(bytes: Buffer): void {
  const [header = '', ...body] = bytes.toString('latin1').split('\n\n');
  assert.match(header, /^[\n\x20-\x7e]+$/);
  assert.doesNotMatch(header, /^\s*$/m);
  for (const line of [...header.split('\n'), ...body.join('\n\n').split('\n')])
    assert.ok(line.length <= 998, line);
}

/** The body by the rules of RFC 2045 alone, so that no reader's own ideas about line ends get in between. */
function decodedBody(bytes: Buffer): string {
  const wire = bytes.toString('latin1');
  const body = wire.slice(wire.indexOf('\n\n') + 2);
  if (/^Content-Transfer-Encoding: base64$/m.test(wire)) return Buffer.from(body, 'base64').toString();
  if (/^Content-Transfer-Encoding: 7bit$/m.test(wire)) return body;
  const joined = body.replace(/[ \t]+$/gm, '').replace(/=\n/g, '');
  return Buffer.from(
    joined.replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString();
}
