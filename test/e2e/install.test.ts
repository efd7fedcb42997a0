import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { manyCommits } from '../fixtures/many-commits.ts';
import { announced } from '../fixtures/read-mails.ts';
import { serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

test('a hook that was there goes on being run, and after uninstall everything is as it was', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  const hook = join(server.bare, 'hooks', 'post-receive');
  assert.equal((await server.refpost('install', '--uninstall')).code, 0);
  assert.equal(existsSync(hook), false);
  assert.equal(existsSync(server.layout.root), false);

  const own = '#!/bin/sh\ncat >seen\necho "the own hook"\n';
  writeFileSync(hook, own);
  chmodSync(hook, 0o755);
  const config = readFileSync(join(server.bare, 'config'), 'utf8');
  const installed = await server.refpost('install', '--to', 'commits@example.org');
  assert.equal(installed.code, 0);
  assert.match(installed.stdout, /refpost doctor --repo /);

  const commits = manyCommits({ clone: server.clone, count: 2, title: 'One' });
  const push = await server.push();
  assert.deepEqual([push.code, push.stderr.trimEnd()], [0, 'remote: the own hook']);
  assert.deepEqual(announced(await server.arrived(2, inbox)), commits);
  const line = `${'0'.repeat(40)} ${commits[1]} refs/heads/main\n`;
  assert.equal(readFileSync(join(server.bare, 'seen'), 'utf8'), line);

  assert.equal((await server.refpost('install', '--uninstall')).code, 0);
  assert.equal(readFileSync(join(server.bare, 'config'), 'utf8'), config);
  assert.equal(readFileSync(hook, 'utf8'), own);
  assert.equal(existsSync(server.layout.root), false);
  manyCommits({ clone: server.clone, count: 1, title: 'Two' });
  assert.equal((await server.push()).code, 0);
  await server.arrived(2, inbox);
});

test('install in a repository that has a history announces what is pushed from then on', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  await server.refpost('install', '--uninstall');
  manyCommits({ clone: server.clone, count: 5, title: 'History' });
  await server.push(['main', 'main:refs/heads/other']);
  assert.equal((await server.refpost('install', '--to', 'commits@example.org')).code, 0);
  const commits = manyCommits({ clone: server.clone, count: 1, title: 'New' });
  await server.push(['main', 'main:refs/heads/third']);
  assert.deepEqual(announced(await server.arrived(1, inbox)), commits);
});
