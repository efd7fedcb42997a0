import assert from 'node:assert/strict';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { manyCommits } from '../fixtures/many-commits.ts';
import { processesNaming, start, waitUntil } from '../fixtures/processes.ts';
import { announced } from '../fixtures/read-mails.ts';
import { serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';
import { startScripted } from '../fixtures/smtp-script.ts';

const settings = { 'refpost.worker': 'service' };

test('a worker that stays takes up each push without another one, and ends with code 0 on SIGTERM', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port, settings });
  const worker = server.startRefpost('work');
  const commits: string[] = [];
  for (const title of ['One', 'Two', 'Three']) {
    commits.push(...manyCommits({ clone: server.clone, count: 2, title }));
    await server.push();
    assert.deepEqual(processesNaming(server.folder), []);
    await inbox.waitFor(commits.length);
  }
  worker.child.kill('SIGTERM');
  const { code, signal } = await worker.ended;
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
  assert.deepEqual(announced(await server.arrived(6, inbox)), commits);
});

test('SIGTERM lets the mail at hand end, and the next worker goes on with the one after it', async t => {
  const inbox = await startScripted(t, [{ at: 'DOT', nth: 2, delay: 300, reply: '250 2.0.0 Ok' }]);
  const server = await serverRepository(t, { port: inbox.port, settings });
  const commits = manyCommits({ clone: server.clone, count: 4, title: 'One' });
  await server.push();
  const worker = server.startRefpost('work');
  const inHand = () => inbox.commands.filter(command => command === 'DATA').length === 2;
  await waitUntil('the second mail is on its way', inHand, { explain: server.log });
  worker.child.kill('SIGTERM');
  const { code, signal } = await worker.ended;
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
  assert.equal(inbox.received.length, 2);

  assert.equal((await server.refpost('work', '--once')).code, 0);
  assert.deepEqual(announced(await server.arrived(4, inbox)), commits);
});

test('a worker that finds another one at work says so and leaves', async t => {
  const inbox = await startScripted(t, [{ at: 'GREETING', next: 'hang' }]);
  const server = await serverRepository(t, { port: inbox.port, settings });
  manyCommits({ clone: server.clone, count: 1, title: 'One' });
  await server.push();
  const worker = server.startRefpost('work');
  await waitUntil('the worker is at work', () => inbox.connections > 0);
  const second = await server.refpost('work', '--once');
  assert.equal(second.code, 0);
  assert.match(
    second.stderr,
    new RegExp(`^refpost: another worker \\(process ${worker.child.pid} on .*\\) is at work on`),
  );
});

test('a worker whose program an upgrade has taken goes on without it', async t => {
  const inbox = await startScripted(t, [{ at: 'GREETING', next: 'hang' }]);
  const server = await serverRepository(t, { port: inbox.port, settings });
  const commits = manyCommits({ clone: server.clone, count: 1, title: 'One' });
  await server.push();
  await inbox.stop();
  assert.equal((await server.refpost('work', '--once')).code, 75);
  await inbox.start();

  const copy = join(server.folder, 'refpost');
  for (const part of ['bin', 'dist', 'templates', 'package.json']) {
    cpSync(part, join(copy, part), { recursive: true });
  }
  const words = [process.execPath, join(copy, 'bin', 'refpost.js'), 'work', '--once'];
  const worker = start(words, { cwd: server.bare, env: server.env });
  await waitUntil('the worker is at the server', () => inbox.connections > 0);
  rmSync(join(copy, 'dist'), { recursive: true });
  commits.push(...manyCommits({ clone: server.clone, count: 1, title: 'Two' }));
  await server.push();
  await inbox.stop();
  const { code, stderr } = await worker.ended;
  assert.doesNotMatch(stderr, /gone|Cannot find/);
  assert.equal(code, 75);
  assert.equal(readdirSync(server.layout.dropNew).length, 0, 'it has taken in the second push');

  inbox.play();
  await inbox.start();
  await server.refpost('work', '--drain');
  assert.deepEqual(announced(await server.arrived(2, inbox)), commits);
});
