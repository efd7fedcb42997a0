import assert from 'node:assert/strict';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { spoolRights } from '../../src/disk/create-spool.ts';
import { spoolLayout } from '../../src/model/spool-layout.ts';
import { movable } from '../../src/outbox/directory/moving.ts';
import { moveOutbox } from '../../src/outbox/moving.ts';
import type { Outbox } from '../../src/outbox/outbox.ts';
import { dieAfter } from './dying-disk.ts';
import {
  ADA,
  addPush,
  audienceMail,
  BOB,
  claims,
  collect,
  happened,
  MINUTE,
  NOON,
  REPOSITORY,
  reopen,
  stream,
  type TestSpool,
  testMail,
  testPush,
  testSpool,
} from './spool-fixture.ts';

/* An outbox is moved to another one, whatever happens meanwhile. */

const MAIN = 'refs/heads/main';

/** One push is sent, one waits in part, one is deferred, one was given up and has a damaged mail, and one waits. */
async function busySpool(t: TestContext): Promise<TestSpool> {
  const spool = await testSpool(t);
  const { outbox, root } = spool;
  await outbox.baseline(REPOSITORY, { refs: new Map([[MAIN, '0']]), identity: 'abc' });
  const move = (value: string) => ({ now: NOON, ledger: { refs: { [MAIN]: value } } });
  await addPush(outbox, 'sent', ['s1'], move('1'));
  await outbox.add(
    testPush('half'),
    stream(testMail('h1', ADA, BOB), audienceMail('docs', 'd1'), testMail('h2')),
    move('2'),
  );
  await addPush(outbox, 'deferred', ['e1', 'e2'], move('3'));
  await addPush(outbox, 'failed', ['f1', 'f2'], move('4'));
  await addPush(outbox, 'waits', ['w1', 'w2'], move('5'));
  for await (const claim of claims(outbox, NOON)) {
    if (claim.damaged !== undefined) throw new Error(claim.damaged);
    const { id } = claim.entry.push;
    const isSent = id === 'sent' || claim.entry.audience === 'docs';
    if (isSent)
      await outbox.record(claim, [happened('sending', 1), happened('sent', 1, { reply: '250 ok' })]);
    if (id === 'deferred') await outbox.record(claim, [happened('deferred', 1, { until: NOON + MINUTE })]);
    if (id === 'failed')
      await outbox.record(
        claim,
        [1, 2].map(mail => happened('rejected', mail)),
      );
    await outbox.finish(claim);
  }
  const failed = join(root, 'failed', '00000005-failed', 'mails');
  writeFileSync(failed, 'X', { flag: 'r+', flush: true });
  return spool;
}

/** All that anybody sees of an outbox, in the order of its numbers. */
async function contentOf(outbox: Outbox): Promise<readonly string[]> {
  const seen: [number, string][] = [];
  for (const place of ['queue', 'failed', 'done'] as const)
    for (const listed of await collect(outbox.entries(place))) {
      assert.equal(listed.damaged, undefined);
      const { entry, state, ref } = listed as Extract<typeof listed, { damaged?: undefined }>;
      const mails = await Promise.all(entry.mails.map(({ number }) => outbox.readMail(entry, number)));
      const texts = mails.map(mail => `${mail.damaged === undefined ? mail.bytes : 'damaged'}`);
      const states = state.mails.map(recipients => [...recipients]);
      seen.push([
        ref.number,
        JSON.stringify([
          ref,
          entry.audience,
          entry.queuedAt,
          entry.mails.map(m => m.messageId),
          texts,
          states,
        ]),
      ]);
    }
  const ledger = await outbox.ledger(REPOSITORY);
  return [
    ...seen.sort(([a], [b]) => a - b).map(([, text]) => text),
    JSON.stringify([...(ledger?.refs ?? [])]),
  ];
}

const movableOf = ({ root }: { readonly root: string }) =>
  movable({ layout: spoolLayout(root), rights: spoolRights('umask') });

/** How many changes of the disk come between two deaths: all of them would take minutes. Which ones, the next run decides. */
const STRIDE = 29;

test('an outbox that is moved, killed at any change of the disk and moved again, has lost nothing and has nothing twice', async t => {
  const model = await busySpool(t);
  const before = await contentOf(model.outbox);
  for (let changes = Math.floor(Math.random() * STRIDE); ; changes += STRIDE) {
    const [from, to] = [{ root: join(model.root, '..', `from-${changes}`) }, await testSpool(t)];
    cpSync(model.root, from.root, { recursive: true });
    const revive = await dieAfter(t, changes);
    const whole = await moveOutbox(movableOf(from), movableOf(to), true).catch(error => {
      assert.match(String(error), /it died/);
    });
    revive();
    if (!whole) {
      const halves = [...(await contentOf(await reopen(from))), ...(await contentOf(await reopen(to)))];
      for (const seen of before) assert.ok(halves.includes(seen), `after ${changes} changes lost: ${seen}`);
      await moveOutbox(movableOf(from), movableOf(to), true);
    }
    assert.deepEqual(await contentOf(await reopen(to)), before, `after ${changes} changes`);
    assert.deepEqual(await contentOf(await reopen(from)), ['[]']);
    if (whole) return assert.deepEqual([whole.pushes, whole.mails, whole.damaged], [5, 10, []]);
  }
});

test('what is finished stays where it is, and so does what is damaged', async t => {
  const [from, to] = [await busySpool(t), await testSpool(t)];
  writeFileSync(join(from.root, 'queue', '00000006-waits', 'entry.json'), '{}');
  const { damaged, pushes } = await moveOutbox(movableOf(from), movableOf(to), false);
  assert.deepEqual([pushes, damaged.map(({ ref }) => ref.id)], [3, ['waits']]);
  const left = ['queue', 'failed', 'done'].flatMap(place => readdirSync(join(from.root, place)));
  assert.deepEqual(left, ['00000006-waits', '00000001-sent']);
  assert.deepEqual(
    (await contentOf(await reopen(to))).slice(0, -1).map(text => JSON.parse(text)[0].id),
    ['half', 'half', 'deferred', 'failed'],
  );
});
