import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { manyCommits } from '../fixtures/many-commits.ts';
import { announced } from '../fixtures/read-mails.ts';
import { type ServerRepository, serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';
import { startScripted } from '../fixtures/smtp-script.ts';

test('notify waits for the delivery, gives the same Message-IDs again, and leaves the ledger alone', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  const unheard = await twoUnheard(server);

  const first = await server.refpostHere('notify', 'main~2', 'main', 'main');
  assert.equal(first.code, 0);
  assert.match(first.stderr, /^refpost: 2 mails sent$/m);
  assert.deepEqual(announced(inbox.received.slice(1)), unheard);
  const again = await server.refpostHere('notify', 'main~2', 'main', 'refs/heads/main');
  assert.equal(again.code, 0);
  const ids = inbox.received.slice(1).map(mail => mail.messageId);
  assert.deepEqual(ids.slice(2), ids.slice(0, 2));

  const last = manyCommits({ clone: server.clone, count: 1, title: 'Three' });
  await server.push();
  const mails = await server.arrived(8, inbox);
  assert.deepEqual(announced(mails.slice(5)), [...unheard, ...last]);
});

test('what notify cannot deliver stays queued, and can be looked at and dropped', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  const unheard = await twoUnheard(server);
  await inbox.stop();
  const ended = await server.refpostHere('notify', 'main~2', 'main', 'main');
  assert.equal(ended.code, 75);
  assert.match(ended.stderr, /^refpost: 2 mails queued: .*ECONNREFUSED.*$/m);

  const list = await server.refpostHere('outbox');
  assert.match(
    list.stdout,
    /^NUMBER\t.*\n2\tqueue\t0 of 2 sent\t.*\trefs\/heads\/main\t\S+\t\[1\/2\] .*ECONNREFUSED.*\n$/,
  );
  const show = await server.refpostHere('outbox', 'show', '2');
  assert.match(show.stdout, /^Mail 1: \[1\/2\] project git commit: Two, commit 01$/m);
  assert.match(show.stdout, /^ {2}commits@example\.org: waiting: smtp:.*ECONNREFUSED/m);
  const mail = await server.refpostHere('outbox', 'show', '2', '2');
  assert.match(mail.stdout, new RegExp(`^X-Git-Rev: ${unheard[1]}$`, 'm'));

  assert.equal((await server.refpostHere('outbox', 'drop', '2')).code, 0);
  assert.deepEqual((await server.refpostHere('outbox', 'list')).stdout, '');
  assert.match((await server.refpostHere('outbox', 'list', '--all')).stdout, /^2\tdone\t0 of 2 sent\t/m);
  await inbox.start();
  assert.equal((await server.refpostHere('work', '--once')).code, 0);
  await server.arrived(1, inbox);
});

test('what a server puts off waits for its time, or for a person who wants it tried now', async t => {
  const inbox = await startScripted(t);
  const server = await serverRepository(t, {
    port: inbox.port,
    settings: { 'refpost.retryWait': '1h', 'refpost.retryMaxWait': '1h' },
  });
  const unheard = await twoUnheard(server);
  inbox.play({ at: 'RCPT', reply: '451 4.7.1 greylisted, come back' });
  const ended = await server.refpostHere('notify', 'main~2', 'main', 'main');
  assert.equal(ended.code, 75);
  assert.match(ended.stderr, /^refpost: 2 mails queued: .*451 4\.7\.1 greylisted/m);
  inbox.play();
  assert.equal((await server.refpostHere('work', '--once')).code, 75);
  assert.equal(inbox.received.length, 1);

  const retried = await server.refpostHere('outbox', 'retry', '2');
  assert.deepEqual(
    [retried.code, retried.stderr],
    [0, 'refpost: push 2 is due now\nrefpost: a worker is started\n'],
  );
  assert.deepEqual(announced((await server.arrived(3, inbox)).slice(1)), unheard);
});

test('what a server refuses for good is given up, and notify says so', async t => {
  const inbox = await startScripted(t);
  const server = await serverRepository(t, { port: inbox.port });
  const unheard = await twoUnheard(server);
  inbox.play({ at: 'RCPT', nth: 1, reply: '550 5.1.1 no such user' });
  const ended = await server.refpostHere('notify', 'main~2', 'main', 'main');
  assert.equal(ended.code, 69);
  assert.match(ended.stderr, /^refpost: 1 mail sent, 1 mail given up: .*550 5\.1\.1 no such user/m);
  assert.match(
    (await server.refpostHere('outbox')).stdout,
    /^2\tfailed\t1 of 2 sent\t.*550 5\.1\.1 no such user$/m,
  );

  await server.refpostHere('outbox', 'retry', '--all');
  assert.deepEqual(announced((await server.arrived(3, inbox)).slice(1)).toSorted(), unheard.toSorted());
});

/** Three commits on main: one announced by a push, and two whose push no hook has seen. */
async function twoUnheard(server: ServerRepository): Promise<string[]> {
  const hook = join(server.bare, 'hooks', 'post-receive');
  manyCommits({ clone: server.clone, count: 1, title: 'One' });
  await server.push();
  await server.idle();
  renameSync(hook, `${hook}.away`);
  const commits = manyCommits({ clone: server.clone, count: 2, title: 'Two' });
  await server.push();
  renameSync(`${hook}.away`, hook);
  return commits;
}
