import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { spoolRights } from '../../../src/disk/create-spool.ts';
import { spoolLayout } from '../../../src/model/spool-layout.ts';
import { movable } from '../../../src/outbox/directory/moving.ts';
import { type MovableFrom, type MovableTo, moveOutbox } from '../../../src/outbox/moving.ts';
import { openDatabase } from '../../../src/outbox/postgres/database.ts';
import { movableFleet } from '../../../src/outbox/postgres/moving.ts';
import { openPostgresOutbox } from '../../../src/outbox/postgres/open-outbox.ts';
import { migrate } from '../../../src/outbox/postgres/schema.ts';
import { cannotStartPostgres, startPostgres } from '../../fixtures/postgres.ts';
import { busySpool, contentOf } from '../busy-spool.ts';
import { addPush, NOON, REPOSITORY, reopen, testSpool } from '../spool-fixture.ts';

/* The outbox of a spool is moved into a database and back; whoever moves it dies between any two steps. */

const skip = cannotStartPostgres();
const postgres = skip ? undefined : await startPostgres({ after });
const undone: (() => Promise<void>)[] = [];
after(async () => {
  for (const undo of undone) await undo();
});

/** A fleet, as one of its servers has it. */
async function fleetOf(name: string, server = 'git1') {
  const address = {
    servers: [{ host: postgres?.folder ?? '', port: 5432 }] as const,
    user: 'refpost',
    database: name,
  };
  const nothing = async () => undefined;
  const database = openDatabase({ address, password: nothing, tls: nothing, application: 'test' });
  const nameOf = async (repository: string) => `${server}:${repository}`;
  const now = () => NOON;
  const open = () => openPostgresOutbox(database, { server, mode: 'worker', nameOf, now });
  const outbox = open();
  undone.push(async () => {
    await outbox.close();
    await database.close();
  });
  const isOurs = async (repository: string) => repository === REPOSITORY;
  const fleet = movableFleet({ database, outbox, server, nameOf, isOurs, repositories: [], now });
  return { database, outbox, fleet };
}

async function modelFleet(): Promise<string> {
  const name = (await postgres?.database()) ?? '';
  const { database } = await fleetOf(name);
  await migrate(database);
  await database.close();
  return name;
}

/** Dies at the step given: just before it, or just after it. Returns whether it came to that. */
function dying(step: number, ...ends: readonly (MovableFrom & MovableTo)[]) {
  let steps = 0;
  const dieAt = <T extends object>(end: T): T =>
    new Proxy(end, {
      get: (target, name) => {
        const work = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        if (!['store', 'remove', 'storeLedger', 'forget'].includes(String(name))) return work;
        return async (...args: unknown[]) => {
          if (steps++ === step) throw new Error('it died');
          const result = await work(...args);
          if (steps++ === step) throw new Error('it died');
          return result;
        };
      },
    });
  return ends.map(dieAt) as [MovableFrom & MovableTo, MovableFrom & MovableTo];
}

test('an outbox that is moved into a database and back, killed at every step, has lost nothing and has nothing twice', {
  ...(skip && { skip }),
}, async t => {
  const busy = await busySpool(t);
  const { fleet, outbox, database } = await fleetOf(await modelFleet());
  const before = await contentOf(busy.outbox);
  for (let step = Math.round(Math.random()), isOver = false; !isOver; step += 2) {
    const root = join(busy.root, '..', `spool-${step}`);
    cpSync(busy.root, root, { recursive: true });
    const directory = movable({ layout: spoolLayout(root), rights: spoolRights('umask') });
    await database.query("select setval('refpost.entry_number', 1, false)");
    const [from, to] = dying(step, directory, fleet);
    isOver = await moveOutbox(from, to, true).then(
      () => true,
      error => !/it died/.test(String(error)) && assert.fail(error),
    );
    if (!isOver) await moveOutbox(directory, fleet, true);
    assert.deepEqual(await contentOf(outbox), before, `there, after ${step} steps`);
    assert.deepEqual(await contentOf(await reopen({ root })), ['[]']);

    const [back, home] = dying(step, fleet, directory);
    const isBack = await moveOutbox(back, home, true).catch(error => assert.match(String(error), /it died/));
    if (!isBack) await moveOutbox(fleet, directory, true);
    assert.deepEqual(await contentOf(await reopen({ root })), before, `back, after ${step} steps`);
    assert.deepEqual(await contentOf(outbox), ['[]']);
  }
  for (const table of ['push', 'entry', 'document', 'journal', 'mail', 'draft', 'ledger'])
    assert.deepEqual(await database.query(`select * from refpost.${table}`), [], table);
});

test('numbers are kept where no others have them, and order in any case', {
  ...(skip && { skip }),
}, async t => {
  const { fleet, outbox, database } = await fleetOf(await modelFleet());
  const [busy, other] = [await busySpool(t), await testSpool(t)];
  for (const id of ['x1', 'x2', 'x3']) await addPush(other.outbox, id, [id]);
  const directoryOf = (root: string) => movable({ layout: spoolLayout(root), rights: spoolRights('umask') });
  await moveOutbox(directoryOf(busy.root), fleet, false);
  await moveOutbox(directoryOf(other.root), fleet, false);
  const { rows } = {
    rows: await database.query('select number::int, push from refpost.entry order by number'),
  };
  const numbers = rows.map(row => Object.values(row as object).join(' '));
  assert.deepEqual(numbers, [
    '2 half',
    '3 half',
    '4 deferred',
    '5 failed',
    '6 waits',
    '7 x1',
    '8 x2',
    '9 x3',
  ]);
  assert.equal((await addPush(outbox, 'next', ['n'])).number, 10);
});
