import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manyCommits } from '../fixtures/many-commits.ts';
import { waitUntil } from '../fixtures/processes.ts';
import { announced } from '../fixtures/read-mails.ts';
import { serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

test('with wrong settings pushes stay recorded, the worker names every fault, and mended they bring the mails', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  const commits = manyCommits({ clone: server.clone, count: 3, title: 'One' });
  server.config('refpost.maxMails', 'many');
  server.config('refpost.keepDays', '-1');
  server.config('refpost.colour', 'red');
  assert.deepEqual(await server.push(), { code: 0, signal: null, stdout: '', stderr: '' });
  await waitUntil('the worker says in the log why it does nothing', () =>
    / stopped reason="3 settings are wrong:/.test(server.log()),
  );

  const ended = await server.refpost('work', '--once');
  assert.equal(ended.code, 78);
  assert.match(ended.stderr, /^refpost: 3 settings are wrong:\n/m);
  for (const key of ['maxMails', 'keepDays', 'colour'])
    assert.match(ended.stderr, new RegExp(`refpost\\.${key}`, 'i'));
  assert.deepEqual(inbox.received, []);

  for (const key of ['maxMails', 'keepDays', 'colour']) server.config(`refpost.${key}`, undefined);
  assert.equal((await server.refpost('work', '--once')).code, 0);
  assert.deepEqual(announced(await server.arrived(3, inbox)), commits);
});

test('without recipients pushes stay recorded until somebody is named', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port, settings: { 'refpost.worker': 'service' } });
  const commits = manyCommits({ clone: server.clone, count: 2, title: 'One' });
  server.config('refpost.to', undefined);
  await server.push();
  const ended = await server.refpost('work', '--once');
  assert.equal(ended.code, 78);
  assert.match(ended.stderr, / held .*nobody gets mail about/);
  server.config('refpost.to', 'commits@example.org');
  assert.equal((await server.refpost('work', '--once')).code, 0);
  assert.deepEqual(announced(await server.arrived(2, inbox)), commits);
});
