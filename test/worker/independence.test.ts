import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDrop } from '../../src/drop/drop.ts';
import { manyCommits } from '../fixtures/many-commits.ts';
import { waitUntil } from '../fixtures/processes.ts';
import { announced } from '../fixtures/read-mails.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';
import { type ServerRepository, serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';
import { startScripted } from '../fixtures/smtp-script.ts';

/*
 * Nothing waits for what has nothing to do with it: a record for another record, an entry for another entry, a transport for
 * another transport, a person for a worker.
 */

const BY_HAND = { 'refpost.worker': 'service' };

/** Puts a line into both copies of the record that the last push has left, as a hand or a broken hook might. Returns its id. */
function spoil({ layout }: ServerRepository, line: string): string {
  const id = readdirSync(layout.dropNew).at(-1) ?? assert.fail('nothing is recorded');
  rewrite(join(layout.dropNew, id), text => text.replaceAll(/^kind /gm, `${line}\nkind `));
  return id;
}

/** As if it had been recorded a minute ago: nothing that might still come is waited for. */
function age({ layout }: ServerRepository): void {
  for (const name of readdirSync(layout.dropNew)) {
    rewrite(join(layout.dropNew, name), text =>
      text.replaceAll(/^time (\d+)/gm, (_, time) => `time ${time - 60}`),
    );
  }
}

function rewrite(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'latin1')), 'latin1');
}

const once = ({ bare, env }: ServerRepository) => runHere(['work', '--once'], bare, env);

test('a record that fails holds no other: other refs go on at once, its own after a moment, and nothing comes twice', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port, settings: BY_HAND });
  const first = manyCommits({ clone: server.clone, count: 1, title: 'One' });
  await server.push();
  const id = spoil(server, 'setting refpost.maxMails=none');
  const second = manyCommits({ clone: server.clone, count: 1, title: 'Two' });
  await server.push();
  const other = manyCommits({ clone: server.clone, count: 1, title: 'Other', branch: 'other' });
  await server.push(['other']);
  age(server);

  assert.equal((await once(server)).code, 78);
  assert.deepEqual(announced(inbox.received), [...other, ...first, ...second]);
  const held = (await openDrop(server.layout.root).held()).get(id);
  assert.match(held?.what ?? '', /a setting is wrong: .*refpost\.maxMails/);

  rewrite(join(server.layout.dropNew, id), text => text.replaceAll(/^setting .*\n/gm, ''));
  assert.equal((await once(server)).code, 0);
  assert.deepEqual(await openDrop(server.layout.root).names(), []);
  assert.deepEqual(readdirSync(server.layout.dropHeld), []);
  assert.equal(inbox.received.length, 3);
});

test('a notify that fails holds no push, and the command takes its record back', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port, settings: BY_HAND });
  const first = manyCommits({ clone: server.clone, count: 2, title: 'One' });
  const templates = temporaryFolder(t);
  writeFileSync(join(templates, 'commit.hbs'), '{{#if x}}');
  await server.push();
  server.config('refpost.templates', templates);
  const failed = await server.refpost('notify', 'main~1', 'main', 'main');
  assert.match(failed.stderr, /the template .* cannot be used/);
  assert.equal((await openDrop(server.layout.root).names()).length, 1, 'the push, and not the notify');
  server.config('refpost.templates', undefined);
  assert.equal((await once(server)).code, 0);
  assert.deepEqual(announced(inbox.received), first);
});

test('what is wrong with how mails go out is refused for one notify, and tried by a dry run', async t => {
  const server = await serverRepository(t, { port: 9, settings: BY_HAND });
  manyCommits({ clone: server.clone, count: 2, title: 'One' });
  await server.push();
  const transport = ['notify', 'main~1', 'main', 'main', '-c', 'refpost.transport=smtp://127.0.0.1:10'];
  const refused = await runHere(transport, server.bare, server.env);
  assert.equal(refused.code, 64);
  assert.match(refused.stderr, /^refpost: refpost\.transport cannot be set for one notify/);
  assert.equal((await openDrop(server.layout.root).names()).length, 1);
  const dry = await runHere([...transport, '-n'], server.bare, server.env);
  assert.equal(dry.code, 0);
});

