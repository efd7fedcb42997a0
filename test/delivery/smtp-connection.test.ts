import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { smtpPassword } from '../../src/delivery/secret.ts';
import { heldBy, leftBehind } from '../fixtures/left-behind.ts';
import { waitUntil } from '../fixtures/processes.ts';
import { inShort, outgoingMail, senderTo } from '../fixtures/smtp-client.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';
import { startScripted } from '../fixtures/smtp-script.ts';

test('nothing is connected before the first mail, and closing says QUIT', async t => {
  const inbox = await startInbox(t);
  await senderTo(t, inbox.port).close();
  assert.equal(inbox.connections, 0);
  const sender = senderTo(t, inbox.port);
  await sender.send(outgoingMail());
  await sender.close();
  await sender.close();
  assert.equal(inbox.commands.at(0), 'EHLO client.test');
  assert.equal(inbox.commands.at(-1), 'QUIT');
  assert.equal(inShort(await sender.send(outgoingMail(2))), 'stopped');
  assert.equal(inbox.connections, 1, 'a sender that was closed sends nothing any more');
});

test('closing waits for the answer about a mail whose text has gone, for a while', async t => {
  for (const [fault, answer] of [
    [{ at: 'DOT', delay: 100, reply: '250 at last' }, 'one sent: 250 at last'],
    [{ at: 'DOT', next: 'hang' }, 'stopped'],
  ] as const) {
    const server = await startScripted(t, [fault]);
    const sender = senderTo(t, server.port, { timeouts: { answer: 1000 } });
    const sent = sender.send(outgoingMail());
    await waitUntil('the text is asked for', () => server.commands.includes('DATA'));
    await setImmediate();
    await sender.close();
    assert.equal(inShort(await sent), answer);
  }
});

test('closing cuts a mail off whose text has not gone', async t => {
  for (const at of ['GREETING', 'EHLO', 'MAIL', 'RCPT', 'DATA'] as const) {
    const server = await startScripted(t, [{ at, next: 'hang' }]);
    const sender = senderTo(t, server.port);
    const sent = sender.send(outgoingMail());
    await waitUntil('there is a connection', () => server.connections > 0);
    await sender.close();
    assert.equal(inShort(await sent), 'stopped', at);
  }
});

test('closing ends a command that is asked for the password', async t => {
  const command = { smtpPasswordFile: undefined, smtpPasswordCommand: 'exec sleep 1000' };
  const before = heldBy(process.pid);
  const sender = senderTo(t, 9, {
    user: 'ann',
    password: signal => smtpPassword(command, process.env, undefined, signal),
  });
  const sent = sender.send(outgoingMail());
  await waitUntil('the command runs', () => heldBy(process.pid).children.length > before.children.length);
  await sender.close();
  assert.equal(inShort(await sent), 'stopped');
  assert.deepEqual((await leftBehind(before, { sockets: false })).children, []);
});

test('closing does not wait for a server that leaves QUIT unanswered', async t => {
  const server = await startScripted(t, [{ at: 'QUIT', next: 'hang' }]);
  const sender = senderTo(t, server.port);
  await sender.send(outgoingMail());
  await sender.close();
});

test('a server that was away takes the mails when it is back, on the same port', async t => {
  const inbox = await startInbox(t);
  const sender = senderTo(t, inbox.port);
  await sender.send(outgoingMail(1));
  await inbox.stop();
  const away = await sender.send(outgoingMail(2));
  assert.equal(
    inShort(away),
    `unreachable: smtp://127.0.0.1:${inbox.port}: connect ECONNREFUSED 127.0.0.1:${inbox.port}`,
  );
  await inbox.start();
  assert.equal(inShort(await sender.send(outgoingMail(2))), 'one sent: 250 queued');
});

test('a connection that the server ended while it was idle is replaced unseen', async t => {
  const inbox = await startInbox(t);
  const sender = senderTo(t, inbox.port);
  for (const number of [1, 2, 3]) {
    assert.equal(inShort(await sender.send(outgoingMail(number))), 'one sent: 250 queued');
    await inbox.stop();
    await inbox.start();
  }
  assert.equal(inbox.connections, 3);
});

test('an idle connection is given up after a while, and the next mail gets a new one', async t => {
  const inbox = await startInbox(t);
  const sender = senderTo(t, inbox.port, { timeouts: { socket: 400 } });
  await sender.send(outgoingMail(1));
  await new Promise(resolve => setTimeout(resolve, 1000));
  assert.equal(inShort(await sender.send(outgoingMail(2))), 'one sent: 250 queued');
  assert.equal(inbox.connections, 2);
});

test('a server that talks on and on without an end is left', async t => {
  const server = createServer(socket => {
    const timer = setInterval(() => socket.write('220-wait\r\n'), 20);
    socket.on('close', () => clearInterval(timer)).on('error', () => {});
  });
  t.after(() => server.close());
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const sender = senderTo(t, port, { timeouts: { step: 300 } });
  assert.match(inShort(await sender.send(outgoingMail())), /^unreachable: .*: no end after 0\.3 s$/);
});

test('a host is found as the system finds it, by one of its addresses or the other', async t => {
  const inbox = await startInbox(t);
  const sender = senderTo(t, inbox.port, { host: 'localhost' });
  assert.equal(inShort(await sender.send(outgoingMail())), 'one sent: 250 queued');
});

test('a host that does not exist holds the queue', async t => {
  const attempt = inShort(await senderTo(t, 25, { host: 'nowhere.invalid' }).send(outgoingMail()));
  assert.match(attempt, /^unreachable: smtp:\/\/nowhere\.invalid:25: getaddrinfo \w+ nowhere\.invalid$/);
});

test('a server that refuses RSET gets a new connection, and the old one is not kept', async t => {
  const server = await startScripted(t, [
    { at: 'MAIL', nth: 1, reply: '550 no' },
    { at: 'RSET', reply: '500 what?' },
  ]);
  const sender = senderTo(t, server.port);
  assert.equal(inShort(await sender.send(outgoingMail(1))), 'unreachable, lasting: 550 no');
  assert.equal(inShort(await sender.send(outgoingMail(2))), 'one sent: 250 queued');
  assert.equal(server.connections, 2);
});

test('a host that never answers is given up in time', async t => {
  const blackHole = { host: '192.0.2.1', timeouts: { connection: 300 } };
  assert.match(
    inShort(await senderTo(t, 25, blackHole).send(outgoingMail())),
    /^unreachable: smtp:\/\/192\.0\.2\.1:25: /,
  );
});
