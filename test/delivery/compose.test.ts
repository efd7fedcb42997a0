import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeForWire, composeReadable, mailSize } from '../../src/delivery/compose.ts';
import { assertLegal, HEADER, PLAIN } from './sample-mail.ts';

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
  const text = composeReadable({ ...PLAIN, replyTo: [{ name: 'Nobody', address: '' }] }).bytes.toString();
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

test('copies are named after the recipients, and nobody whom the envelope alone has', () => {
  const envelope = {
    from: 'b@example.org',
    to: ['list@example.org', 'cy@example.org', 'secret@example.org'],
  };
  const mail = {
    ...PLAIN,
    envelope,
    cc: ['Cy, C. <x@example.org>', 'Cy C. <cy@example.org>', 'di@example.org'],
  };
  const text = composeForWire(mail).bytes.toString();
  assert.match(text, /\nTo: list@example\.org\nCc: "Cy C\." <cy@example\.org>, di@example\.org\nReply-To: /);
  assert.doesNotMatch(text, /secret|^bcc/im);
  const many = {
    ...mail,
    cc: Array.from({ length: 300 }, (_, n) => `${'n'.repeat(50)} <person${n}@example.org>`),
  };
  assert.ok(mailSize(many, 5000) > composeForWire(many).bytes.length);
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

const bodyOf = (text: string) => {
  const wire = composeForWire({ ...PLAIN, text }).bytes.toString();
  return wire.slice(wire.indexOf('\n\n') + 2);
};

test('one accent encodes its own word, and breaks no line that is short', () => {
  const rule = '-'.repeat(76);
  assert.equal(
    bodyOf(`Commit: ${'a'.repeat(60)}\n\n    Grüße\n${rule}\n a = 1 \n`),
    `Commit: ${'a'.repeat(60)}\n\n    Gr=C3=BC=C3=9Fe\n${rule}\n a =3D 1=20\n`,
  );
});

test('a long line is broken between characters', () => {
  const wire = bodyOf(`${'ü'.repeat(30)}${'x'.repeat(200)}\n`);
  assert.equal(wire.replaceAll('=\n', ''), `${'=C3=BC'.repeat(30)}${'x'.repeat(200)}\n`);
  for (const line of wire.split('\n')) assert.match(line, /^.{0,75}=$|^.{0,76}$/);
  assert.doesNotMatch(wire, /=C3=\n/);
});

test('a line end of Windows is a byte that is shown, and spoils nothing else', () => {
  assert.equal(bodyOf('one line\r\nand another\r\n'), 'one line=0D\nand another=0D\n');
});

test('no line can start a message in a mailbox file', () => {
  assert.equal(bodyOf('From here\n>>From there\nFrom\n'), '=46rom here\n=3E>From there\nFrom\n');
  assertLegal(composeReadable({ ...PLAIN, text: 'größer\nFrom here\n' }).bytes);
});

test('a header is folded at blanks, and never before its first word', () => {
  const host = `${'x'.repeat(80)}.example.org`;
  const ids = { messageId: `<2.push@${host}>`, inReplyTo: `<1.push@${host}>` };
  const headers = [
    ['X-Git-Refname', `refs/heads/${'x'.repeat(80)}`],
    ['X-Words', 'word '.repeat(40)],
  ] as const;
  const text = composeForWire({ ...PLAIN, ...ids, headers }).bytes.toString();
  assert.match(text, /\nMessage-ID: <2\.push@x.*>\nIn-Reply-To: <1\.push@x.*>\nReferences: <1\.push@x.*>\n/);
  assert.match(text, /\nX-Git-Refname: refs\/heads\/x{80}\nX-Words: (word )+word\n( word)+\n/);
});

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
