import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { manyCommits } from '../fixtures/many-commits.ts';
import { cannotStartPostgres, startPostgres } from '../fixtures/postgres.ts';
import { start, waitUntil } from '../fixtures/processes.ts';
import { announced } from '../fixtures/read-mails.ts';
import { gitEnvironment, temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';
import { refpostProgram, serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';
import { startTcpProxy } from '../fixtures/tcp-proxy.ts';

/* Servers with one outbox in a database, as people run them: hooks, workers and commands as processes. */

const skip = cannotStartPostgres();
const postgres = skip ? undefined : await startPostgres({ after });

async function newDatabase(): Promise<string> {
  assert.ok(postgres);
  const name = await postgres.database();
  const made = await runHere(['fleet', 'init', '-c', `refpost.outbox=${postgres.url(name)}`], '/');
  assert.equal(made.code, 0, made.stderr);
  return name;
}

async function databaseBehindProxy(t: TestContext) {
  const name = await newDatabase();
  const proxy = await startTcpProxy(t, { path: postgres?.socket ?? '' });
  return { proxy, url: `postgres://refpost@127.0.0.1:${proxy.port}/${name}` };
}

interface Site {
  readonly url: string;
  readonly port: number;
  readonly server: string;
  readonly settings?: Readonly<Record<string, string>>;
}

function gitServer(t: TestContext, { url, port, server, settings = {} }: Site) {
  const fleet = { 'refpost.outbox': url, 'refpost.server': server };
  return serverRepository(t, { port, settings: { ...fleet, ...settings } });
}

test('hooks of two servers start workers that send by one outbox, which people see whole or by server', {
  skip,
}, async t => {
  const inbox = await startInbox(t);
  const url = postgres?.url(await newDatabase()) ?? '';
  const servers = [
    await gitServer(t, { url, port: inbox.port, server: 'git1' }),
    await gitServer(t, { url, port: inbox.port, server: 'git2' }),
  ] as const;
  const commits: string[] = [];
  for (const { clone, push, idle } of servers) {
    commits.push(...manyCommits({ clone, count: 2, title: 'One' }));
    await push();
    await inbox.waitFor(commits.length);
    await idle();
  }
  assert.deepEqual(announced(inbox.received), commits);
  const list = async (...words: readonly string[]) => {
    const { stdout } = await servers[0].refpostHere('outbox', 'list', '--all', '--json', ...words);
    return JSON.parse(stdout).map((row: { server: string; state: string }) => [row.server, row.state]);
  };
  assert.deepEqual(await list(), [
    ['git1', 'done'],
    ['git2', 'done'],
  ]);
  assert.deepEqual(await list('--server', 'git2'), [['git2', 'done']]);
});

test('a database that is away keeps no push and no record, is told of once, and is used again when it is back', {
  skip,
}, async t => {
  const inbox = await startInbox(t);
  const { url } = await databaseBehindProxy(t);
  const server = await gitServer(t, { url, port: inbox.port, server: 'git1' });
  await postgres?.stop('fast');
  const commits = manyCommits({ clone: server.clone, count: 3, title: 'One' });
  assert.equal((await server.push()).code, 0);
  const explain = server.log;
  await waitUntil('the worker has said it', () => /^\S+ away /m.test(server.log()), { explain });
  const { code, stdout } = await server.refpostHere('status');
  assert.equal(code, 69);
  assert.match(stdout, /^recorded: +1 push$/m);
  assert.match(stdout, /^trouble: +the database \S+ cannot be reached/m);
  const asked = await server.refpost('notify', 'main~1', 'main', 'main');
  assert.equal(asked.code, 75);
  assert.match(
    asked.stderr,
    /the worker \(process \d+\) is at other pushes before it|recorded, to be sent when/,
  );
  await postgres?.start();
  await inbox.waitFor(4);
  await server.idle();
  assert.deepEqual(announced(inbox.received).slice(0, 3), commits);
  assert.equal(server.log().match(/ away /g)?.length, 1);
  assert.match(server.log(), /^\S+ back after=\d+s$/m);
});

test('an intake stores what its server has, and a sender without a repository sends it by its own settings', {
  skip,
}, async t => {
  const inbox = await startInbox(t);
  const url = postgres?.url(await newDatabase()) ?? '';
  // The server cannot send: its transport is none of the sender's business.
  const settings = { 'refpost.worker': 'service', 'refpost.transport': 'sendmail:/bin/false' };
  const server = await gitServer(t, { url, port: inbox.port, server: 'git1', settings });
  const commits = manyCommits({ clone: server.clone, count: 3, title: 'One' });
  await server.push();
  const stored = await server.refpost('work', '--intake', '--once');
  assert.equal(stored.code, 0, stored.stderr);
  assert.equal(inbox.received.length, 0);
  const folder = temporaryFolder(t);
  const config = join(folder, 'gitconfig');
  const env = gitEnvironment({ GIT_CONFIG_GLOBAL: config });
  const set = (key: string, value: string) => server.clone.git('config', '--file', config, key, value);
  const none = await runHere(['work', '--sender', '--once'], folder, env);
  assert.match(none.stderr, /there is no fleet: refpost\.outbox names no database/);
  set('refpost.outbox', url);
  set('refpost.transport', `smtp://127.0.0.1:${inbox.port}`);
  const sender = start([...refpostProgram, 'work', '--sender'], { cwd: folder, env });
  await inbox.waitFor(3);
  const more = manyCommits({ clone: server.clone, count: 2, title: 'Two' });
  await server.push();
  assert.equal((await server.refpost('work', '--intake', '--once')).code, 0);
  await inbox.waitFor(5);
  sender.child.kill('SIGTERM');
  assert.equal((await sender.ended).code, 0);
  assert.deepEqual(announced(inbox.received), [...commits, ...more]);
});

test('a worker that waits for its database ends when it is told to, and the push waits on', {
  skip,
}, async t => {
  const inbox = await startInbox(t);
  const { proxy, url } = await databaseBehindProxy(t);
  const settings = { 'refpost.worker': 'service' };
  const server = await gitServer(t, { url, port: inbox.port, server: 'git1', settings });
  server.config('refpost.outbox', url.replace(String(proxy.port), '1'));
  manyCommits({ clone: server.clone, count: 1, title: 'One' });
  await server.push();
  const once = await server.refpost('work', '--once');
  assert.equal(once.code, 75);
  assert.match(once.stderr, /cannot be reached: connect ECONNREFUSED/);
  const worker = server.startRefpost('work');
  await waitUntil('it has said so', () => /^\S+ away /m.test(server.log()), { explain: server.log });
  worker.child.kill('SIGTERM');
  assert.equal((await worker.ended).code, 0);
  server.config('refpost.outbox', url);
  assert.equal((await server.refpost('work', '--once')).code, 0);
  await server.arrived(1, inbox);
});

test('a repository that shares the spool and not the database is held with a sentence', { skip }, async t => {
  const inbox = await startInbox(t);
  const url = postgres?.url(await newDatabase()) ?? '';
  const spool = join(temporaryFolder(t), 'spool');
  const settings = { 'refpost.worker': 'service', 'refpost.spool': spool };
  const [one, other] = [
    await gitServer(t, { url, port: inbox.port, server: 'git1', settings }),
    await serverRepository(t, { port: inbox.port, settings }),
  ];
  manyCommits({ clone: other.clone, count: 1, title: 'One' });
  await other.push();
  const { code, stderr } = await one.refpost('work', '--once');
  assert.equal(code, 78);
  assert.match(stderr, /held push=\S+ .*refpost\.outbox of \S+ is another one than that of the worker/);
  assert.equal(inbox.received.length, 0);
});
