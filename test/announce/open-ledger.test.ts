import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openLedger } from '../../src/announce/open-ledger.ts';
import { survey } from '../../src/announce/survey.ts';
import { createSpool } from '../../src/disk/create-spool.ts';
import { openGit } from '../../src/git/git.ts';
import type { Audience } from '../../src/model/config.ts';
import type { Edition } from '../../src/model/edition.ts';
import type { RefScope } from '../../src/model/ledger.ts';
import { openOutbox } from '../../src/outbox/directory/open-outbox.ts';
import { planPush } from '../../src/plan/plan-push.ts';
import { config } from '../config/reading.ts';
import { pushOf, ZERO } from '../fixtures/nouns.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';

const ALL: RefScope = { refs: ['refs/heads', 'refs/tags'], excludeRefs: [] };
const ASKED = { wish: 'all', pusher: [], asksByName: false } as const;

/** The default audience alone, with these refs. */
function hearing(scope: RefScope): Audience[] {
  return [{ name: '', config: { ...config([]), ...scope } }];
}

/** Repositories that have their outbox elsewhere, as on a host with one for all. */
async function site(t: TestContext) {
  const folder = temporaryFolder(t);
  const spool = join(folder, 'spool');
  mkdirSync(spool, { mode: 0o700 });
  await createSpool(spool, 'umask');
  const outbox = openOutbox(spool, 'umask');
  await outbox.recover();
  return {
    path: join(folder, 'project.git'),
    make: (name = 'project.git') => new TestRepository(join(folder, name), '--bare'),
    open: (gitDir: string, scope = ALL, ...recorded: Parameters<typeof openLedger>[3]) =>
      openLedger(outbox, openGit(gitDir, gitEnvironment()), scope, recorded),
  };
}

function commitOn(repository: TestRepository, ref: string, message: string, ...parents: string[]): string {
  const tree = repository.git('hash-object', '-w', '-t', 'tree', '/dev/null');
  const commit = repository.git('commit-tree', '-m', message, ...parents.flatMap(id => ['-p', id]), tree);
  repository.git('update-ref', ref, commit);
  return commit;
}

const identityOf = (gitDir: string) => readFileSync(join(gitDir, 'refpost', 'identity'), 'utf8').trim();

test('a repository that is made anew at its path has a ledger of its own, and what is recorded of the dead one is not its', async t => {
  const { path, make, open } = await site(t);
  const old = commitOn(make(), 'refs/heads/main', 'First life');
  await open(path);
  const identity = identityOf(path);
  rmSync(path, { recursive: true });
  const repository = make();
  const fresh = commitOn(repository, 'refs/heads/main', 'Second life');
  const ofTheDead = { ...pushOf('dead', 0, `${ZERO} ${old} refs/heads/topic`), identity };
  const unnamed = pushOf('unnamed', 0, `${ZERO} ${old} refs/heads/topic`);
  const ours = pushOf('ours', 0, `${ZERO} ${fresh} refs/heads/main`);
  const { ledger, replaced, strangers } = await open(path, ALL, ofTheDead, unnamed, ours);
  assert.equal(replaced, true);
  assert.deepEqual(strangers, [ofTheDead, unnamed]);
  assert.deepEqual([...ledger.refs], []);
  const again = await open(path, ALL, ofTheDead, ours);
  assert.deepEqual([again.replaced, again.strangers], [false, [ofTheDead]]);
});

test('a repository that is moved away and back, copied or restored is the one that it was', async t => {
  const { path, make, open } = await site(t);
  const repository = make();
  const head = commitOn(repository, 'refs/heads/main', 'Only life');
  const { ledger } = await open(path);
  // What the outbox has announced is kept, though the refs of today are others.
  commitOn(repository, 'refs/heads/main', 'Not announced', head);
  const same = async () => {
    const now = await open(path);
    assert.deepEqual([now.replaced, now.ledger.refs], [false, ledger.refs]);
  };
  cpSync(path, `${path}.copy`, { recursive: true });
  assert.equal(identityOf(`${path}.copy`), identityOf(path));
  rmSync(path, { recursive: true });
  renameSync(`${path}.copy`, path);
  await same();
  // As it was before it had an identity.
  rmSync(join(path, 'refpost'), { recursive: true });
  await same();
  assert.equal(identityOf(path), ledger.identity);
});