test('while one server is away, mails for another one go out at once, and one that was corrected is tried at once', async t => {
  const inbox = await startInbox(t);
  const spool = join(temporaryFolder(t), 'spool');
  const settings = { ...BY_HAND, 'refpost.retryWait': '1h', 'refpost.retryMaxWait': '1h' };
  const away = await serverRepository(t, { port: 9, spool, settings });
  const well = await serverRepository(t, { port: inbox.port, spool, settings });
  away.startRefpost('work');
  const late = manyCommits({ clone: away.clone, count: 1, title: 'Late' });
  await away.push();
  await waitUntil('the worker has found it away', () => /ECONNREFUSED/.test(away.log()));
  const soon = manyCommits({ clone: well.clone, count: 1, title: 'Soon' });
  await well.push();
  await waitUntil('the mail of the other is there', () => inbox.received.length === 1);
  away.config('refpost.transport', `smtp://127.0.0.1:${inbox.port}`);
  await waitUntil('the late mail is there', () => inbox.received.length === 2);
  assert.deepEqual(announced(inbox.received), [...soon, ...late]);
});

test('a sender whom a server refuses keeps no mail of another sender back, and a corrected one counts for what is queued', async t => {
  const inbox = await startScripted(t, [{ at: 'MAIL', nth: 1, reply: '550 5.7.1 not from you' }]);
  const server = await serverRepository(t, { port: inbox.port, settings: BY_HAND });
  server.config('refpost.envelopeFrom', 'ann@example.org');
  const [refused] = manyCommits({ clone: server.clone, count: 1, title: 'Ann' });
  await server.push();
  await once(server);
  server.config('refpost.envelopeFrom', 'ben@example.org');
  const others = manyCommits({ clone: server.clone, count: 1, title: 'Ben' });
  await server.push();
  await once(server);
  await runHere(['outbox', 'retry', '--all'], server.bare, server.env);
  await once(server);
  assert.deepEqual(announced(inbox.received).toSorted(), [refused, ...others].toSorted());
  assert.deepEqual([...new Set(inbox.received.map(mail => mail.from))], ['ben@example.org']);
});

test('mails of a repository that is gone are given up in time, told, and hold nobody', async t => {
  const inbox = await startInbox(t);
  const spool = join(temporaryFolder(t), 'spool');
  const settings = { ...BY_HAND, 'refpost.giveUpAfter': '1s', 'refpost.administrator': 'root@example.org' };
  const gone = await serverRepository(t, { port: 9, spool, settings });
  const well = await serverRepository(t, { port: inbox.port, spool, settings });
  manyCommits({ clone: gone.clone, count: 1, title: 'Gone' });
  await gone.push();
  assert.equal((await once(gone)).code, 75);
  rmSync(gone.bare, { recursive: true });
  await new Promise(resolve => setTimeout(resolve, 1100));
  assert.equal((await once(well)).code, 69);
  assert.deepEqual(readdirSync(well.layout.queue), []);
  assert.match(
    (await runHere(['outbox'], well.bare, well.env)).stdout,
    /\tfailed\t0 of 1 sent\t.* is not a git repository/,
  );
  assert.equal(inbox.received.length, 1, 'the administrator is told');
});

test('an entry whose settings are wrong is held, told with the remedy, and sent when they are right', async t => {
  const inbox = await startScripted(t, [{ at: 'RCPT', reply: '451 4.7.1 later' }]);
  const server = await serverRepository(t, { port: inbox.port, settings: BY_HAND });
  manyCommits({ clone: server.clone, count: 1, title: 'One' });
  await server.push();
  assert.equal((await once(server)).code, 75);
  server.startRefpost('work', '-c', 'refpost.retryWait=1s');
  await waitUntil('it is deferred again', () => server.log().split(' deferred ').length === 3);
  server.config('refpost.tls', 'perhaps');
  await server.refpost('outbox', 'retry', '--all');
  await waitUntil('it is held', () => / held .*refpost\.tls/.test(server.log()));
  assert.match((await server.refpost('outbox', 'list')).stdout, /\tqueue\t.*refpost\.tls/);
  inbox.play();
  server.config('refpost.tls', undefined);
  await waitUntil('the mail is there', () => inbox.received.length === 1);
});

