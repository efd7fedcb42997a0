import assert from 'node:assert/strict';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { manyCommits } from '../fixtures/many-commits.ts';
import { processesNaming, waitUntil } from '../fixtures/processes.ts';
import { announced } from '../fixtures/read-mails.ts';
import { recorded } from '../fixtures/recorded.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { type ServerRepository, serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';
import { startScripted } from '../fixtures/smtp-script.ts';
import { BY_HAND, hangingBesideLive } from './hanging-server.ts';

/*
 * Transports are served side by side: a server that takes a connection and says nothing is waited for by its own mails alone. These
 * tests mostly wait, and do so side by side as well.
 */

suite('side by side', { concurrency: 3 }, () => {
  test('mails by a live server all arrive, in order, while a server that says nothing has the mails before them', async t => {
    const { hangs, inbox, stuck, live, isStillHanging } = await hangingBesideLive(t);
    await recorded(stuck, 'Stuck', 3);
    const commits = [...(await recorded(live, 'One', 3))];
    await recorded(stuck, 'Stuck again', 2);
    commits.push(...(await recorded(live, 'Two', 2)));
    const worker = live.startRefpost('work');
    await inbox.waitFor(5);
    assert.deepEqual(announced(inbox.received), commits);

    commits.push(...(await recorded(live, 'Recorded meanwhile', 2)));
    await inbox.waitFor(7);
    assert.deepEqual(announced(inbox.received), commits);
    assert.ok(isStillHanging());
    assert.equal(hangs.connections, 1, 'one connection for all that goes this way');

    worker.child.kill('SIGTERM');
    const { code, signal } = await worker.ended;
    assert.deepEqual({ code, signal }, { code: 0, signal: null });
    assert.ok(isStillHanging());
    assert.deepEqual(processesNaming(live.folder), []);

    hangs.play();
    assert.equal((await live.refpost('work', '--once')).code, 0);
    assert.equal(hangs.received.length, 5);
    assert.equal(inbox.received.length, 7);
  });

  test('a corrected transport is used at once, in order, for what a server has that says nothing, and for what waits behind it', async t => {
    const { hangs, inbox, stuck, live, isStillHanging } = await hangingBesideLive(t);
    const commits = [...(await recorded(stuck, 'At hand', 2)), ...(await recorded(stuck, 'Behind it'))];
    live.startRefpost('work');
    await waitUntil('the server has a connection', () => hangs.connections > 0);
    stuck.config('refpost.transport', `smtp://127.0.0.1:${inbox.port}`);
    await inbox.waitFor(3);
    assert.deepEqual(announced(inbox.received), commits);
    assert.ok(isStillHanging());
  });

  test('a retry that somebody asks for connects anew where a server says nothing, but not where it has the mail at hand', async t => {
    for (const [at, isCut] of [
      ['RCPT', true],
      ['DOT', false],
    ] as const) {
      const { hangs, inbox, stuck, live } = await hangingBesideLive(t, [{ at, nth: 1, next: 'hang' }]);
      await recorded(stuck, 'Stuck');
      const worker = live.startRefpost('work');
      const last = at === 'DOT' ? 'DATA' : at;
      await waitUntil('the server hangs', () => hangs.commands.some(command => command.startsWith(last)));
      await stuck.refpost('outbox', 'retry', '--all');
      if (isCut) await waitUntil('it is sent', () => hangs.received.length === 1);
      await recorded(live, 'Live');
      await inbox.waitFor(1);
      assert.equal(hangs.connections > 1, isCut);
      worker.child.kill('SIGTERM');
      await worker.ended;
    }
  });

  test('of servers that hang, all are asked at once what they take', async t => {
    const inbox = await startInbox(t);
    const spool = join(temporaryFolder(t), 'spool');
    const hangs = await Promise.all(
      [1, 2, 3].map(() => startScripted(t, [{ at: 'GREETING', next: 'hang' }])),
    );
    const servers: ServerRepository[] = [];
    for (const { port } of [...hangs, inbox])
      servers.push(await serverRepository(t, { port, spool, settings: BY_HAND }));
    for (const server of servers) await recorded(server, 'One');
    servers[3]?.startRefpost('work');
    await waitUntil('a push is picked up', () => / queued /.test(servers[3]?.log() ?? ''));
    assert.deepEqual(
      hangs.map(({ connections }) => connections),
      [1, 1, 1],
    );
    await inbox.waitFor(1);
  });

  test('of a push that is dropped while a server has its first mail, no other mail goes out', async t => {
    const { hangs, stuck, live } = await hangingBesideLive(t, [
      { at: 'DOT', nth: 1, delay: 3000, reply: '250 2.0.0 Ok' },
    ]);
    await recorded(stuck, 'Stuck', 3);
    const worker = live.startRefpost('work', '--once');
    const hasText = () => hangs.commands.some(command => command.startsWith('DATA'));
    await waitUntil('the server has the first', hasText);
    assert.equal((await stuck.refpost('outbox', 'drop', '1')).code, 0);
    await worker.ended;
    assert.equal(hangs.received.length, 1);
  });

  test('notify returns when its own mails are out, and a worker goes on with what waits for a server that says nothing', async t => {
    const { hangs, inbox, stuck, live, isStillHanging } = await hangingBesideLive(t);
    await recorded(stuck, 'Stuck');
    const [old = '', young = ''] = await recorded(live, 'Asked for', 2);
    live.config('refpost.worker', undefined);
    const { code, stderr } = await live.refpost('notify', old, young, 'main');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /: 1 mail sent$/m);
    assert.equal(inbox.received.length, 3);
    assert.ok(isStillHanging());
    await waitUntil('another worker is at it', () => hangs.connections > 1);
    assert.equal(processesNaming(live.bare).length, 1);
  });

  test('a worker that runs once waits for all transports, and takes in what is recorded meanwhile', async t => {
    const { hangs, inbox, stuck, live } = await hangingBesideLive(t);
    await recorded(stuck, 'Stuck');
    await recorded(live, 'One');
    const worker = live.startRefpost('work', '--once');
    await inbox.waitFor(1);
    await recorded(live, 'Two');
    await inbox.waitFor(2);
    assert.equal(worker.child.exitCode, null);
    await hangs.stop();
    assert.equal((await worker.ended).code, 75);
    assert.match(live.log(), / unreached /);
  });

  test('a fault of the disk at one transport, or an outbox that is taken away, ends a worker whose other server says nothing', async t => {
    const { hangs, stuck, live } = await hangingBesideLive(t);
    await recorded(stuck, 'Stuck');
    const { root, done } = live.layout;
    const worker = live.startRefpost('work');
    await waitUntil('the server has a connection', () => hangs.connections === 1);
    rmSync(done, { recursive: true, force: true });
    writeFileSync(done, '');
    manyCommits({ clone: live.clone, count: 1, title: 'Live' });
    await live.push();
    const { code, stderr } = await worker.ended;
    assert.equal(code, 74, stderr);
    assert.match(stderr, /done/);
    assert.deepEqual(processesNaming(live.folder), []);

    rmSync(done);
    const next = live.startRefpost('work');
    await waitUntil('the server has another connection', () => hangs.connections === 2);
    rmSync(root, { recursive: true });
    const ended = await next.ended;
    assert.notEqual(ended.code, 0, ended.stderr);
    assert.ok(!existsSync(root));
  });
});
