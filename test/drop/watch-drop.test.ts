import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { storeRecord } from '../../src/drop/drop.ts';
import { watchDrop } from '../../src/drop/watch-drop.ts';
import { type SpoolLayout, spoolLayout } from '../../src/model/spool-layout.ts';
import { pushOf, ZERO } from '../fixtures/nouns.ts';
import { temporaryFolder } from '../fixtures/repository.ts';

const HOUR = 3_600_000;
const never = new AbortController().signal;

function drop(t: TestContext): SpoolLayout {
  const layout = spoolLayout(temporaryFolder(t));
  for (const folder of [layout.dropTmp, layout.dropNew]) mkdirSync(folder, { recursive: true });
  return layout;
}

const ids = ['20261122T113000-00000000', '20261122T113000-11111111'] as const;

async function store(layout: SpoolLayout, id: string): Promise<void> {
  await storeRecord(layout, pushOf(id, 1000, `${ZERO} ${'a'.repeat(40)} refs/heads/main`));
}

test('a record that lies there already ends the wait at once', async t => {
  const layout = drop(t);
  await store(layout, ids[0]);
  assert.equal(await watchDrop(layout, { seen: new Set(), timeout: HOUR, signal: never }), true);
});

test('a record that comes during the wait ends it, one that was seen does not', async t => {
  const layout = drop(t);
  await store(layout, ids[0]);
  const waiting = watchDrop(layout, { seen: new Set([ids[0]]), timeout: HOUR, signal: never });
  const early = await Promise.race([
    waiting,
    new Promise(resolve => setTimeout(resolve, 50, 'still waiting')),
  ]);
  assert.equal(early, 'still waiting');
  await store(layout, ids[1]);
  assert.equal(await waiting, true);
});

test('a wait ends with its timeout, however long, and with its signal', async t => {
  const layout = drop(t);
  assert.equal(await watchDrop(layout, { seen: new Set(), timeout: 1, signal: never }), false);
  assert.equal(
    await watchDrop(layout, { seen: new Set(), timeout: HOUR, signal: AbortSignal.abort() }),
    false,
  );
  const { signal, abort } = abortable();
  const waiting = watchDrop(layout, { seen: new Set(), timeout: Number.POSITIVE_INFINITY, signal });
  setTimeout(abort, 20);
  assert.equal(await waiting, false);
});

test('where the folder cannot be watched it is looked at from time to time', async t => {
  const layout = spoolLayout(join(temporaryFolder(t), 'later'));
  const waiting = watchDrop(layout, { seen: new Set(), timeout: HOUR, signal: never });
  for (const folder of [layout.dropTmp, layout.dropNew]) mkdirSync(folder, { recursive: true });
  await store(layout, ids[0]);
  assert.equal(await waiting, true);
});

function abortable(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
