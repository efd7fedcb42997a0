import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { composeForWire } from '../../src/delivery/compose.ts';
import { assertLegal, PLAIN } from './sample-mail.ts';

test('an attached patch of ASCII can be read in the mail', () => {
  const bytes = Buffer.from(
    'From 1f2e Mon Sep 17 00:00:00 2001\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-one\n+two\n-- \n',
  );
  const attachment = { name: '1f2e.patch', type: 'text/x-patch', bytes };
  const mail = composeForWire({ ...PLAIN, attachment }).bytes.toString();
  assert.match(
    mail,
    /Content-Transfer-Encoding: quoted-printable\n\n=46rom 1f2e .*\n--- a\/f\n\+\+\+ b\/f\n/,
  );
  const windows = { ...attachment, bytes: Buffer.from('--- a\r\n+++ b\r\n') };
  assert.match(
    composeForWire({ ...PLAIN, attachment: windows }).bytes.toString(),
    /\nLS0tIGENCisrKyBiDQo=\n/,
  );
});

test('two independent readers find the text and every byte of the attached file', async () => {
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, at) => at % 256));
  const attachment = { name: '1f2e3d4c5.patch', type: 'text/x-patch', bytes };
  const mail = composeForWire({ ...PLAIN, text: 'ü\n--refpost-2pushexampleorg\nBody\n', attachment });
  assertLegal(mail.bytes);
  const postal = await PostalMime.parse(mail.bytes);
  const other = await simpleParser(mail.bytes, { skipHtmlToText: true, skipTextToHtml: true });
  for (const text of [postal.text, other.text])
    assert.equal(text?.trimEnd(), 'ü\n--refpost-2pushexampleorg\nBody');
  const [one, two] = [postal.attachments[0], other.attachments[0]];
  assert.deepEqual([one?.filename, two?.filename], ['1f2e3d4c5.patch', '1f2e3d4c5.patch']);
  assert.deepEqual([Buffer.from(one?.content as ArrayBuffer), two?.content], [bytes, bytes]);
});
