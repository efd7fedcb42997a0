import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeForWire } from '../../src/delivery/compose.ts';
import { probe } from '../../src/delivery/probe.ts';
import { inShort, outgoingMail, senderTo } from '../fixtures/smtp-client.ts';
import { startScripted } from '../fixtures/smtp-script.ts';
import { assertLegal, PLAIN } from './sample-mail.ts';

const TO = ['one@example.org', 'jürgen@example.org', 'two@example.org', '用户@xn--jgeva-dua.ee'];

for (const lmtp of [false, true]) {
  test(`recipients of other scripts get their mail by ${lmtp ? 'LMTP' : 'SMTP'} with SMTPUTF8, apart from the others`, async t => {
    const server = await startScripted(t, [], { lmtp, extensions: ['PIPELINING', 'SMTPUTF8', '8BITMIME'] });
    const sender = senderTo(t, server.port, { kind: lmtp ? 'lmtp' : 'smtp' });
    assert.match(inShort(await sender.send(outgoingMail(1, TO))), /^one sent: [^,]*, two sent: [^,]*$/);
    const rest = TO.filter(one => /[^ -~]/.test(one));
    assert.match(inShort(await sender.send(outgoingMail(1, rest))), /^jürgen sent: [^,]*, 用户 sent: [^,]*$/);
    assert.deepEqual(
      server.commands.filter(line => /^(MAIL|RCPT)/.test(line)).map(line => line.replace(/ SIZE=.*/, '')),
      [
        'MAIL FROM:<bounces@example.org>',
        'RCPT TO:<one@example.org>',
        'RCPT TO:<two@example.org>',
        'MAIL FROM:<bounces@example.org> SMTPUTF8',
        'RCPT TO:<jürgen@example.org>',
        'RCPT TO:<用户@xn--jgeva-dua.ee>',
      ],
    );
  });
}

test('where the server has no SMTPUTF8, they are refused with a sentence, and nobody else is', async t => {
  const server = await startScripted(t, [], { extensions: ['PIPELINING'] });
  const sender = senderTo(t, server.port);
  assert.match(inShort(await sender.send(outgoingMail(1, TO))), /^one sent: [^,]*, two sent: [^,]*$/);
  assert.equal(
    inShort(await sender.send(outgoingMail(1, ['jürgen@example.org']))),
    'jürgen rejected: not sent: the server has no SMTPUTF8, which jürgen@example.org needs: have it offer that, or give an address in ASCII',
  );
  assert.doesNotMatch(server.commands.join(), /jürgen/);
});

test('doctor asks about them as they will be sent to', async t => {
  for (const [extensions, refused] of [
    [['SMTPUTF8'], []],
    [['SIZE 1000'], [/the server has no SMTPUTF8, which jürgen@/, /the server has no SMTPUTF8, which 用户@/]],
  ] as const) {
    const server = await startScripted(t, [], { extensions });
    const address = { kind: 'smtp', host: '127.0.0.1', port: server.port } as const;
    const options = { tls: 'off', password: async () => undefined, clientName: 'x' } as const;
    const probed = await probe(address, options, { from: 'a@example.org', to: TO });
    assert.ok('refusals' in probed);
    assert.equal(probed.refusals.length, refused.length);
    for (const [at, words] of refused.entries()) assert.match(probed.refusals[at]?.words ?? '', words);
    assert.equal(server.commands[1], `MAIL FROM:<a@example.org>${refused.length === 0 ? ' SMTPUTF8' : ''}`);
  }
});

test('a mail stays ASCII whoever gets it: an address that only some servers know is named as a group without members', () => {
  const mail = {
    ...PLAIN,
    to: TO,
    cc: ['ööbik@example.org'],
    replyTo: [{ name: 'J', address: 'jürgen@example.org' }],
  };
  const { bytes } = composeForWire({ ...mail, envelope: { from: 'a@example.org', to: TO } });
  assertLegal(bytes);
  const head = String(bytes).replace(/\n(?=[ \t])/g, '');
  assert.match(
    head,
    /^To: one@example\.org, two@example\.org, =\?UTF-8\?Q\?j=C3=BCrgen(?:@|=40)example(?:\.|=2E)org\?=:;, =\?UTF-8\?\S+\?=:;$/im,
  );
  assert.match(head, /^Cc: =\?UTF-8\?\S+\?=:;$/im);
  assert.doesNotMatch(head, /^Reply-To:/m);
});
