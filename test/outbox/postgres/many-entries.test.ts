import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database } from '../../../src/outbox/postgres/database.ts';
import { IN_PLACE } from '../../../src/outbox/postgres/inspection.ts';
import { DUE, NEXT } from '../../../src/outbox/postgres/what-is-due.ts';
import { addPush, collect, MINUTE, NOON } from '../spool-fixture.ts';
import { skipped, testFleet } from './fleet-fixture.ts';

async function planOf(database: Database, text: string, values: readonly unknown[]): Promise<Plan> {
  const [row] = await database.query<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(
    `explain (analyze, format json) ${text}`,
    values,
  );
  return row?.['QUERY PLAN'][0]?.Plan as Plan;
}

/** Rows of a table that a plan has read. */
function rowsOf(plan: Plan, table: string): number {
  const own = plan['Relation Name'] === table ? mostRows({ ...plan, Plans: [] }) : 0;
  return (plan.Plans ?? []).reduce((sum, part) => sum + rowsOf(part, table), own);
}

/** Copies of entry 1, in lanes of their own. */
const COPIES = (count: number, columns: string) => `
  with copy as (insert into refpost.entry (server, push, lane, name, place, due_at, noted_at, finished_at, draft)
    select server, 'copy-' || n, 'lane-' || n % 100, 'lane-' || n % 100, ${columns}, draft
    from refpost.entry, generate_series(1, ${count}) n where number = 1 returning number, server)
  insert into refpost.document (server, entry, document)
    select copy.server, copy.number, d.document from copy, refpost.document d where d.entry = 1`;

interface Plan {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** The most rows that any part of a plan looked at. */
function mostRows(plan: Plan): number {
  const own = (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'];
  return Math.max(own, ...(plan.Plans ?? []).map(mostRows));
}

test(
  'neither what waits for another day nor what was finished long ago makes a look longer',
  skipped,
  async t => {
    const fleet = await testFleet(t);
    const outbox = await fleet.worker();
    await addPush(outbox, 'p', ['one']);
    const database = fleet.connect();
    await database.query(COPIES(20_000, `'queue', ${NOON + 60 * MINUTE}, ${NOON}, null`));
    await database.query(COPIES(20_000, `'done', 0, ${NOON}, now()`));
    await database.query('analyze refpost.entry');
    await addPush(outbox, 'q', ['one']);
    for (const [text, values] of [
      [DUE, ['1', null, [], [], NOON]],
      [DUE, ['1', 'one', [1], [], NOON]],
      [NEXT, ['1', 'one', [], [], NOON]],
    ] as const) {
      const most = mostRows(await planOf(database, text, values));
      assert.ok(most < 1000, `${most} rows were read for ${text}`);
    }
    const read = rowsOf(await planOf(database, IN_PLACE, ['queue', 0, null, 1]), 'document');
    assert.equal(read, 0, 'for a status those are read that were tried');
  },
);

test('what waits in one lane keeps no place from others, and comes a hundred at a time', skipped, async t => {
  const fleet = await testFleet(t);
  const outbox = await fleet.worker();
  await addPush(outbox, 'p', ['one']);
  const database = fleet.connect();
  await database.query(COPIES(300, `'queue', 0, ${NOON}, null`).replaceAll(`'lane-' || n % 100`, `'flood'`));
  await database.query(COPIES(1, `'queue', 0, ${NOON}, null`).replaceAll(`'lane-' || n % 100`, `'other'`));
  const taken = new Set<number>();
  const look = async () => {
    const found = (await collect(outbox.due(NOON, taken))).map(({ ref }) => ref.number);
    for (const number of found) taken.add(number);
    return found;
  };
  const first = await look();
  assert.deepEqual(
    first,
    Array.from({ length: 100 }, (_, at) => at + 1),
  );
  assert.equal(await outbox.nextDue(taken), 0);
  // 'p' is of a lane of its own, so that the flood is not full with 99 of it.
  const second = await look();
  assert.deepEqual(await look(), [302]);
  assert.deepEqual(await look(), []);
  assert.equal(await outbox.nextDue(taken), Number.POSITIVE_INFINITY);
  for (const number of second) taken.delete(number);
  assert.ok((await look()).length > 0);
});
