import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manyCommits } from '../fixtures/many-commits.ts';
import { announced, commitOf, subjectsOf } from '../fixtures/read-mails.ts';
import type { TestRepository } from '../fixtures/repository.ts';
import { type ServerRepository, serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

test('of twenty workers started at once one works, and every mail goes out once', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port, settings: { 'refpost.worker': 'service' } });
  const commits = manyCommits({ clone: server.clone, count: 20, title: 'Twenty' });
  await server.push();
  const ended = await Promise.all(Array.from({ length: 20 }, () => server.refpost('work', '--drain')));
  assert.deepEqual(new Set(ended.map(({ code }) => code)), new Set([0]));
  const mails = await server.arrived(20, inbox);
  assert.deepEqual(mails.map(commitOf), commits);
  assert.equal(inbox.connections, 1);
});

test('two pushes at once that bring the same commits on two branches have each commit mailed once', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  const twin = server.newClone('twin');
  const expected = await pushBase(server);
  for (let round = 1; round <= 3; round++) {
    expected.push(...manyCommits({ clone: server.clone, count: 3, title: `Round ${round}` }));
    twin.git('fetch', '-q', server.clone.folder, 'main');
    await pushAtOnce(server, [
      [server.clone, `main:refs/heads/left-${round}`],
      [twin, `FETCH_HEAD:refs/heads/right-${round}`],
    ]);
  }
  await server.idle();
  assert.deepEqual(announced(inbox.received).toSorted(), expected.toSorted());
});

test('twelve pushes at once by twelve clones, with commits in common, have every commit mailed once', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  const expected = await pushBase(server);
  const shared = manyCommits({ clone: server.clone, count: 24, title: 'Shared' });
  expected.push(...shared);
  const pushes = Array.from({ length: 12 }, (_, at): [TestRepository, string] => {
    const clone = server.newClone(`clone-${at}`);
    clone.git('fetch', '-q', server.clone.folder, 'main');
    clone.git('branch', 'own', shared[2 * at + 1] ?? '');
    expected.push(...manyCommits({ clone, count: 1, title: `Of clone ${at}`, branch: 'own' }));
    return [clone, `own:refs/heads/branch-${at}`];
  });
  await pushAtOnce(server, pushes);
  await server.idle();
  assert.deepEqual(announced(inbox.received).toSorted(), expected.toSorted());
});

test('with several audiences, each has every commit that it hears of once, whoever pushes when', async t => {
  const inbox = await startInbox(t);
  const settings = {
    'refpost.named.to': 'named@example.org both@example.org',
    'refpost.named.message': '^Of clone',
    'refpost.all.to': 'all@example.org both@example.org',
  };
  const server = await serverRepository(t, { port: inbox.port, settings });
  const [all, named]: [string[], string[]] = [await pushBase(server), []];
  const shared = manyCommits({ clone: server.clone, count: 8, title: 'Shared' });
  all.push(...shared);
  const pushes = Array.from({ length: 4 }, (_, at): [TestRepository, string] => {
    const clone = server.newClone(`clone-${at}`);
    clone.git('fetch', '-q', server.clone.folder, 'main');
    clone.git('branch', 'own', shared[2 * at + 1] ?? '');
    named.push(...manyCommits({ clone, count: 2, title: `Of clone ${at}`, branch: 'own' }));
    return [clone, `own:refs/heads/branch-${at}`];
  });
  all.push(...named);
  await pushAtOnce(server, pushes);
  await server.idle();
  const got = (who: string) => announced(inbox.received.filter(({ to }) => to.includes(who))).toSorted();
  assert.deepEqual(got('named@example.org'), named.toSorted());
  for (const who of ['all@example.org', 'both@example.org']) assert.deepEqual(got(who), all.toSorted(), who);
  for (const subject of await subjectsOf(inbox.received))
    assert.match(subject ?? '', /^(\[\d+\/\d+\] )?\S+ git (commit|push): /);
});

async function pushBase(server: ServerRepository): Promise<string[]> {
  const commits = manyCommits({ clone: server.clone, count: 1, title: 'Base' });
  await pushAtOnce(server, [[server.clone, 'main']]);
  return commits;
}

async function pushAtOnce(
  server: ServerRepository,
  pushes: readonly (readonly [from: TestRepository, words: string])[],
): Promise<void> {
  const ended = await Promise.all(pushes.map(([from, words]) => server.push([words], from)));
  for (const push of ended) assert.deepEqual([push.code, push.stderr], [0, '']);
}
