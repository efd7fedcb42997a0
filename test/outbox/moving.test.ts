import assert from 'node:assert/strict';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { spoolRights } from '../../src/disk/create-spool.ts';
import { spoolLayout } from '../../src/model/spool-layout.ts';
import { movable } from '../../src/outbox/directory/moving.ts';
import { moveOutbox } from '../../src/outbox/moving.ts';
import { busySpool, contentOf } from './busy-spool.ts';
import { dieAfter } from './dying-disk.ts';
import { reopen, testSpool } from './spool-fixture.ts';

/* An outbox is moved to another one, whatever happens meanwhile. */

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
