import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { cannotStartPostgres, startPostgres } from '../fixtures/postgres.ts';
import { gitEnvironment } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';

/* What people and monitoring see of a fleet, from a machine without a repository. */

const skip = cannotStartPostgres();
const postgres = skip ? undefined : await startPostgres({ after });

async function fleet() {
  assert.ok(postgres);
  const name = await postgres.database();
  const words = ['-c', `refpost.outbox=${postgres.url(name)}`, '-c', 'refpost.server=looker'];
  const refpost = (...more: readonly string[]) => runHere([...more, ...words], '/', gitEnvironment());
  assert.equal((await refpost('fleet', 'init')).code, 0);
  return { refpost, sql: (text: string) => postgres.sql(text, name) };
}

const SERVERS = `
  insert into refpost.waiting (server, spool, recorded, oldest, held, unreadable) values
    ('git1', '/a', 0, null, 0, 0), ('git2', '/a', 1, (extract(epoch from now()) * 1000)::bigint, 0, 0),
    ('git2', '/b', 2, (extract(epoch from now() - interval '2 hours') * 1000)::bigint, 1, 2);
  insert into refpost.worker (key, server, mode, host, pid, until, locked) values
    (1, 'git1', 'intake', 'h1', 11, now() + interval '10 s', true),
    (2, 'mail1', 'sender', 'h2', 22, now() + interval '10 s', true),
    (3, 'mail1', 'sender', 'h2', 21, now() - interval '1 hour', true),
    (4, 'git2', 'worker', 'h3', 33, now() - interval '30 minutes', true)`;

test('status shows each server of a fleet, who works for it, and what is wrong there', { skip }, async () => {
  const { refpost, sql } = await fleet();
  assert.match((await refpost('status')).stdout, /^state: +all is well$/m);
  await sql(SERVERS);
  const { code, stdout, stderr } = await refpost('status');
  assert.deepEqual([code, stderr], [69, '']);
  assert.match(stdout, /^recorded: +3 pushes$/m);
  assert.match(stdout, /^server: +git1: 0 pushes recorded, 0 pushes queued; intake: process 11 is at work$/m);
  assert.match(stdout, /^server: +git2: 3 pushes recorded, 0 pushes queued; heard of \S+ ago$/m);
  assert.match(stdout, /^sender: +h2, process 22 is at work$/m);
  assert.doesNotMatch(stdout, /process 21/);
  assert.match(stdout, /^trouble: +1 push is held: what it is, is known on git2$/m);
  assert.match(stdout, /^trouble: +3 recorded pushes wait, and no worker is running$/m);
  assert.match(stdout, /^trouble: +2 records could not be read$/m);
});

test('status --server shows one, and programs get all of them by name', { skip }, async () => {
  const { refpost, sql } = await fleet();
  await sql(SERVERS);
  const one = await refpost('status', '--server', 'git1');
  assert.equal(one.code, 0, one.stdout);
  assert.doesNotMatch(one.stdout, /git2/);
  const { servers, processes, sent } = JSON.parse((await refpost('status', '--json')).stdout);
  assert.equal(sent, undefined);
  assert.deepEqual(
    servers.map((each: { server: string; recorded: number }) => [each.server, each.recorded]),
    [
      ['git1', 0],
      ['git2', 3],
    ],
  );
  assert.equal(processes.filter((each: { alive: boolean }) => each.alive).length, 2);
  const { stdout } = await refpost('status', '--prometheus');
  assert.match(stdout, /^refpost_recorded_pushes\{spool="[^"]+",server="git1"\} 0$/m);
  assert.match(stdout, /^refpost_recorded_pushes\{spool="[^"]+",server="git2"\} 3$/m);
  assert.match(stdout, /^refpost_trouble\{spool="[^"]+",server="git2",kind="held"\} 1$/m);
  assert.match(stdout, /^refpost_senders\{spool="[^"]+"\} 1$/m);
  const names = stdout.match(/^# TYPE \S+/gm) ?? [];
  assert.equal(new Set(names).size, names.length);
});
