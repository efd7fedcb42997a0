import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readMirror } from '../../src/repository/mirror-state.ts';
import { killNaming, run, start, waitUntil } from '../fixtures/processes.ts';
import { configLines, gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';
import { refpostProgram } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

/** A repository of one commit on another server, and a user here who has no mirror of it yet. */
async function polling(t: TestContext, settings: Readonly<Record<string, string>> = {}) {
  let folder = '';
  t.after(() => killNaming(folder));
  folder = temporaryFolder(t);
  const inbox = await startInbox(t);
  const origin = new TestRepository(join(folder, 'team', 'mig.git'), '--bare');
  const clone = new TestRepository(join(folder, 'clone'));
  clone.git('remote', 'add', 'origin', origin.folder);
  clone.commit({ message: 'of before' });
  clone.git('push', '-q', 'origin', 'main');
  const config = join(folder, 'gitconfig');
  const all = {
    'refpost.mirrors': join(folder, 'mirrors'),
    'refpost.spool': join(folder, 'outbox'),
    'refpost.to': 'commits@example.org',
    'refpost.from': 'git@example.org',
    'refpost.transport': `smtp://127.0.0.1:${inbox.port}`,
    ...settings,
  };
  appendFileSync(config, configLines(all));
  const env = gitEnvironment({ HOME: folder, GIT_CONFIG_GLOBAL: config });
  const words = [...refpostProgram];
  const push = (message: string) => {
    const id = clone.commit({ message });
    clone.git('push', '-q', 'origin', 'main');
    return id;
  };
  return {
    ...{ folder, inbox, clone, config, push },
    url: `file://${origin.folder}`,
    mirror: join(folder, 'mirrors', 'file', ...folder.split('/').filter(Boolean), 'team', 'mig.git'),
    run: (...more: string[]) => run([...words, ...more], { env, cwd: '/' }),
    /** In this process: where nothing is sent. */
    runHere: (...more: string[]) => runHere(more, '/', env),
    start: (...more: string[]) => start([...words, ...more], { env, cwd: '/' }),
  };
}

test('the first look makes a mirror without mail, the next ones mail what is new', async t => {
  const site = await polling(t);
  const made = await site.run('poll', '--once', site.url);
  assert.equal(made.code, 0, made.stderr);
  assert.ok(existsSync(join(site.mirror, 'refpost', 'identity')));
  assert.ok(!existsSync(join(site.folder, 'outbox', 'refpost.log')) || !/queued/.test(made.stderr));
  site.push('news');
  const looked = await site.run('poll', '--once');
  assert.equal(looked.code, 0, looked.stderr);
  await waitUntil('its mail comes', () => site.inbox.received.length > 0);
  assert.deepEqual(
    site.inbox.received.map(mail => /^Subject: (.*?)\r?$/m.exec(mail.bytes.toString())?.[1]),
    ['mig git commit: news'],
  );
  const status = await site.run('status', '--repo', site.mirror);
  assert.match(status.stdout, /^mirror: {5}file:.*looked at \d+s ago, all is here$/m);
});

test('doctor knows a mirror, which has no hook, and whether its server was looked at', async t => {
  const site = await polling(t);
  assert.equal((await site.runHere('poll', '--once', site.url)).code, 0);
  const doctor = async () => (await site.runHere('doctor', '--repo', site.mirror)).stdout;
  assert.match(await doctor(), /^ok {4}hook: none: a mirror of file:.*, looked at \d+s ago$/m);
  assert.match(await doctor(), /^ok {4}worker: started by refpost poll$/m);
  rmSync(join(site.folder, 'team'), { recursive: true });
  assert.equal((await site.runHere('poll', '--once')).code, 69);
  assert.match(await doctor(), /^FAIL {2}hook: file:.*team\/mig\.git: fatal:/m);
  const since = async () =>
    /"since": *("[^"]+"|\d+)/.exec(
      (await site.runHere('status', '--json', '--repo', site.mirror)).stdout,
    )?.[1];
  const first = await since();
  assert.equal((await site.runHere('poll', '--once')).code, 69);
  assert.ok(first);
  assert.equal(await since(), first, 'as where cron starts each look');
});

