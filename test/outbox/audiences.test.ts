import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openOutbox } from '../../src/outbox/directory/open-outbox.ts';
import type { Outbox } from '../../src/outbox/outbox.ts';
import { dieAfter } from './dying-disk.ts';
import {
  addPush,
  audienceMail,
  collect,
  dueNumbers,
  NOON,
  REPOSITORY,
  reopen,
  stream,
  type TestSpool,
  testMail,
  testPush,
  testSpool,
} from './spool-fixture.ts';

/* A push for several audiences is stored by one rename, and divided into its entries after it. */

const MAIN = 'refs/heads/main';
const MAILS = [testMail('1'), audienceMail('docs', 'd1'), testMail('2')];
const WHOLE = [
  [2, ['1', '2']],
  [3, ['d1']],
];

/** A spool in which one push waits and is in the ledger. */
async function spoolBefore(t: TestContext): Promise<TestSpool> {
  const spool = await testSpool(t);
  await spool.outbox.baseline(REPOSITORY, { refs: new Map([[MAIN, 'aaa']]) });
  await addPush(spool.outbox, 'before', ['one'], { now: NOON, ledger: { refs: { [MAIN]: 'bbb' } } });
  return spool;
}

function addTo(outbox: Outbox) {
  return outbox.add(testPush('p'), stream(...MAILS), { now: NOON, ledger: { refs: { [MAIN]: 'ccc' } } });
}

/** Numbers and subjects of what anybody sees of the push in the queue. */
async function seen(outbox: Outbox): Promise<unknown[]> {
  const listed = (await collect(outbox.entries('queue'))).filter(({ ref }) => ref.id === 'p');
  const found = await outbox.find('p');
  assert.deepEqual(
    found.map(({ number }) => number),
    listed.map(({ ref }) => ref.number),
  );
  for (const ref of found) assert.equal((await outbox.show(ref))?.damaged, undefined);
  return listed.map(each => {
    assert.equal(each.damaged, undefined);
    return [each.ref.number, each.entry?.mails.map(({ subject }) => subject)];
  });
}

/** Puts the entries of the push back to where they are before they are divided. */
function undivide(root: string, ...numbers: readonly number[]): void {
  const queue = join(root, 'queue');
  mkdirSync(join(queue, '.push-p'));
  for (const name of numbers.map(number => `0000000${number}-p`))
    renameSync(join(queue, name), join(queue, '.push-p', name));
}

test('whatever change of the disk a worker dies after, all audiences of a push are there or none, and the next worker brings all', async t => {
  const states = new Set<string>();
  for (let changes = 0; ; changes++) {
    const { root, outbox } = await spoolBefore(t);
    const revive = await dieAfter(t, changes);
    await addTo(outbox).catch(error => assert.match(String(error), /it died/));
    const hasDied = revive();
    const whole = await seen(openOutbox(root, 'umask'));
    assert.ok(whole.length === 0 || JSON.stringify(whole) === JSON.stringify(WHOLE), JSON.stringify(whole));
    states.add(readdirSync(join(root, 'queue')).join(' '));
    if (whole.length > 0) await dieWhileRecovering(t, root);
    const next = await reopen({ root });
    assert.equal(await next.knows('p'), whole.length > 0, 'its record may go');
    await addTo(next);
    assert.deepEqual(await seen(next), WHOLE);
    assert.deepEqual(await dueNumbers(next, NOON), [1, 2, 3]);
    assert.deepEqual(readdirSync(join(root, 'queue')).length, 3);
    assert.equal((await next.ledger(REPOSITORY))?.refs.get(MAIN), 'ccc');
    if (!hasDied) break;
  }
  const halves = [...states].filter(names => names.includes('.push-p'));
  assert.ok(halves.length >= 3, `before it is divided, and after each of its entries: ${halves.join('\n')}`);
});

/** The next worker dies too, at every moment. */
async function dieWhileRecovering(t: TestContext, root: string): Promise<void> {
  for (let changes = 0; ; changes++) {
    const revive = await dieAfter(t, changes);
    await reopen({ root }).catch(error => assert.match(String(error), /it died/));
    const hasDied = revive();
    assert.deepEqual(await seen(openOutbox(root, 'umask')), WHOLE);
    if (!hasDied) return;
  }
}

test('a ledger that was not moved before the worker died is moved by the next, whichever entry is the newest', async t => {
  const { root, outbox } = await spoolBefore(t);
  const [name = ''] = readdirSync(join(root, 'ledger'));
  const before = readFileSync(join(root, 'ledger', name));
  await addTo(outbox);
  writeFileSync(join(root, 'ledger', name), before);
  const next = openOutbox(root, 'umask');
  assert.deepEqual(
    (await next.recover()).applied.map(entry => entry.push.id),
    ['p'],
  );
  assert.equal((await next.ledger(REPOSITORY))?.refs.get(MAIN), 'ccc');
});

test('people see, retry and drop what is not divided yet, and the next worker leaves what they did', async t => {
  const { root, outbox } = await spoolBefore(t);
  await addTo(outbox);
  undivide(root, 2, 3);
  const person = openOutbox(root, 'umask');
  assert.deepEqual(await seen(person), WHOLE);
  const [first, second] = await person.find('p');
  assert.ok(first && second);
  assert.equal((await person.retry(first, NOON))?.ref.place, 'queue');
  assert.equal((await person.drop(second, NOON))?.ref.place, 'done');
  const next = await reopen({ root });
  const places = (await next.find('p')).map(({ place, number }) => [place, number]);
  assert.deepEqual(places, [
    ['queue', 2],
    ['done', 3],
  ]);
  assert.deepEqual(readdirSync(join(root, 'queue')).sort(), ['.nudge', '00000001-before', '00000002-p']);
});

test('who looks while a push is being divided sees each of its entries once', async t => {
  const { root, outbox } = await spoolBefore(t);
  await addTo(outbox);
  const person = openOutbox(root, 'umask');
  for (let round = 0; round < 20; round++) {
    undivide(root, 2, 3);
    const [, ...views] = await Promise.all([reopen({ root }), seen(person), seen(person), seen(person)]);
    for (const view of views) assert.deepEqual(view, WHOLE);
  }
});

test('who looks when all entries have just left the folder of their push sees them where they are', async t => {
  const { root, outbox } = await spoolBefore(t);
  await addTo(outbox);
  undivide(root, 2, 3);
  const queue = join(root, 'queue');
  const readdir = fs.readdir as (...args: unknown[]) => Promise<unknown>;
  t.mock.method(fs, 'readdir', (folder: string, ...args: unknown[]) => {
    if (folder === join(queue, '.push-p'))
      for (const name of readdirSync(folder)) renameSync(join(folder, name), join(queue, name));
    return readdir(folder, ...args);
  });
  syncBuiltinESMExports();
  const whole = await seen(openOutbox(root, 'umask'));
  t.mock.restoreAll();
  syncBuiltinESMExports();
  assert.deepEqual(whole, WHOLE);
});

test('what somebody else has put in the place of an undivided push keeps no worker', async t => {
  const { root, outbox } = await spoolBefore(t);
  const queue = join(root, 'queue');
  writeFileSync(join(queue, '.push-q'), '');
  mkdirSync(join(queue, '.push-..'));
  mkdirSync(join(queue, '.push-r', '00000009-s'), { recursive: true });
  await reopen({ root });
  assert.deepEqual(await seen(outbox), []);
  assert.deepEqual(readdirSync(queue), ['.push-q', '00000001-before']);
});
