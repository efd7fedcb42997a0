import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type BreakOptions, brokenGit } from '../fixtures/broken-git.ts';
import { heldBy } from '../fixtures/left-behind.ts';
import { start, waitUntil } from '../fixtures/processes.ts';
import { writeProgram } from '../fixtures/program.ts';
import { runHere } from '../fixtures/run-here.ts';
import { refpostProgram, type ServerRepository, serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

/** A worker whose git breaks. */
function work({ folder, bare, env }: ServerRepository, options: BreakOptions) {
  const PATH = brokenGit(folder, options);
  return runHere(['work', '--once'], bare, { ...env, PATH });
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
  assert.equal((await server.refpostHere('work', '--once')).code, 0);
  assert.equal(inbox.received.length, 1);
});

test('a git that is killed while a summary is made costs nothing of it', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port, settings: { 'refpost.worker': 'service' } });
  const { clone } = server;
  const base = clone.commit({ message: 'Base', files: { a: '0\n' } });
  await server.push();
  await server.refpostHere('work', '--once');
  for (const command of ['range-diff', 'for-each-ref', 'diff-tree']) {
    clone.commit({ message: `Before ${command}`, files: { a: `${command}\n` } });
    await server.push();
    await server.refpostHere('work', '--once');
    const before = inbox.received.length;
    clone.git('reset', '-q', '--hard', base);
    clone.commit({ message: `After ${command}`, files: { b: `${command}\n` } });
    await server.push(['--force', 'main']);
    const worked = await work(server, { command, times: 1 });
    assert.equal(worked.code, 0, `${command}: ${worked.stderr}`);
    const texts = inbox.received.slice(before).map(({ bytes }) => bytes.toString());
    assert.ok(
      texts.some(text => text.includes(`gone`) || text.includes(`Before ${command}`)),
      command,
    );
  }
});

test('a worker that is told to stop while git hangs ends, leaves no git, and the push comes later', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port, settings: { 'refpost.worker': 'service' } });
  server.clone.commit({ message: 'Later' });
  await server.push();
  const bin = join(server.folder, 'hangs');
  mkdirSync(bin);
  const real = process.env.PATH;
  const hang = `case " $* " in *" diff-tree "*) echo >'${bin}/asked'; exec sleep 1000 ;; esac`;
  writeProgram(join(bin, 'git'), hang, `PATH='${real}'`, 'exec git "$@"');
  const env = { ...server.env, PATH: `${bin}:${real}` };
  const worker = start([...refpostProgram, 'work', '--drain'], { cwd: server.bare, env });
  t.after(() => worker.child.kill('SIGKILL'));
  await waitUntil('git is asked', () => existsSync(join(bin, 'asked')));
  const before = heldBy(worker.child.pid ?? 0);
  assert.ok(before.children.some(each => each.includes('sleep 1000')));
  worker.child.kill('SIGTERM');
  const { code, stderr } = await worker.ended;
  assert.equal(code, 75, stderr);
  const gone = () => before.children.every(each => !existsSync(`/proc/${each.split(' ')[0]}/cmdline`));
  await waitUntil('no git is left', gone);
  assert.doesNotMatch(server.log(), /held /);
  assert.equal((await server.refpostHere('work', '--once')).code, 0);
  assert.equal(inbox.received.length, 1);
});