test('a copy beside a repository has a ledger of its own', async t => {
  const { path, make, open } = await site(t);
  const first = commitOn(make(), 'refs/heads/main', 'First');
  await open(path);
  cpSync(path, `${path}.copy`, { recursive: true });
  const copy = new TestRepository(`${path}.copy`, '--bare');
  const second = commitOn(copy, 'refs/heads/main', 'Second', first);
  assert.deepEqual([...(await open(copy.folder)).ledger.refs.values()], [second]);
  assert.deepEqual([...(await open(path)).ledger.refs.values()], [first]);
});

test('for a ref that is created, what branches and tags outside the scope had before is no news, excluded ones apart', async t => {
  const { path, make, open } = await site(t);
  const repository = make();
  const main = commitOn(repository, 'refs/heads/main', 'On main');
  const wip = commitOn(repository, 'refs/heads/wip/x', 'Excluded', main);
  const review = commitOn(repository, 'refs/changes/1', 'Under review', main);
  const scope = { refs: ['refs/heads/release', 'refs/tags'], excludeRefs: ['refs/heads/wip'] };
  const { ledger } = await open(path, scope);
  assert.deepEqual(ledger.outside, [main]);
  const git = openGit(path, gitEnvironment());
  for (const [ref, commit, news] of [
    ['refs/tags/v1', main, []],
    ['refs/heads/release', wip, [wip]],
    ['refs/tags/v2', review, [review]],
  ] as const) {
    const push = pushOf('push', 0, `${ZERO} ${commit} ${ref}`);
    const audiences = hearing(scope);
    const { editions } = planPush(
      await survey(git, push, ledger, audiences, false),
      ledger,
      audiences,
      ASKED,
    );
    const [{ plan }] = editions as [Edition];
    assert.deepEqual(
      plan.notices.flatMap(notice => (notice.kind === 'commit' ? [notice.commit] : [])),
      news,
      ref,
    );
  }
});

test('a value that git no longer has is named, and the branch goes on', async t => {
  const { make, path } = await site(t);
  const repository = make();
  const old = commitOn(repository, 'refs/heads/main', 'With a secret');
  repository.git('update-ref', '-d', 'refs/heads/main');
  repository.git('prune', '--expire=now');
  const fresh = commitOn(repository, 'refs/heads/main', 'Without it');
  const git = openGit(path, gitEnvironment());
  for (const ledger of [
    { refs: new Map([['refs/heads/main', old]]), outside: [], skews: [] },
    { refs: new Map([['refs/heads/main', old]]) },
  ]) {
    const forced = pushOf('push', 0, `${old} ${fresh} refs/heads/main`);
    const audiences = hearing(ALL);
    const facts = await survey(git, forced, ledger, audiences, false);
    const { editions, move } = planPush(facts, ledger, audiences, ASKED);
    const [{ plan }] = editions as [Edition];
    assert.deepEqual(
      plan.notices.map(({ kind }) => kind),
      ['commit', 'summary'],
    );
    const [, summary] = plan.notices;
    assert.deepEqual(summary?.kind === 'summary' && summary.stories.map(({ gone }) => gone), [[old]]);
    assert.deepEqual(move?.refs, { 'refs/heads/main': fresh });
    const back = pushOf('push', 0, `${fresh} ${old} refs/heads/main`);
    const after = { ...ledger, refs: new Map([['refs/heads/main', fresh]]) };
    const backFacts = await survey(git, back, after, audiences, false);
    const [{ plan: later }] = planPush(backFacts, after, audiences, ASKED).editions as [Edition];
    assert.deepEqual(
      later.changes.map(change => change.move),
      ['updated'],
    );
    assert.deepEqual(
      later.notices.map(({ kind }) => kind),
      ['summary'],
    );
  }
});

test('of several new branches with one history, the one that HEAD names has the commits', async t => {
  const { make, path } = await site(t);
  const repository = make();
  const head = commitOn(repository, 'refs/heads/main', 'First');
  repository.git('symbolic-ref', 'HEAD', 'refs/heads/main');
  const push = pushOf('push', 0, `${ZERO} ${head} refs/heads/a-side`, `${ZERO} ${head} refs/heads/main`);
  const ledger = { refs: new Map() };
  const audiences = hearing(ALL);
  const facts = await survey(openGit(path, gitEnvironment()), push, ledger, audiences, false);
  const [{ plan }] = planPush(facts, ledger, audiences, ASKED).editions as [Edition];
  const [notice] = plan.notices;
  assert.equal(notice?.kind === 'commit' && notice.change.ref, 'refs/heads/main');
});
