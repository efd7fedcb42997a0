import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { readMails } from '../../src/archive/mbox.ts';
import { type Parsed, parseMail, plainFields } from '../../src/archive/parse-mail.ts';
import { KEYS, readPlain } from '../../src/archive/plain-mail.ts';
import { readMail } from '../../src/archive/read-mail.ts';
import { temporaryFolder } from '../fixtures/repository.ts';

const DATE = 'Date: Thu, 1 Oct 2026 10:00:00 +0200';

/** What is read of it, without the HTML that mailparser makes of addresses. */
function shown(mail: Parsed): unknown {
  const { date, headerLines, text = '', html, attachments } = mail;
  const fields = Object.keys(KEYS).map(name => [name, mail[name as keyof typeof KEYS]]);
  const read = { ...Object.fromEntries(fields), date, headerLines, text, attachments };
  return { html, ...JSON.parse(JSON.stringify(read, (key, value) => (key === 'html' ? '' : value))) };
}

/** Whether it is read without mailparser, wholly or but for its fields; in any case as mailparser reads it. */
async function assertSame(bytes: Buffer): Promise<{ isPlain: boolean; hasPlainFields: boolean }> {
  const [plain, mail] = [readPlain(bytes), await parseMail(bytes)];
  const theirs = await simpleParser(bytes, { skipTextToHtml: true }).catch(() => undefined);
  if (plain) assert.deepEqual(shown(mail), shown({ ...theirs, date: mail.date } as Parsed));
  if (plain && mail.date) assert.deepEqual(mail.date, theirs?.date);
  return { isPlain: plain !== undefined, hasPlainFields: !!plain && !!plainFields(plain.lines) };
}

const HEADER = `${DATE}\nFrom: Ann Author <ann@example.org>\nSubject: [1/2] x\nMIME-Version: 1.0`;

function withPart(type: string, coding: string, text: string): string {
  return `--=_b\nContent-Type: text/${type}; charset=utf-8\nContent-Transfer-Encoding: ${coding}\n\n${text}\n`;
}

function alternatives(text: string, html: string, boundary = '=_b'): string {
  return `${HEADER}\nContent-Type: multipart/alternative;\n boundary="${boundary}"\n\n${text}${html}--=_b--\n`;
}

test('mails of the common shapes are read without mailparser, and as it reads them', async () => {
  const [text, html] = [
    withPart('plain', '8bit', 'Text «two»\r\nlines\n'),
    withPart('html', '8bit', '<p>é</p>'),
  ];
  const quoted = withPart('plain', 'quoted-printable', 'caf=C3=A9 =\n and =3d\n');
  const encoded = withPart('html', 'base64', Buffer.from('<b>ü</b>\n'.repeat(30)).toString('base64'));
  const mails = [
    `${HEADER}\n\nText\n`,
    `${HEADER}\nTo: a@example.org, "B. C" <b@example.org>,D <d@example.org>\nCc: e@f\n\nText`,
    `${HEADER}\nMessage-ID: <1@x>\nIn-Reply-To: <2@x>\nReferences: <3@x>\n <2@x>\nX: =?\n\n\n\n`,
    `${HEADER}\nContent-Type: TEXT/PLAIN; charset="utf-8"\nContent-Transfer-Encoding: 8bit\n\né`,
    `${HEADER}\nContent-Transfer-Encoding: quoted-printable\n\ncaf=C3=A9 =\n x=0A=0D\n`,
    `${HEADER}\nContent-Transfer-Encoding: base64\n\nY2Fmw6k=\n`,
    ...[alternatives(text, html), alternatives(quoted, encoded), alternatives(text, encoded)],
  ];
  for (const mail of mails) {
    for (const ends of [mail, mail.replace(/\r?\n/g, '\r\n')])
      assert.deepEqual(await assertSame(Buffer.from(ends)), { isPlain: true, hasPlainFields: true }, ends);
  }
});

test('fields that need decoding are decoded by mailparser', async () => {
  const fields = [
    'Subject: =?utf-8?q?caf=C3=A9?=\r\n =?utf-8?b?8J+Ygg==?= and more',
    'Subject: caf\xe9 as it is',
    'From: "A, \\"B\\"" <a@example.org>, friends: c@example.org, d@xn--bcher-kva.example;',
    'From: =?utf-8?b?PGFAZXhhbXBsZS5vcmc+?=',
    'From: a@xn--bcher-kva.example',
    'From: Ann (of us) <a@example.org>',
    'To: a@example.org\nTo: b@example.org\nCc: =?x?q?y?= <=?utf-8?q?z?=@example.org>',
    'References: <1@x>\t<2@x>\n  3@x\nIn-Reply-To: 4@x\nMessage-ID: 5@x',
    'Message-ID: <1@x>\nMessage-ID: <2@x>',
  ];
  for (const field of fields) {
    const whole = `${DATE}\n${field}\n\nText\r\nof «two» lines\n\n--x\n\0\n`;
    for (const ends of [whole, whole.replace(/\r?\n/g, '\r\n')]) {
      const bytes = Buffer.from(ends, field.includes('\xe9') ? 'latin1' : 'utf8');
      assert.deepEqual(await assertSame(bytes), { isPlain: true, hasPlainFields: false }, field);
    }
  }
});

