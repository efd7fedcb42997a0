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

interface StoredEntry {
  readonly number: number;
  readonly server: string;
  readonly place: string;
  /** Absent: nothing has happened to its mails. */
  readonly event?: string;
  readonly push?: string;
  readonly kind?: string;
  readonly mails?: number;
  readonly about?: string;
}

/** An entry as its server has stored it, queued at its number of seconds of 1970. */
function stored({
  number,
  server,
  place,
  event,
  push: id = `p${number}`,
  kind = 'push',
  mails = 1,
  about,
}: StoredEntry) {
  const envelope = { from: 'git@example.org', to: ['ada@example.org'] };
  const rest = { subject: 'Not a "messageId"', about, sha256: '', offset: 0, length: 0, envelope };
  const push = { kind, id, repository: '/srv/git/a.git', time: 1, updates: [], overrides: [], options: [] };
  const document = {
    ...{ push, queuedAt: number * 1000 },
    mails: Array.from({ length: mails }, (_, at) => ({
      number: at + 1,
      messageId: `<${number}@example.org>`,
      ...rest,
    })),
  };
  const line = { at: 2, event, mail: 1, recipient: 'ada@example.org', reply: '250 Ok' };
  return `
    insert into refpost.entry (server, push, lane, name, place, noted_at, events, draft)
      values ('${server}', '${id}', 'a', 'a', '${place}', 1, ${event ? 1 : 0}, gen_random_uuid());
    insert into refpost.document (server, entry, document) values ('${server}', ${number}, '${JSON.stringify(document)}');
    insert into refpost.journal (server, entry, seq, lines)
      select '${server}', ${number}, 1, '${JSON.stringify(line)}\n' where ${event !== undefined};`;
}

test('what nobody has tried yet is counted by the database, and each push once', { skip }, async () => {
  const { refpost, sql } = await fleet();
  const waits = { server: 'git1', place: 'queue' };
  const entries: readonly Omit<StoredEntry, 'number'>[] = [
    { ...waits, push: 'two', mails: 3 },
    { ...waits, push: 'two', mails: 2 },
    { ...waits, push: 'half', mails: 2 },
    { ...waits, push: 'half', event: 'deferred' },
    { ...waits, server: 'git2' },
    { ...waits, kind: 'alarm' },
    { ...waits, place: 'failed', event: 'rejected' },
    { ...waits, place: 'done', event: 'sent', mails: 100 },
  ];
  await sql(entries.map((entry, at) => stored({ ...entry, number: at + 1 })).join(''));
  const { queued, deferred, givenUp, oldest, servers } = JSON.parse(
    (await refpost('status', '--json')).stdout,
  );
  assert.deepEqual([queued, deferred], [{ pushes: 4, mails: 10 }, 1]);
  assert.deepEqual([givenUp, oldest], [{ pushes: 1, mails: 1 }, '1970-01-01T00:00:01.000Z']);
  assert.deepEqual(
    servers.map((each: { server: string; queued: object; oldest: string }) => [
      each.server,
      each.queued,
      each.oldest,
    ]),
    [
      ['git1', { pushes: 3, mails: 9 }, '1970-01-01T00:00:01.000Z'],
      ['git2', { pushes: 1, mails: 1 }, '1970-01-01T00:00:05.000Z'],
    ],
  );
  const one = await refpost('status', '--server', 'git2');
  assert.match(one.stdout, /^queued: +1 push, 1 mail$/m);
  assert.match(one.stdout, /^trouble: +1 queued mail waits, and no worker is running$/m);
});

test('explain finds what became of a commit and of a Message-ID on all servers, without a repository', {
  skip,
}, async () => {
  const { refpost, sql } = await fleet();
  const commit = 'a1b2c3d'.padEnd(40, '0');
  await sql(
    stored({ number: 1, server: 'git1', place: 'done', event: 'sent', about: commit }) +
      stored({ number: 2, server: 'git2', place: 'failed', event: 'rejected', about: commit }),
  );
  const both = (await refpost('explain', 'a1b2c3d')).stdout;
  assert.match(both, /^Push: +1 \(p1\), done, 1 of 1 sent\nServer: +git1$/m);
  assert.match(
    both,
    /^Push: +2 \(p2\), failed.*\nServer: +git2$(?:.|\n)*ada@example.org: given up: 250 Ok$/m,
  );
  const one = JSON.parse((await refpost('explain', '2@example.org', '--json', '--server', 'git2')).stdout);
  assert.deepEqual(one.pushes[0].mails[0].recipients, [
    { address: 'ada@example.org', state: 'given up', reply: '250 Ok' },
  ]);
  assert.deepEqual((await refpost('explain', commit, '--server', 'git3')).code, 66);
  assert.match((await refpost('explain', 'p2', 'p1')).stderr, /name one commit, Message-ID or push/);
});
