import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { manyCommits } from '../fixtures/many-commits.ts';
import { waitUntil } from '../fixtures/processes.ts';
import { announced } from '../fixtures/read-mails.ts';
import { recorded } from '../fixtures/recorded.ts';
import { serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';
import { startScripted } from '../fixtures/smtp-script.ts';
import { BY_HAND } from './hanging-server.ts';

/** A repository with two audiences: the server of the default one hangs, that of `docs` takes everything. */
async function hangingAudience(t: TestContext) {
  const hangs = await startScripted(t, [{ at: 'GREETING', next: 'hang' }]);
  const inbox = await startInbox(t);
  const docs = {
    'refpost.docs.to': 'docs@example.org',
    'refpost.docs.transport': `smtp://127.0.0.1:${inbox.port}`,
  };
  const server = await serverRepository(t, { port: hangs.port, settings: { ...BY_HAND, ...docs } });
  const list = async () => JSON.parse((await server.refpost('outbox', 'list', '--all', '--json')).stdout);
  return { hangs, inbox, server, list };
}

test('an audience whose server says nothing keeps no mail of another audience of the same push', async t => {
  const { hangs, inbox, server, list } = await hangingAudience(t);
  const commits = [...(await recorded(server, 'One', 3)), ...(await recorded(server, 'Two', 2))];
  const worker = server.startRefpost('work');
  await inbox.waitFor(5);
  await waitUntil('both are finished', () => server.log().split(' done ').length === 3);
  assert.deepEqual(announced(inbox.received), commits);
  assert.deepEqual(
    inbox.received.map(({ to }) => to.join()),
    Array(5).fill('docs@example.org'),
  );
  assert.doesNotMatch(server.log(), / (unreached|deferred) /);
  assert.match(server.log(), / sent push=\S+ entry=2 audience=docs mail=1\/3 /);
  type Row = { number: number; state: string; audience?: string };
  assert.deepEqual(
    (await list()).map(({ number, state, audience }: Row) => [number, state, audience]),
    [
      [2, 'done', 'docs'],
      [4, 'done', 'docs'],
      [1, 'queue', undefined],
      [3, 'queue', undefined],
    ],
  );
  worker.child.kill('SIGTERM');
  await worker.ended;

  hangs.play();
  assert.equal((await server.refpost('work', '--once')).code, 0);
  assert.deepEqual(announced(hangs.received), commits);
  assert.equal(inbox.received.length, 5);
});

test('notify waits for all audiences, and sums them up', async t => {
  const { hangs, inbox, server } = await hangingAudience(t);
  hangs.play({ at: 'DOT', nth: 1, reply: '451 4.7.1 later' });
  manyCommits({ clone: server.clone, count: 2, title: 'One' });
  await server.push();
  await server.refpost('work', '--once');
  const { received } = inbox;
  assert.equal(received.length, 2);
  hangs.play({ at: 'RCPT', reply: '550 5.1.1 no such user' });
  const notified = await server.refpost('notify', 'main~1', 'main', 'main');
  assert.equal(notified.code, 69);
  const [, push = ''] =
    /^refpost: 1 mail sent, 1 mail given up: .*\n {2}more: refpost outbox show (\S+)$/m.exec(
      notified.stderr,
    ) ?? [];
  const shown = await server.refpost('outbox', 'show', push);
  assert.match(
    shown.stdout,
    /^Push: {7}\d+ \(.*, failed, 0 of 1 sent\n(?:.*\n)*\nPush: {7}\d+ .*, done, 1 of 1 sent\nAudience: {3}docs\n/,
  );
  const one = await server.refpost('outbox', 'show', push, '1');
  assert.equal(one.code, 64);
  assert.match(one.stderr, /may be \d+ \(.*\) or \d+ /);
});

test('wrong settings of one audience hold its mails alone', async t => {
  const { hangs, inbox, server, list } = await hangingAudience(t);
  hangs.play();
  inbox.play({ at: 'RCPT', reply: '451 4.7.1 later' });
  await recorded(server, 'One');
  assert.equal((await server.refpost('work', '--once')).code, 75);
  assert.equal(hangs.received.length, 1);
  server.config('refpost.docs.tls', 'perhaps');
  await server.refpost('outbox', 'retry', '--all');
  await server.refpost('work', '--once');
  const [row] = (await list()).filter(({ state }: { state: string }) => state === 'queue');
  assert.deepEqual([row.audience, row.number], ['docs', 2]);
  assert.match(row.reason, /refpost\.docs\.tls = "perhaps"/);
  server.config('refpost.docs.tls', undefined);
  server.config('refpost.tls', 'perhaps');
  server.config('refpost.docs.tls', 'off');
  inbox.play();
  await server.refpost('outbox', 'retry', '--all');
  await server.refpost('work', '--once');
  assert.equal(inbox.received.length, 1, 'what is wrong in the plain section is not its own');
});
