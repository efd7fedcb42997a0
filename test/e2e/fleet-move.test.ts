import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { manyCommits } from '../fixtures/many-commits.ts';
import { cannotStartPostgres, startPostgres } from '../fixtures/postgres.ts';
import { commitOf } from '../fixtures/read-mails.ts';
import { type ServerRepository, serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

const skip = cannotStartPostgres();
const postgres = skip ? undefined : await startPostgres({ after });

test('an outbox that is moved into a database and back, killed again and again, sends each mail once and in order', {
  ...(skip && { skip }),
}, async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port, settings: { 'refpost.worker': 'service' } });
  const address = postgres?.url(await postgres.database());
  const inDatabase = () => server.config('refpost.outbox', address);
  const inDirectory = () => server.config('refpost.outbox', undefined);
  const say = async (words: readonly string[], code: number, text: RegExp) => {
    const ended = await server.refpostHere(...words);
    assert.match(ended.stdout + ended.stderr, text);
    assert.equal(ended.code, code, ended.stderr);
  };

  // What is sent stays where it is, what waits is moved, and so is what is not yet picked up.
  const commits = await pushTwo(server, 'Sent');
  await server.refpostHere('work', '--drain');
  await inbox.stop();
  commits.push(...(await pushTwo(server, 'Queued')));
  await server.refpostHere('work', '--once');
  commits.push(...(await pushTwo(server, 'Recorded')));

  inDatabase();
  await say(['fleet', 'init'], 0, /the outbox is made/);
  await postgres?.sql('create role git1 login');
  await server.refpostHere('fleet', 'grant', 'git1', 'git1');
  const asServer = `refpost.outbox=${address?.replace('//refpost@', '//git1@')}`;
  await say(['fleet', 'move', server.layout.root, '-c', asServer], 77, /by the role that owns the tables/);
  await say(['work', '--once'], 78, /has ledgers and 1 unfinished push.*\n.*refpost fleet move/);
  await killed(server, 'fleet', 'move', server.layout.root);
  await say(['fleet', 'move', server.layout.root], 0, /^moved \d push/);
  inDirectory();
  await say(['work', '--once'], 78, /was moved to postgres.*\n.*fleet move --back/);
  await say(['outbox', 'list'], 78, /was moved to postgres/);
  inDatabase();
  await say(['outbox', 'list'], 0, /\b2\b/);

  // Back, with what was picked up there; the settings are told of.
  commits.push(...(await pushTwo(server, 'There')));
  await server.refpostHere('work', '--once');
  await killed(server, 'fleet', 'move', '--back', server.layout.root);
  await say(['fleet', 'move', '--back', server.layout.root], 0, /still name a database/);
  assert.equal(existsSync(server.layout.moved), false);
  await say(['work', '--once'], 78, /that are not in/);
  inDirectory();
  commits.push(...(await pushTwo(server, 'Back')));
  await server.refpostHere('work', '--once');

  // And there again, to be sent from there.
  inDatabase();
  await killed(server, 'fleet', 'move', server.layout.root);
  await say(['fleet', 'move', server.layout.root], 0, /^moved/);
  commits.push(...(await pushTwo(server, 'Last')));
  await inbox.start();
  await server.refpostHere('work', '--drain');
  const mails = await inbox.waitFor(commits.length);
  assert.deepEqual(mails.map(commitOf), commits);
});

/** Starts it again and again, and kills it after longer and longer times, until it has ended before. */
async function killed(server: ServerRepository, ...words: readonly string[]): Promise<void> {
  for (let time = 100; ; time += 150) {
    const { child, ended } = server.startRefpost(...words);
    await Promise.race([ended, sleep(time)]);
    child.kill('SIGKILL');
    const { signal, code, stderr } = await ended;
    if (signal === null) return assert.equal(code, 0, stderr);
  }
}

async function pushTwo(server: ServerRepository, title: string): Promise<string[]> {
  const commits = manyCommits({ clone: server.clone, count: 2, title });
  assert.deepEqual(await server.push(), { code: 0, signal: null, stdout: '', stderr: '' });
  return commits;
}
