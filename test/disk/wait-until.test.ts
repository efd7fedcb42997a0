import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderWatcher, waitUntil } from '../../src/disk/wait-until.ts';
import { temporaryFolder } from '../fixtures/repository.ts';

const HOUR = 3_600_000;
const never = new AbortController().signal;

test('what is so already ends the wait at once', async () => {
  assert.equal(await waitUntil(async () => true, { watch: [], timeout: HOUR, signal: never }), true);
});

test('a file that comes into a watched folder ends the wait', async t => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'record');
  const waiting = waitUntil(async () => existsSync(path), {
    watch: [folderWatcher(folder)],
    timeout: HOUR,
    signal: never,
  });
  const early = await Promise.race([
    waiting,
    new Promise(resolve => setTimeout(resolve, 50, 'still waiting')),
  ]);
  assert.equal(early, 'still waiting');
  writeFileSync(path, '');
  assert.equal(await waiting, true);
});

test('a wait ends with its timeout, however long, and with its signal', async () => {
  const no = async () => false;
  assert.equal(await waitUntil(no, { watch: [], timeout: 1, signal: never }), false);
  assert.equal(await waitUntil(no, { watch: [], timeout: HOUR, signal: AbortSignal.abort() }), false);
  const controller = new AbortController();
  const { signal } = controller;
  const waiting = waitUntil(no, { watch: [], timeout: Number.POSITIVE_INFINITY, signal });
  setTimeout(() => controller.abort(), 20);
  assert.equal(await waiting, false);
});

test('where the folder cannot be watched it is looked at from time to time', async t => {
  const folder = join(temporaryFolder(t), 'later');
  const waiting = waitUntil(async () => existsSync(folder), {
    watch: [folderWatcher(folder)],
    timeout: HOUR,
    signal: never,
  });
  mkdirSync(folder);
  assert.equal(await waiting, true);
});
