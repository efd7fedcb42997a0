import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manyCommits } from '../fixtures/many-commits.ts';
import { processesNaming, waitUntil } from '../fixtures/processes.ts';
import { commitOf } from '../fixtures/read-mails.ts';
import { type ServerRepository, serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';
import { startScripted } from '../fixtures/smtp-script.ts';

test('while the mail server is down pushes return, and once it is up their mails arrive once and in order', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  await inbox.stop();
  const commits = [...(await pushThree(server, 'One')), ...(await pushThree(server, 'Two'))];
  await waitUntil('a worker has found the server down', () => / unreached .*ECONNREFUSED/.test(server.log()));
  assert.deepEqual(inbox.received, []);

  await inbox.start();
  const mails = await server.arrived(6, inbox);
  assert.deepEqual(mails.map(commitOf), commits);
});

test('no push waits for a mail server that takes the connection and never greets', async t => {
  const inbox = await startScripted(t, [{ at: 'GREETING', next: 'hang' }]);
  const server = await serverRepository(t, { port: inbox.port });
  const first = await pushThree(server, 'One');
  // The push has returned, and whoever holds its streams now would have kept it from that.
  await waitUntil('a worker waits for the greeting', () => inbox.connections > 0);
  const second = await pushThree(server, 'Two');
  assert.ok(processesNaming(server.folder).length > 0, 'the worker of the first push still waits');
  assert.deepEqual(inbox.received, []);

  // As a server does that is restarted: what hung is cut off, and new connections are greeted.
  inbox.play();
  await inbox.stop();
  await inbox.start();
  const mails = await server.arrived(6, inbox);
  assert.deepEqual(mails.map(commitOf), [...first, ...second]);
});

test('a server that goes away in the middle of a push gets the rest when it is back, and nothing twice', async t => {
  const inbox = await startScripted(t, [
    { at: 'MAIL', nth: 3, reply: '421 4.3.2 shutting down', next: 'drop' },
  ]);
  const server = await serverRepository(t, { port: inbox.port });
  const commits = [...(await pushThree(server, 'One')), ...(await pushThree(server, 'Two'))];
  const mails = await server.arrived(6, inbox);
  assert.deepEqual(mails.map(commitOf), commits);
});

async function pushThree(server: ServerRepository, title: string): Promise<string[]> {
  const commits = manyCommits({ clone: server.clone, count: 3, title });
  assert.deepEqual(await server.push(), { code: 0, signal: null, stdout: '', stderr: '' });
  return commits;
}
