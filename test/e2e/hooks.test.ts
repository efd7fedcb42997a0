import assert from 'node:assert/strict';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { shellWords } from '../../src/hook/worker.ts';
import { manyCommits } from '../fixtures/many-commits.ts';
import { waitUntil } from '../fixtures/processes.ts';
import { writeProgram } from '../fixtures/program.ts';
import { announced } from '../fixtures/read-mails.ts';
import { refpostProgram, type ServerRepository, serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

test('hooks that overtake each other have their pushes announced in the order of the pushes', async t => {
  const inbox = await startInbox(t);
  // The worker is started here once both are recorded, so that no slow machine makes it lose its patience.
  const server = await serverRepository(t, { port: inbox.port, settings: { 'refpost.worker': 'service' } });
  const gate = slowHook(server);
  const one = manyCommits({ clone: server.clone, count: 2, title: 'One' });
  const slow = server.push(['main'], server.clone, { GL_USER: 'slow' });
  await waitUntil('the first hook waits', gate.isWaiting);
  const two = manyCommits({ clone: server.clone, count: 2, title: 'Two' });
  await server.push();
  gate.open();
  assert.equal((await slow).code, 0);
  assert.equal((await server.refpost('work', '--once')).code, 0);
  const mails = await server.arrived(4, inbox);
  assert.deepEqual(announced(mails), [...one, ...two]);
  assert.equal(server.log().match(/ queued .*mails=2\n/g)?.length, 2, 'each push has a thread of its own');
});

test('a hook that comes much too late finds its commits announced by the push after it', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  const gate = slowHook(server);
  const one = manyCommits({ clone: server.clone, count: 2, title: 'One' });
  const slow = server.push(['main'], server.clone, { GL_USER: 'slow' });
  await waitUntil('the first hook waits', gate.isWaiting);
  const two = manyCommits({ clone: server.clone, count: 2, title: 'Two' });
  await server.push();
  await waitUntil('the second push is announced', () => / done /.test(server.log()), { explain: server.log });
  gate.open();
  assert.equal((await slow).code, 0);
  assert.deepEqual(announced(await server.arrived(4, inbox)), [...one, ...two]);
});

test('a push whose hook never ran is caught up by the next one, and nothing is sent twice', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  const hook = join(server.bare, 'hooks', 'post-receive');
  const commits = manyCommits({ clone: server.clone, count: 1, title: 'One' });
  await server.push();
  await server.arrived(1, inbox);

  renameSync(hook, `${hook}.away`);
  commits.push(...manyCommits({ clone: server.clone, count: 2, title: 'Two' }));
  await server.push();
  renameSync(`${hook}.away`, hook);
  commits.push(...manyCommits({ clone: server.clone, count: 1, title: 'Three' }));
  await server.push();
  assert.deepEqual(announced(await server.arrived(4, inbox)), commits);
});

test('a hook of somebody’s own that calls `refpost hook` brings the same mails', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  const hook = join(server.bare, 'hooks', 'post-receive');
  rmSync(hook);
  writeFileSync(hook, `#!/bin/sh\n${shellWords(refpostProgram)} hook\n`, { mode: 0o755 });
  const commits = manyCommits({ clone: server.clone, count: 2, title: 'One' });
  assert.deepEqual(await server.push(), { code: 0, signal: null, stdout: '', stderr: '' });
  assert.deepEqual(announced(await server.arrived(2, inbox)), commits);
});

/** Puts a hook before refpost's that keeps the pushes of the user `slow` waiting until the gate is opened. */
function slowHook({ bare, folder }: ServerRepository): { isWaiting: () => boolean; open: () => void } {
  const hook = join(bare, 'hooks', 'post-receive');
  const [gate, waiting] = [join(folder, 'gate'), join(folder, 'waiting')];
  renameSync(hook, `${hook}.refpost`);
  writeFileSync(gate, '');
  const wait = `>${waiting}; while [ -e ${gate} ]; do sleep 0.02; done`;
  writeProgram(hook, `if [ "$GL_USER" = slow ]; then ${wait}; fi`, 'exec hooks/post-receive.refpost');
  return { isWaiting: () => existsSync(waiting), open: () => rmSync(gate) };
}
