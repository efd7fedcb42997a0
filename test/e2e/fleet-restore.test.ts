import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { manyCommits } from '../fixtures/many-commits.ts';
import { cannotStartPostgres, startPostgres } from '../fixtures/postgres.ts';
import { commitOf } from '../fixtures/read-mails.ts';
import { runHere } from '../fixtures/run-here.ts';
import { serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

const skip = cannotStartPostgres();
const postgres = skip ? undefined : await startPostgres({ after });

test('a database that comes back older than it was gets what it has lost from the servers, and repeats what it does not know to be sent', {
  ...(skip && { skip }),
}, async t => {
  assert.ok(postgres);
  const inbox = await startInbox(t);
  const name = await postgres.database();
  const settings = { 'refpost.worker': 'service', 'refpost.outbox': postgres.url(name) };
  await runHere(['fleet', 'init', '-c', `refpost.outbox=${postgres.url(name)}`], '/');
  const server = await serverRepository(t, { port: inbox.port, settings });
  const pushed = async (title: string) => {
    const [commit = ''] = manyCommits({ clone: server.clone, count: 1, title });
    assert.equal((await server.push()).code, 0);
    const worked = await server.refpostHere('work', '--once');
    assert.doesNotMatch(worked.stderr, /bug in refpost/);
    return commit;
  };

  const before = await pushed('Sent before the copy');
  await inbox.stop();
  const waiting = await pushed('Waits in the copy');
  // Nobody may be connected to what is copied.
  await postgres.sql(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${name}'`,
  );
  const copy = await postgres.database(name);
  await inbox.start();
  const sent = await pushed('Sent after the copy');
  await inbox.waitFor(3);
  await inbox.stop();
  const lost = await pushed('Waits after the copy');
  assert.deepEqual(inbox.received.map(commitOf), [before, waiting, sent]);

  server.config('refpost.outbox', postgres.url(copy));
  await inbox.start();
  const worked = await server.refpostHere('work', '--drain');
  assert.equal(worked.code, 0, worked.stderr);
  assert.match(worked.stderr, / restored pushes=2 /);
  const again = inbox.received.slice(3);
  assert.deepEqual(again.map(commitOf), [waiting, sent, lost]);
  assert.deepEqual(
    again.slice(0, 2).map(({ messageId }) => messageId),
    inbox.received.slice(1, 3).map(({ messageId }) => messageId),
    'who has had them knows them',
  );
  // And all goes on from there.
  const next = await pushed('After that');
  assert.deepEqual(inbox.received.slice(6).map(commitOf), [next]);
});
