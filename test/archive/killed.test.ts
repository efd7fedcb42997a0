import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, start } from '../fixtures/processes.ts';
import { gitEnvironment, temporaryFolder } from '../fixtures/repository.ts';
import { HOME } from '../fixtures/world.ts';
import { mail } from './mails.ts';

/** Kills of each run: with more it only takes longer. */
const KILLS = Number(process.env.REFPOST_KILLS ?? 3);

function filesOf(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = paths.filter(path => statSync(join(folder, path)).isFile());
  return new Map(files.map(path => [path, readFileSync(join(folder, path), 'latin1')]));
}

test('an archive whose makers are killed again and again is the one that nobody disturbed', async t => {
  const folder = temporaryFolder(t);
  const mbox = join(folder, 'mbox');
  const mails = Array.from({ length: 2100 }, (_, at) => mail(at + 1, at % 4 ? { re: at } : {}));
  writeFileSync(mbox, mails.map(each => `From x Thu Jan  1 00:00:00 1970\n${each}\n`).join(''));
  const archive = (name: string) => [
    process.execPath,
    join(HOME, 'bin/refpost.js'),
    'archive',
    join(folder, name),
    '--mbox',
    mbox,
  ];
  const env = gitEnvironment();
  const begin = Date.now();
  assert.equal((await run(archive('whole'), { env })).code, 0);
  const whole = Date.now() - begin;
  for (let kill = 1; kill <= KILLS; kill++) {
    const { child, ended } = start(archive('killed'), { env });
    await sleep((whole * kill) / (KILLS + 1));
    child.kill('SIGKILL');
    await ended;
  }
  assert.equal((await run(archive('killed'), { env })).code, 0);
  const [found, expected] = [filesOf(join(folder, 'killed')), filesOf(join(folder, 'whole'))];
  assert.deepEqual([...found.keys()], [...expected.keys()]);
  for (const [path, content] of expected) assert.equal(found.get(path), content, path);
});
