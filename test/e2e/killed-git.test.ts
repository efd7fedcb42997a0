import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BreakOptions, brokenGit } from '../fixtures/broken-git.ts';
import { run } from '../fixtures/processes.ts';
import { refpostProgram, type ServerRepository, serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

/** A worker whose git breaks. */
function work({ folder, bare, env }: ServerRepository, options: BreakOptions) {
  const PATH = brokenGit(folder, options);
  return run([...refpostProgram, 'work', '--once'], { cwd: bare, env: { ...env, PATH } });
}

test('whichever git is killed under a worker, the mails are those of a git that lives, at once', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port, settings: { 'refpost.worker': 'service' } });
  const { clone } = server;
  for (const command of ['rev-parse', 'config', 'cat-file', 'rev-list', 'diff-tree', 'describe']) {
    const commit = clone.commit({ message: `Survives ${command}`, files: { a: `${command}\n` } });
    clone.git('tag', '-a', '-m', `After ${command}`, `after-${command}`);
    await server.push(['main', `after-${command}`]);
    const before = inbox.received.length;
    const worked = await work(server, { command, times: 1 });
    assert.equal(worked.code, 0, `${command}: ${worked.stderr}`);
    const [mail, summary] = inbox.received.slice(before).map(({ bytes }) => bytes.toString());
    assert.match(mail ?? '', new RegExp(`Survives ${command}[^]*Commit: ${commit}[^]*\\+${command}`));
    assert.match(summary ?? '', new RegExp(`After ${command}`));
  }
});

test('a push waits where git is killed again and again, and what is held says why', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port, settings: { 'refpost.worker': 'service' } });
  server.clone.commit({ message: 'Waits' });
  await server.push();
  const worked = await work(server, { command: 'rev-list' });
  assert.equal(worked.code, 74, worked.stderr);
  assert.match(server.log(), /held .*git rev-list failed: it was ended by SIGKILL; it is tried again/);
  assert.equal((await server.refpost('work', '--once')).code, 0);
  assert.equal(inbox.received.length, 1);
});
