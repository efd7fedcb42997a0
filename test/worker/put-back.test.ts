import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { openDrop } from '../../src/drop/drop.ts';
import { keptRecords } from '../../src/drop/kept-records.ts';
import { spoolLayout } from '../../src/model/spool-layout.ts';
import { putBackLost } from '../../src/worker/put-back.ts';
import { DAY, NOON, testSpool } from '../outbox/spool-fixture.ts';

const IDS = ['20261122T113000-00000003', '20261122T113000-00000001', '20261122T113000-00000002'];

test('records of pushes that a database has lost wait in the drop again, and no others', async t => {
  const { root } = await testSpool(t);
  const [drop, kept] = [openDrop(root), keptRecords(root)];
  for (const [index, id] of IDS.entries()) {
    await drop.store(id, Buffer.from(`record ${id}`));
    await kept.keep(id, 'here', NOON + index);
    await kept.keep(id, 'here', NOON + index + 10);
  }
  assert.deepEqual([await drop.names(), await kept.ids('here')], [[], IDS]);

  const logged: unknown[] = [];
  const log = (event: string, fields: object) => void logged.push([event, fields]);
  const databaseOf = (...known: string[]) => ({
    log,
    outbox: {
      lacks: async (ids: readonly string[]) => ids.filter(id => !known.includes(id)),
      home: async () => 'here',
    },
  });
  const elsewhere = { lacks: async (ids: readonly string[]) => ids, home: async () => 'there' };
  await putBackLost(kept, { log, outbox: elsewhere } as never);
  assert.deepEqual([await drop.names(), logged], [[], []], 'another database has lost nothing');

  await putBackLost(kept, databaseOf(...IDS) as never);
  assert.deepEqual([await drop.names(), logged], [[], []], 'nothing is lost');

  await putBackLost(kept, databaseOf(...IDS.slice(2)) as never, 1);
  assert.deepEqual([await drop.names(), logged], [[], []], 'the last one is known');

  await putBackLost(kept, databaseOf(IDS[0] as string) as never, 1);
  assert.deepEqual((await drop.names()).sort(), IDS.slice(1));
  assert.deepEqual(await kept.ids('here'), IDS.slice(0, 1));
  assert.deepEqual(logged, [['restored', { pushes: 2, first: IDS[1], last: IDS[2] }]]);
});

test('records are kept for two weeks', async t => {
  const { root } = await testSpool(t);
  const [drop, kept] = [openDrop(root), keptRecords(root)];
  for (const id of IDS) await drop.store(id, Buffer.from('record'));
  await kept.keep(IDS[0] as string, 'here', NOON);
  await kept.keep(IDS[1] as string, 'here', NOON + DAY);
  await kept.sweep(NOON + 14.5 * DAY);
  assert.deepEqual(await kept.ids('here'), [IDS[1]]);
  assert.equal(readdirSync(spoolLayout(root).dropStored).length, 1);
  await kept.clear();
  assert.deepEqual([await kept.ids('here'), (await drop.names()).length], [[], 1]);
});
