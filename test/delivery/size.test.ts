import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { composeForWire, cutMail, mailSize } from '../../src/delivery/compose.ts';
import { decodeMail } from '../../src/delivery/decode.ts';
import { type Mail, smtpSize } from '../../src/model/mail.ts';
import { inShort, outgoingMail, senderTo } from '../fixtures/smtp-client.ts';
import { startScripted } from '../fixtures/smtp-script.ts';
import { PLAIN } from './sample-mail.ts';

const NOTE = '[The rest is left out: the mail server takes no more than 3000 bytes.]\n';
const LINES = Array.from({ length: 400 }, (_, index) => `line ${index}`);

const TEXTS: readonly [name: string, more: Partial<Mail>][] = [
  ['plain text', { text: LINES.join('\n') }],
  ['quoted-printable', { text: LINES.map(line => `${line} é`).join('\n') }],
  ['base64', { text: LINES.map(() => '日本語日本語').join('\n') }],
  ['HTML beside the text', { text: LINES.join('\n'), html: `<p>${LINES.join('<br>')}</p>\n` }],
  ['one long line', { text: 'x'.repeat(9000) }],
  [
    'an attached patch',
    {
      text: 'Hello.\n',
      attachment: { name: '1.patch', type: 'text/x-patch', bytes: Buffer.from(LINES.join('\n')) },
    },
  ],
];

for (const [name, more] of TEXTS) {
  test(`a mail is cut to what a server takes, and says so: ${name}`, () => {
    const { bytes } = composeForWire({ ...PLAIN, ...more });
    const cut = cutMail(bytes, 3000);
    assert.ok(cut && smtpSize(cut) <= 3000);
    const [before, after] = [decodeMail(bytes), decodeMail(cut)];
    const isFree = ([field]: readonly [string, string]) => !/^content-/i.test(field);
    assert.deepEqual(after.headers.filter(isFree), before.headers.filter(isFree));
    assert.ok(after.text.endsWith(NOTE));
    assert.ok(before.text.startsWith(after.text.slice(0, -NOTE.length).trimEnd()));
    if (name !== 'one long line') assert.ok(smtpSize(cut) > 2900, `${smtpSize(cut)} bytes of 3000`);
  });
}

test('where not even the header fits nothing is cut', () => {
  assert.equal(cutMail(composeForWire(PLAIN).bytes, 100), undefined);
});

const small = (t: TestContext, size: number) => startScripted(t, [], { extensions: [`SIZE ${size}`] });
const LARGE = `${LINES.join('\n')}\n`;

test('a server that takes less than a queued mail gets less of it, others get all', async t => {
  const server = await small(t, 3000);
  const sender = senderTo(t, server.port);
  assert.equal(
    inShort(await sender.send(outgoingMail(1, undefined, LARGE))),
    'one sent: 250 queued (cut to the 3000 bytes that the server takes)',
  );
  assert.match(String(server.received[0]?.bytes), /no more than 3000 bytes/);
  assert.match(inShort(await sender.send(outgoingMail(2))), /^one sent: 250 [^(]*$/);
});

test('room is left for what a server notes of the recipients', async t => {
  const server = await small(t, 8000);
  await senderTo(t, server.port).send(outgoingMail(1, undefined, 'x\n'.repeat(2400)));
  assert.match(String(server.received[0]?.bytes), /no more than 8000 bytes/);
  assert.ok(Number(server.received[0]?.bytes.length) < 7000);
});

test('a server that has no room for a header loses no mail', async t => {
  const server = await small(t, 50);
  assert.match(
    inShort(await senderTo(t, server.port).send(outgoingMail())),
    /^unreachable, lasting: the server takes mails of 50 bytes at the most, less than the header of one$/,
  );
  assert.deepEqual(
    server.commands.filter(line => line.startsWith('MAIL')),
    [],
  );
});

test('a server is asked what it takes over the connection by which mails go', async t => {
  const server = await small(t, 3000);
  const sender = senderTo(t, server.port);
  assert.equal(await sender.largest(), 3000);
  await sender.send(outgoingMail());
  assert.equal(server.connections, 1);
});

test('a server that is away is asked once, and what it takes is known after the first mail', async t => {
  const server = await small(t, 3000);
  const sender = senderTo(t, server.port);
  await server.stop();
  assert.equal(await sender.largest(), 0);
  assert.match(inShort(await sender.send(outgoingMail())), /^unreachable: .*ECONNREFUSED/);
  await server.start();
  assert.equal(await sender.largest(), 0);
  assert.match(inShort(await sender.send(outgoingMail())), /^one sent/);
  assert.equal(await sender.largest(), 3000);
});

test('a server that says nothing is not waited for', async t => {
  const silent = createServer();
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  const sender = senderTo(t, port, { timeouts: { greeting: 3000 } });
  assert.equal(await sender.largest(), 0);
  assert.match(inShort(await sender.send(outgoingMail())), /^unreachable: .*[Gg]reeting/);
  silent.close();
});

const WORDS = [
  'a',
  'F',
  'From ',
  '>',
  '>From ',
  '=',
  '==3D',
  ' ',
  '\t',
  '\n',
  '\n\n',
  '\r',
  '\u0000',
  'é',
  '日本',
  '👩‍💻',
  '\ud83d',
  'word '.repeat(16),
  'x'.repeat(75),
];

test('the most that a mail may have is never less than what it has', () => {
  const text = fc
    .array(fc.tuple(fc.constantFrom(...WORDS), fc.integer({ min: 1, max: 90 })), { maxLength: 30 })
    .map(words => words.map(([word, times]) => word.repeat(times)).join(''));
  fc.assert(
    fc.property(text, fc.option(text, { nil: undefined }), (text, html) => {
      const mail = { ...PLAIN, text, ...(html === undefined ? {} : { html }) };
      const real = mailSize(mail);
      assert.equal(real, smtpSize(composeForWire(mail).bytes));
      for (const enough of [real - 1, real, real * 2, real * 4]) {
        const said = mailSize(mail, enough);
        assert.ok(
          said >= real && (said === real || said <= enough),
          `${said} said of ${real}, ${enough} enough`,
        );
      }
    }),
  );
});

test('a text of which little has to be encoded is not composed to learn that it fits', () => {
  const text = 'A line of sixty characters, as there are in so many files.\n'.repeat(2000);
  const real = mailSize({ ...PLAIN, text });
  assert.ok(mailSize({ ...PLAIN, text }, Math.ceil(real * 1.2)) > real);
});
