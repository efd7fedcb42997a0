import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { readMails } from '../../src/archive/mbox.ts';
import { KEYS, type Parsed, parseMail, parsePlain } from '../../src/archive/parse-mail.ts';
import { readMail } from '../../src/archive/read-mail.ts';
import { temporaryFolder } from '../fixtures/repository.ts';

const DATE = 'Date: Thu, 1 Oct 2026 10:00:00 +0200';

/** What is read of it, without the HTML that mailparser makes of addresses. */
function shown(mail: Parsed): unknown {
  const fields = Object.keys(KEYS).map(name => [name, mail[name as keyof typeof KEYS]]);
  const isNow = Math.abs(Date.now() - (mail.date?.getTime() ?? 0)) < 60_000;
  const { headerLines, text = '', html, attachments } = mail;
  const read = {
    ...Object.fromEntries(fields),
    ...(isNow ? { date: 'now' } : {}),
    headerLines,
    text,
    html,
    attachments,
  };
  return JSON.parse(JSON.stringify(read, (key, value) => (key === 'html' && value !== false ? '' : value)));
}

async function assertSame(bytes: Buffer): Promise<boolean> {
  const plain = parsePlain(bytes);
  if (plain)
    assert.deepEqual(shown(plain), shown((await simpleParser(bytes, { skipTextToHtml: true })) as Parsed));
  return plain !== undefined;
}

test('a plain mail is read as mailparser reads it, whatever its fields are', async () => {
  const fields = [
    'Subject: =?utf-8?q?caf=C3=A9?=\r\n =?utf-8?b?8J+Ygg==?= and more',
    'Subject: caf\xe9 as it is',
    'From: "A, \\"B\\"" <a@example.org>, friends: c@example.org, d@xn--bcher-kva.example;',
    'From: =?utf-8?b?PGFAZXhhbXBsZS5vcmc+?=',
    'To: a@example.org\nTo: b@example.org\nCc: =?x?q?y?= <=?utf-8?q?z?=@example.org>',
    'References: <1@x>\t<2@x>\n  3@x\nIn-Reply-To: 4@x\nMessage-ID: 5@x',
    'Message-ID: <1@x>\nMessage-ID: <2@x>',
    'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: 8bit',
    'Content-Type: TEXT/PLAIN; charset=US-ASCII; boundary=x\n\n--x',
    'Content-Disposition: inline; filename=x.txt',
    'no field at all\n: nor this\n folded\nSubject: x',
    'From a@example.org Thu Oct  1 10:00:00 2026\nSubject: of an mbox',
  ];
  for (const field of fields) {
    const whole = `${DATE}\n${field}\n\nText\r\nof «two» lines\n\n--x\n\0\n`;
    for (const ends of [whole, whole.replace(/\r?\n/g, '\r\n')]) {
      const isPlain = await assertSame(Buffer.from(ends, field.includes('\xe9') ? 'latin1' : 'utf8'));
      assert.equal(isPlain, !field.includes('boundary'), field);
    }
  }
});

test('any bytes are read as mailparser reads them', async () => {
  const lines = fc.constantFrom(
    ...[
      '',
      ' ',
      '\t',
      'Subject: x',
      'To: <',
      'Content-Type: text/plain',
      'Content-Type: text/html',
      ' boundary=x',
    ],
    ...[
      'Content-Transfer-Encoding: base64',
      '--x',
      '--x--',
      'Content-Type: multipart/mixed; boundary=x',
      'é',
      '=?',
    ],
    ...[
      'Content-Type: text/plain; format=flowed',
      'Content-Type: text/plain; charset=latin1',
      'MIME-Version: 1.0',
    ],
  );
  const ends = fc.constantFrom('\n', '\r\n', '\r');
  const mails = fc.array(
    fc.tuple(fc.oneof({ weight: 4, arbitrary: lines }, { weight: 1, arbitrary: fc.string() }), ends),
  );
  await fc.assert(
    fc.asyncProperty(mails, async parts => {
      await assertSame(Buffer.from(`${DATE}\n${parts.flat().join('')}`));
    }),
    { numRuns: 300 },
  );
});

test('a date that cannot be read is none, not the time of reading', async () => {
  for (const type of ['text/plain', 'text/html']) {
    const mail = await parseMail(Buffer.from(`Date: yesterday\nContent-Type: ${type}\n\nText\n`));
    assert.equal(mail.date, undefined);
  }
});

test('a text in quoted-printable or of another character set goes the long way', async () => {
  for (const [fields, text] of [
    ['Content-Transfer-Encoding: quoted-printable', 'caf=C3=A9'],
    ['Content-Type: text/plain; charset=iso-8859-1', Buffer.from('café', 'latin1').toString('latin1')],
    ['Content-Transfer-Encoding: base64', Buffer.from('café').toString('base64')],
  ]) {
    const bytes = Buffer.from(`${DATE}\n${fields}\n\n${text}\n`, 'latin1');
    assert.equal(parsePlain(bytes), undefined);
    assert.equal((await parseMail(bytes)).text?.trim(), 'café');
  }
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
