import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manyCommits } from '../fixtures/many-commits.ts';
import { runHere } from '../fixtures/run-here.ts';
import { serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

const TO = ['ann@example.net', 'ben@example.org', `${'c'.repeat(60)}@example.net`];
const OWN = [
  'bounces+ann=example.net@example.org',
  'bounces+ben=example.org@example.org',
  'bounces@example.org',
];

test('each recipient has an envelope and a sender of their own, and each gets every mail once, in order', async t => {
  const inbox = await startInbox(t);
  inbox.play({ at: 'RCPT', nth: 2, reply: '450 later' });
  const settings = {
    'refpost.worker': 'service',
    'refpost.envelopeFrom': 'bounces@example.org',
    'refpost.verp': 'true',
    'refpost.retryWait': '1s',
  };
  const server = await serverRepository(t, { port: inbox.port, settings, recipients: TO });
  manyCommits({ clone: server.clone, count: 2, title: 'One' });
  await server.push();
  await runHere(['work', '--drain'], server.bare, server.env);
  for (const [at, recipient] of TO.entries()) {
    const own = inbox.received.filter(({ to }) => to.includes(recipient));
    assert.deepEqual(
      own.map(({ from, to }) => [from, to]),
      Array(2).fill([OWN[at], [recipient]]),
    );
    assert.deepEqual(
      own.map(({ bytes }) => /^Subject: (\[\d\/\d\])/m.exec(String(bytes))?.[1]),
      ['[1/2]', '[2/2]'],
    );
    // Whom the mail names stays.
    assert.match(String(own[0]?.bytes), /^To: ann@example\.net, ben@example\.org/m);
  }
  assert.equal(inbox.received.length, 6);
});

test('doctor and test-mail use the same senders', async t => {
  const inbox = await startInbox(t);
  const settings = {
    'refpost.worker': 'service',
    'refpost.from': 'C <c@example.org>',
    'refpost.verp': 'true',
  };
  const server = await serverRepository(t, { port: inbox.port, settings, recipients: TO.slice(0, 2) });
  await runHere(['doctor'], server.bare, server.env);
  assert.ok(inbox.commands.some(line => line.startsWith('MAIL FROM:<c+ann=example.net@example.org>')));
  await runHere(['test-mail'], server.bare, server.env);
  assert.deepEqual(
    inbox.received.map(({ from, to }) => [from, ...to]),
    [
      ['c+ann=example.net@example.org', 'ann@example.net'],
      ['c+ben=example.org@example.org', 'ben@example.org'],
    ],
  );
});
