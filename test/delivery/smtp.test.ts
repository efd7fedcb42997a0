import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inShort, outgoingMail, senderTo } from '../fixtures/smtp-client.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';
import { startScripted } from '../fixtures/smtp-script.ts';

const THREE = ['one@example.org', 'two@example.org', 'three@example.org'];

test("a mail arrives as it is, for all its recipients, and the reply is the server's own", async t => {
  const inbox = await startInbox(t);
  const mail = outgoingMail(1, THREE, '.\n..\nFrom here\n\n.end\n');
  const attempt = await senderTo(t, inbox.port).send(mail);
  assert.equal(inShort(attempt), 'one sent: 250 queued, two sent: 250 queued, three sent: 250 queued');
  const [got] = await inbox.waitFor(1);
  assert.deepEqual(
    { ...got, bytes: got?.bytes.toString().replaceAll('\r\n', '\n') },
    {
      from: 'bounces@example.org',
      to: THREE,
      bytes: mail.bytes.toString(),
      messageId: mail.messageId,
    },
  );
});

test('many mails go over one connection, in order, also when they are handed in at once', async t => {
  const inbox = await startInbox(t);
  const sender = senderTo(t, inbox.port);
  const numbers = Array.from({ length: 50 }, (_, i) => i + 1);
  await Promise.all(numbers.map(number => sender.send(outgoingMail(number))));
  assert.deepEqual(
    inbox.received.map(mail => mail.messageId),
    numbers.map(number => `<${number}.test@example.org>`),
  );
  assert.equal(inbox.connections, 1);
});

test('a server without PIPELINING is asked step by step', async t => {
  const inbox = await startInbox(t, { extensions: [] });
  const sender = senderTo(t, inbox.port);
  await sender.send(outgoingMail(1, THREE));
  await sender.send(outgoingMail(2));
  assert.deepEqual(
    inbox.received.map(mail => mail.to.length),
    [3, 1],
  );
  assert.equal(inbox.connections, 1);
});

test('SIZE tells the length as it is on the wire', async t => {
  const inbox = await startInbox(t);
  await senderTo(t, inbox.port).send(outgoingMail(1, undefined, 'a\nb\n'));
  const command = inbox.commands.find(line => line.startsWith('MAIL'));
  assert.equal(command, `MAIL FROM:<bounces@example.org> SIZE=${inbox.received[0]?.bytes.length}`);
});

test('the null sender is said as <>', async t => {
  const inbox = await startInbox(t);
  await senderTo(t, inbox.port).send({ ...outgoingMail(), from: '' });
  assert.equal(inbox.received[0]?.from, '');
});

test('LMTP answers for each recipient alone', async t => {
  const server = await startScripted(
    t,
    [
      { at: 'DOT', nth: 2, reply: '452 mailbox full' },
      { at: 'DOT', nth: 3, reply: '552 never' },
    ],
    { lmtp: true },
  );
  const attempt = await senderTo(t, server.port, { kind: 'lmtp' }).send(outgoingMail(1, THREE));
  assert.equal(
    inShort(attempt),
    'one sent: taken, two deferred: 452 mailbox full, three rejected: 552 never',
  );
  assert.equal(server.commands[0], 'LHLO client.test');
  assert.deepEqual(
    server.received.map(mail => mail.to),
    [['one@example.org']],
  );
});

test('LMTP that refuses everyone after the text is an answer, too', async t => {
  const server = await startScripted(t, [{ at: 'DOT', reply: '550 no' }], { lmtp: true });
  const attempt = await senderTo(t, server.port, { kind: 'lmtp' }).send(outgoingMail(1, THREE.slice(0, 2)));
  assert.equal(inShort(attempt), 'one rejected: 550 no, two rejected: 550 no');
});

test('an address that could smuggle in another one reaches no server', async t => {
  const inbox = await startInbox(t);
  const sender = senderTo(t, inbox.port);
  const nasty = 'two@example.org>\r\nRCPT TO:<evil@example.com';
  const refusal = 'not sent: the sender or this recipient is no plain address';
  const mixed = await sender.send(outgoingMail(1, ['one@example.org', nasty]));
  assert.equal(inShort(mixed), `one sent: 250 queued, two rejected: ${refusal}`);
  assert.equal(inShort(await sender.send({ ...outgoingMail(2), from: nasty })), `one rejected: ${refusal}`);
  assert.deepEqual(
    inbox.received.map(mail => mail.to),
    [['one@example.org']],
  );
});

test('a mail of megabytes arrives whole', async t => {
  const inbox = await startInbox(t);
  const mail = outgoingMail(1, undefined, '.line\n'.repeat(500_000));
  assert.equal(inShort(await senderTo(t, inbox.port).send(mail)), 'one sent: 250 queued');
  assert.ok(inbox.received[0]?.bytes.toString().replaceAll('\r\n', '\n') === mail.bytes.toString());
});

test('a reply of many lines and strange characters becomes one short line', async t => {
  const long = Array.from({ length: 50 }, (_, i) => `550-5.7.1 line ${i} \u001b[31mred\u0007`).join('\r\n');
  const server = await startScripted(t, [{ at: 'RCPT', reply: `${long}\r\n550 5.7.1 end` }]);
  const attempt = inShort(await senderTo(t, server.port).send(outgoingMail()));
  assert.match(attempt, /^one rejected: 550 5\.7\.1 line 0 \[31mred 5\.7\.1 line 1 /);
  assert.match(attempt, /^[\x20-\x7e]{514}$/);
});
