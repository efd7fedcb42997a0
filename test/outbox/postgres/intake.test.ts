import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { LedgerMoved } from '../../../src/errors.ts';
import type { Ledger } from '../../../src/model/ledger.ts';
import { addPush, NOON, REPOSITORY, stream, testMail, testPush } from '../spool-fixture.ts';
import { skipped, testFleet } from './fleet-fixture.ts';

const MAIN = 'refs/heads/main';
const ledgerAt = (value: string, identity?: string): Ledger => ({
  refs: new Map([[MAIN, value]]),
  ...(identity && { identity }),
});
const moveTo = (value: string) => ({ now: NOON, ledger: { refs: { [MAIN]: value } } });
const shared = { nameOf: async () => 'project' };

/** Two servers of one repository, of which the first has made the ledger. */
async function twoServers(t: TestContext) {
  const fleet = await testFleet(t);
  const one = await fleet.worker({ server: 'one', ...shared });
  const two = await fleet.worker({ server: 'two', ...shared });
  await one.baseline(REPOSITORY, ledgerAt('aaa', 'word-of-one'));
  return { one, two };
}

test(
  'of two servers of one repository that plan from the same ledger one has to plan again',
  skipped,
  async t => {
    const { one, two } = await twoServers(t);
    assert.deepEqual(
      await two.baseline(REPOSITORY, ledgerAt('zzz', 'word-of-two')),
      ledgerAt('aaa', 'word-of-two'),
    );
    const adds = await Promise.allSettled([
      addPush(one, 'p', ['one'], moveTo('bbb')),
      addPush(two, 'p', ['two'], moveTo('ccc')),
    ]);
    const lost = adds.flatMap(add => (add.status === 'rejected' ? [add.reason] : []));
    assert.equal(lost.length, 1);
    assert.ok(lost[0] instanceof LedgerMoved);
    const [loser, winner] = adds[0]?.status === 'rejected' ? [one, two] : [two, one];
    // A push that is known already is known, whatever the ledger has become.
    assert.equal((await addPush(winner, 'p', ['other'], moveTo('ddd'))).number, 1);
    assert.equal(await loser.knows('p'), false);
    const now = (await loser.ledger(REPOSITORY))?.refs.get(MAIN);
    assert.ok(now === 'bbb' || now === 'ccc');
    assert.equal((await addPush(loser, 'p', ['again'], moveTo('eee'))).number, 2);
    assert.deepEqual((await winner.ledger(REPOSITORY))?.refs, new Map([[MAIN, 'eee']]));
  },
);

test(
  'each server of a repository has its own word for it, and forgets no ledger of another one',
  skipped,
  async t => {
    const { one, two } = await twoServers(t);
    await addPush(one, 'p', [], { now: NOON, ledger: { refs: { [MAIN]: 'bbb' }, identity: 'new-word' } });
    assert.deepEqual(await two.ledger(REPOSITORY), ledgerAt('bbb'));
    await two.baseline(REPOSITORY, ledgerAt('zzz', 'word-of-two'));
    await two.forget(REPOSITORY);
    assert.deepEqual(await one.ledger(REPOSITORY), ledgerAt('bbb', 'new-word'));
    await one.forget(REPOSITORY);
    assert.equal(await two.ledger(REPOSITORY), undefined);
  },
);

test('many mails are written before their push is stored, and swept where it never is', skipped, async t => {
  const fleet = await testFleet(t);
  const outbox = await fleet.worker();
  const database = fleet.connect();
  const large = (text: string) => ({ ...testMail(text), bytes: Buffer.alloc(700_000, text) });
  const count = async (table: string) =>
    (await database.query<{ n: number }>(`select count(*)::int as n from refpost.${table}`))[0]?.n;
  async function* broken() {
    yield* ['1', '2', '3'].map(large);
    assert.equal(await count('mail'), 2);
    throw new Error('git broke off');
  }
  await assert.rejects(outbox.add(testPush('p'), broken(), { now: NOON }), /git broke off/);
  assert.deepEqual([await count('mail'), await count('draft')], [0, 0]);

  // A worker that dies leaves what it has written.
  const dying = fleet.open();
  async function* endless() {
    yield* ['1', '2', '3'].map(large);
    await new Promise(() => {});
  }
  dying.add(testPush('p'), endless(), { now: NOON }).catch(() => {});
  while ((await count('mail')) !== 2);
  const swept = await fleet.open().recover();
  assert.deepEqual([swept.swept, await count('mail')], [1, 0]);

  const [entry] = await outbox.add(testPush('p'), stream(...['1', '2', '3'].map(large)), { now: NOON });
  assert.ok(entry);
  for (const number of [1, 2, 3])
    assert.deepEqual(await outbox.readMail(entry, number), { bytes: large(`${number}`).bytes });
  assert.deepEqual((await fleet.open().recover()).swept, 0);
  assert.equal(await count('mail'), 3);
});

test(
  'what was finished long ago goes with all that belongs to it, and its id is kept for a month',
  skipped,
  async t => {
    const fleet = await testFleet(t);
    const outbox = await fleet.worker();
    await addPush(outbox, 'old', []);
    const waiting = await addPush(outbox, 'waiting', ['one']);
    const DAY = 86_400_000;
    assert.equal(await outbox.prune(NOON + 2 * DAY, 3), 0);
    assert.equal(await outbox.prune(NOON + 4 * DAY, 3), 1);
    assert.deepEqual(await outbox.find('old'), []);
    assert.equal(await outbox.knows('old'), true);
    assert.equal((await outbox.readMail(waiting, 1)).damaged, undefined);
  },
);

test('a damaged ledger is said by the name of its repository', skipped, async t => {
  const fleet = await testFleet(t);
  const outbox = await fleet.worker();
  await outbox.baseline(REPOSITORY, ledgerAt('aaa'));
  await fleet.connect().query(`update refpost.ledger set document = replace(document, 'aaa', 'bbb')`);
  await assert.rejects(
    outbox.ledger(REPOSITORY),
    /the ledger of one:\/srv\/git\/project.git in the database is damaged/,
  );
});