test('a server that names nothing when its mirror is made may be a page for a login: that is said', async t => {
  const site = await polling(t);
  const page = createHttpServer((_, response) => response.end('<h1>Log in</h1>')).listen(0, '127.0.0.1');
  t.after(() => page.close());
  await once(page, 'listening');
  const { stderr } = await site.run(
    'poll',
    '--once',
    `http://127.0.0.1:${(page.address() as AddressInfo).port}/a/b`,
  );
  assert.match(
    stderr,
    /^refpost: http:.*\/a\/b names no branch or tag, .*\n {2}if it is not empty, see whether the address is right/m,
  );
});

test('what nobody may name is refused before anything is run, and a server that is away is code 69', async t => {
  const site = await polling(t);
  for (const [name, code] of [
    ['ext::sh', 64],
    ['https://ada:secret@git.example.org/x', 64],
    ['file:///../x', 64],
    [join(site.clone.folder, '.git'), 78],
    ['nowhere', 66],
    [`file://${site.folder}/nowhere`, 69],
    ['http://token@127.0.0.1:1/x', 69],
  ] as const) {
    const ended = await site.runHere('poll', '--once', name);
    assert.equal(ended.code, code, `${name}: ${ended.stderr}`);
    assert.doesNotMatch(ended.stderr, /secret|token|bug/);
  }
  assert.equal((await site.runHere('poll', '--once')).code, 66);
});

test('it ends when it is told to, with a git that waits for a server that says nothing', async t => {
  const site = await polling(t);
  const server = createServer(socket => void socket.on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const called = once(server, 'connection');
  const url = `git://127.0.0.1:${(server.address() as AddressInfo).port}/x.git`;
  const polled = site.start('poll', '--every', '1s', url, site.url);
  const [socket] = await called;
  await waitUntil('the other one is mirrored', () => existsSync(site.mirror));
  polled.child.kill();
  const hungUp = once(socket.resume(), 'close');
  const ended = await polled.ended;
  assert.deepEqual([ended.code, ended.signal], [0, null], ended.stderr);
  await hungUp;
});

test('a webhook brings the mail of a push at once, and who pushed', async t => {
  const site = await polling(t);
  assert.equal((await site.run('poll', '--once', site.url)).code, 0);
  const secret = join(site.folder, 'secret');
  writeFileSync(secret, 'of the host\n');
  chmodSync(secret, 0o600);
  const own = { 'refpost.webhookSecretFile': secret, 'refpost.pushers': 'ada' };
  appendFileSync(site.config, configLines(own));
  const looked = () => readMirror(join(site.folder, 'outbox'), site.mirror)?.at;
  const first = looked();
  const door = site.start('webhook', '--listen', '127.0.0.1:0', '--every', '1h');
  let said = '';
  door.child.stderr?.on('data', text => (said += text));
  await waitUntil('webhooks come in', () => /http:\S+/.test(said), { explain: () => said });
  // Its first look, which would see the push and not know who pushed.
  await waitUntil('it has looked', () => looked() !== first, { explain: () => said });
  const log = join(site.folder, 'outbox', 'refpost.log');
  const before = site.clone.git('rev-parse', 'main');
  const after = site.push('by ada');
  const body = JSON.stringify({
    ...{ ref: 'refs/heads/main', before, after, pusher: { login: 'ada' } },
    repository: { clone_url: `${site.url}/`, full_name: 'team/mig' },
  });
  const signature = createHmac('sha256', 'of the host').update(body).digest('hex');
  const headers = { 'X-Gitea-Signature': signature, 'X-Gitea-Event': 'push' };
  const response = await fetch(/http:\S+/.exec(said)?.[0] ?? '', { method: 'POST', body, headers });
  assert.equal(response.status, 202, await response.text());
  await waitUntil('its mail comes', () => site.inbox.received.length > 0, {
    explain: () => readFileSync(log, 'utf8'),
  });
  door.child.kill();
  assert.equal((await door.ended).code, 0);
});