test('a retry wakes the worker that sleeps, and so does a drop', async t => {
  const inbox = await startScripted(t, [{ at: 'RCPT', reply: '451 4.7.1 later' }]);
  const settings = { 'refpost.retryWait': '1h', 'refpost.retryMaxWait': '1h' };
  const server = await serverRepository(t, { port: inbox.port, settings });
  manyCommits({ clone: server.clone, count: 1, title: 'One' });
  await server.push();
  await waitUntil('it is deferred', () => /deferred/.test(server.log()));
  inbox.play();
  const said = await server.refpost('outbox', 'retry', '1');
  assert.match(
    said.stderr,
    /^refpost: push 1 is due now\nrefpost: the worker \(process \d+\) goes on at once\n$/,
  );
  await server.arrived(1, inbox);

  inbox.play({ at: 'RCPT', reply: '451 4.7.1 later' });
  manyCommits({ clone: server.clone, count: 1, title: 'Two' });
  await server.push();
  await waitUntil('it is deferred', () => server.log().split('deferred').length === 3);
  await server.refpost('outbox', 'drop', '2');
  await server.idle();
});

test('notify beside a worker that waits for its server returns, and says who has its mails', async t => {
  const settings = { 'refpost.retryWait': '1h', 'refpost.retryMaxWait': '1h' };
  const server = await serverRepository(t, { port: 9, settings });
  manyCommits({ clone: server.clone, count: 2, title: 'One' });
  await server.push();
  await waitUntil('the worker has found it away', () => /ECONNREFUSED/.test(server.log()));
  const notified = await server.refpost('notify', 'main~1', 'main', 'main');
  assert.equal(notified.code, 75);
  assert.match(notified.stderr, /^refpost: 1 mail queued.*\n {2}the worker \(process \d+\) has them\n/);
});

test('a record of a repository that has another outbox is held, shown, and can be dropped', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port, settings: BY_HAND });
  const other = await serverRepository(t, { port: inbox.port, settings: BY_HAND });
  manyCommits({ clone: server.clone, count: 1, title: 'One' });
  await server.push();
  const [id = ''] = readdirSync(server.layout.dropNew);
  renameSync(join(server.layout.dropNew, id), join(other.layout.dropNew, id));
  utimesSync(other.layout.dropNew, 0, 0);
  assert.equal((await once(other)).code, 77);
  assert.deepEqual(inbox.received, []);
  const listed = await runHere(['outbox', 'list', '--json'], other.bare, other.env);
  const [row] = JSON.parse(listed.stdout);
  assert.deepEqual(
    [row.state, row.push, row.repository, row.refs],
    ['held', id, server.bare, ['refs/heads/main']],
  );
  assert.match(row.reason, /not this one$/);
  assert.equal((await runHere(['outbox', 'drop', id], other.bare, other.env)).code, 0);
  assert.deepEqual(readdirSync(other.layout.dropNew), []);
  assert.match((await runHere(['outbox', 'list'], other.bare, other.env)).stderr, /the outbox is empty/);
});

test('once install has repaired the command, what waited is mailed without another push', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  server.config('refpost.command', '/nonexistent/node-20.1/bin/node /nonexistent/refpost.js');
  const commits = manyCommits({ clone: server.clone, count: 1, title: 'One' });
  await server.push();
  assert.equal((await openDrop(server.layout.root).names()).length, 1);
  const installed = await server.refpost('install');
  assert.match(installed.stdout, /^pushes are waiting: a worker is started$/m);
  assert.deepEqual(announced(await server.arrived(1, inbox)), commits);
});

test('a worker that is killed before it has seen a push leaves it to the one that the hook starts then', async t => {
  const inbox = await startScripted(t, [{ at: 'RCPT', reply: '451 4.7.1 later' }]);
  const settings = { 'refpost.retryWait': '1h', 'refpost.retryMaxWait': '1h' };
  const server = await serverRepository(t, { port: inbox.port, settings });
  manyCommits({ clone: server.clone, count: 1, title: 'One' });
  await server.push();
  await waitUntil('a worker waits', () => /deferred/.test(server.log()));
  const worker = Number.parseInt(readFileSync(server.layout.lock, 'latin1'), 10);
  process.kill(worker, 'SIGSTOP');
  const commits = manyCommits({ clone: server.clone, count: 1, title: 'Two' });
  await server.push();
  inbox.play();
  process.kill(worker, 'SIGKILL');
  await inbox.waitFor(1);
  assert.deepEqual(announced(inbox.received), commits);
});