test('any other mail is read by mailparser', async () => {
  const [text, html] = [withPart('plain', '8bit', 'Text'), withPart('html', '8bit', '<p>x</p>')];
  const mails = [
    ...[alternatives(html, text), alternatives(text, ''), alternatives(text, html + html)],
    ...[alternatives(text, html, 'other'), alternatives(`Preamble\n${text}`, html)],
    alternatives(text, withPart('html', '8bit', '--=_bx')),
    alternatives(text, withPart('html', 'quoted-printable', 'a=2 \nb=x')),
    alternatives(text, withPart('html', 'base64', 'Y2Fmw6k=Y2Fmw6k=')),
    `${HEADER}\nContent-Type: text/plain; charset=iso-8859-1\n\nText\n`,
    `${HEADER}\nContent-Type: text/plain; format=flowed\n\nText \nflows\n`,
    `${HEADER}\nContent-Disposition: attachment; filename=x.txt\n\nText\n`,
    `${HEADER}\nno field at all\n\nText\n`,
    'From a@example.org Thu Oct  1 10:00:00 2026\nSubject: of an mbox\n\nText\n',
  ];
  for (const mail of mails) assert.equal((await assertSame(Buffer.from(mail))).isPlain, false, mail);
});

test('any bytes are read as mailparser reads them', async () => {
  const lines = fc.constantFrom(
    ...[
      '',
      ' ',
      '\t',
      'Subject: x',
      'To: <',
      'To: a b <c@d>, "e  f" <g@h>',
      'From: A.B <a@b>',
      ' folded',
      '=',
    ],
    ...[
      'Content-Type: text/plain',
      'Content-Type: text/html',
      'Content-Type: multipart/alternative; boundary=x',
    ],
    ...[' boundary=x', 'Content-Transfer-Encoding: base64', 'Content-Transfer-Encoding: quoted-printable'],
    ...['--x', '--x--', 'Content-Type: multipart/mixed; boundary=x', 'é', '=?', '=C3=A9=', 'Y2Fm', 'w6k='],
    ...[
      'Content-Type: text/plain; format=flowed',
      'Content-Type: text/plain; charset=latin1',
      'MIME-Version: 1.0',
    ],
    ...['Message-ID: <a@b>', 'References: <a@b> <c@d>', `${DATE} (CEST)`, 'Date: Thu'],
  );
  const ends = fc.constantFrom('\n', '\r\n', '\r');
  const anything = fc.array(
    fc.tuple(fc.oneof({ weight: 4, arbitrary: lines }, { weight: 1, arbitrary: fc.string() }), ends),
  );
  const content = fc.array(fc.oneof(lines, fc.string())).map(each => each.join('\n'));
  const coding = fc.constantFrom('8bit', 'base64', 'quoted-printable');
  const part = (type: string) => fc.tuple(coding, content).map(([how, text]) => withPart(type, how, text));
  const mails = fc.oneof(
    anything.map(parts => `${DATE}\n${parts.flat().join('')}`),
    fc.tuple(part('plain'), part('html')).map(([text, html]) => alternatives(text, html)),
  );
  await fc.assert(
    fc.asyncProperty(mails, async mail => void (await assertSame(Buffer.from(mail)))),
    { numRuns: 300 },
  );
});

test('a date that cannot be read is none, not the time of reading', async () => {
  for (const type of ['text/plain', 'text/html']) {
    const mail = await parseMail(Buffer.from(`Date: yesterday\nContent-Type: ${type}\n\nText\n`));
    assert.equal(mail.date, undefined);
  }
});

test('a text of another character set is decoded', async () => {
  const fields = `${DATE}\nContent-Type: text/plain; charset=iso-8859-1`;
  assert.equal((await parseMail(Buffer.from(`${fields}\n\ncafé\n`, 'latin1'))).text?.trim(), 'café');
});

test('a mailbox is divided at lines with a sender and a date, not at a sentence that starts with From', async t => {
  const [folder, start] = [temporaryFolder(t), 'From ann@example.org Thu Jan  1 00:00:00 1970\n'];
  const mails = [
    'Subject: a\n\nText\n\nFrom here on, 3 of 2026 files.\n',
    'Subject: b\n\n>From x\n',
    'Subject: c\n\nEnd',
  ];
  for (const ends of ['\n', '\r\n']) {
    const file = join(folder, 'mbox');
    writeFileSync(
      file,
      mails
        .map(each => `${start}${each}\n`)
        .join('')
        .replaceAll('\n', ends),
    );
    const found: Buffer[] = [];
    for await (const each of readMails(file)) found.push(each);
    assert.deepEqual(
      found.map(each => each.toString().replaceAll('\r', '').trimEnd()),
      mails.map(each => each.replace('>From', 'From').trimEnd()),
    );
  }
});

test('header lines are shown as UTF-8 where they are, else as they came', async () => {
  const shown = async (bytes: Buffer) => (await readMail(bytes)).headers;
  assert.equal(await shown(Buffer.from('Subject: Grüße\n\nText\n')), 'Subject: Grüße');
  assert.equal(await shown(Buffer.from('Subject: Grüße\n\nText\n', 'latin1')), 'Subject: Grüße');
});
