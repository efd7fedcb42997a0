// `npm test`: all tests, or those whose files are named, by node's own runner; those that wait most come first, so that none of them
// is alone at the end.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from 'node:test';
import shortReport from './short-reporter.js';

/** Tests that start servers, workers, hooks and browsers, and wait for them: what their paths have in them. */
const FIRST = ['/worker/', '/e2e/', '/hook/', 'browser', '/properties/', '/archive/'];
const MEMORY = '/dev/shm';
const GIGABYTE = 2 ** 30;

/** Milliseconds for a file of tests, of which most take seconds: one that hangs must not keep the run from its end. */
const LIMIT = 600_000;

const named = process.argv.slice(2).map(file => resolve(file));
const files = named.length > 0 ? named : all('build/test').sort((one, other) => rank(one) - rank(other));
// Tests make and remove ten thousands of small files: a disk takes a third of their time.
if (process.env.TMPDIR === undefined && hasRoom(MEMORY)) process.env.TMPDIR = MEMORY;
for await (const text of shortReport(run({ files, concurrency: 5, timeout: LIMIT }).on('test:fail', fails))) {
  process.stdout.write(text);
}

function all(folder) {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return names.filter(name => name.endsWith('.test.js')).map(name => resolve(folder, name));
}

function rank(file) {
  const at = FIRST.findIndex(part => file.slice(resolve('build/test').length).includes(part));
  return at === -1 ? FIRST.length : at;
}

/** Containers may have little there, or forbid programs, and tests write hooks. */
function hasRoom(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > GIGABYTE && canRun(folder);
  } catch {
    return false;
  }
}

function canRun(folder) {
  const own = mkdtempSync(join(folder, 'refpost-test-'));
  writeFileSync(join(own, 'hook'), '#!/bin/sh\n', { mode: 0o755 });
  const { status } = spawnSync(join(own, 'hook'));
  rmSync(own, { recursive: true });
  return status === 0;
}

function fails() {
  process.exitCode = 1;
}
