import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createSpool } from '../../src/disk/create-spool.ts';
import { OperatorError } from '../../src/errors.ts';
import { holder, takeLock } from '../../src/outbox/directory/lock.ts';
import { openOutbox } from '../../src/outbox/directory/open-outbox.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import {
  addPush,
  claimOf,
  claims,
  collect,
  DAY,
  entryOf,
  happened,
  NOON,
  REPOSITORY,
} from './spool-fixture.ts';

const ANN = 40_001;
const BEN = 40_002;
const EVE = 40_003;
const GROUP = 40_100;
const OTHERS = 40_200;

const options = { skip: process.getuid?.() === 0 ? false : 'only root can be several users' };

/** Does something as another user. Only the effective ids change, so that root comes back afterwards. */
async function as<T>(user: number, group: number, task: () => Promise<T>): Promise<T> {
  const umask = process.umask(0o077);
  process.setegid?.(group);
  process.seteuid?.(user);
  try {
    return await task();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
    process.umask(umask);
  }
}

/** A git directory as `git init --shared=group` leaves it. */
function sharedGitDir(t: TestContext): string {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o755);
  const gitDir = join(folder, 'project.git');
  mkdirSync(gitDir);
  chownSync(gitDir, ANN, GROUP);
  chmodSync(gitDir, 0o2770);
  return gitDir;
}

test('users of a group go on with one another’s work', options, async t => {
  const root = join(sharedGitDir(t), 'refpost');
  const move = { refs: { 'refs/heads/main': 'bbb' } };
  await as(ANN, GROUP, async () => {
    await createSpool(root, 'group');
    const lock = await takeLock(root, 'group', process.env);
    const outbox = openOutbox(root, 'group');
    await outbox.recover();
    await outbox.baseline(REPOSITORY, { refs: new Map([['refs/heads/main', 'aaa']]) });
    const added = await addPush(outbox, 'p1', ['one', 'two'], { now: NOON, ledger: move });
    await outbox.record(claimOf(added), [happened('sent', 1)]);
    await addPush(outbox, 'p0', []);
    await lock?.release();
  });

  await as(BEN, GROUP, async () => {
    await createSpool(root, 'group');
    const lock = await takeLock(root, 'group', process.env);
    assert.ok(lock);
    assert.equal((await holder(root))?.pid, process.pid);
    const outbox = openOutbox(root, 'group');
    await outbox.recover();
    const [queued] = await collect(claims(outbox, NOON));
    const found = entryOf(queued);
    await outbox.record(claimOf(found), [happened('rejected', 2)]);
    assert.equal(await outbox.finish(claimOf(found)), 'failed');
    await outbox.retry({ place: 'failed', number: 1, id: 'p1' }, NOON);
    await outbox.drop({ place: 'queue', number: 1, id: 'p1' }, NOON);
    const next = { refs: { 'refs/heads/main': 'ccc' } };
    await addPush(outbox, 'p2', ['one'], { now: NOON, ledger: next });
    assert.equal(await outbox.prune(Date.now() + 99 * DAY, 3), 2);
    await lock.release();
  });
  assert.equal(statSync(join(root, 'queue', '00000003-p2', 'journal')).gid, GROUP);
});

test('a spool that a user may not write is told with directory, user and remedy', options, async t => {
  const gitDir = sharedGitDir(t);
  const root = join(gitDir, 'refpost');
  await as(ANN, GROUP, () => createSpool(root, 'umask'));
  chmodSync(gitDir, 0o2775);
  const complaint = (path: string) => (error: unknown) => {
    assert.ok(error instanceof OperatorError);
    assert.ok(error.message.includes(path), error.message);
    assert.match(error.message, /^user 40003 cannot/);
    assert.match(error.remedy, /core\.sharedRepository/);
    return true;
  };
  await as(EVE, OTHERS, async () => {
    await assert.rejects(createSpool(join(gitDir, 'other'), 'umask'), complaint(join(gitDir, 'other')));
    await assert.rejects(createSpool(root, 'umask'), complaint(root));
    await assert.rejects(takeLock(root, 'umask', process.env), complaint(root));
    await assert.rejects(openOutbox(root, 'umask').recover(), complaint(root));
  });
  assert.deepEqual(readdirSync(join(root, 'queue')), []);
});
