import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { main } from '../../src/cli/main.ts';
import { testWorld } from '../fixtures/world.ts';
import { Hooked } from '../hook/hooked.ts';

test('to install again after the spool was moved does not take what is recorded for announced', async t => {
  const hooked = new Hooked(t);
  const refpost = async (...argv: string[]) => {
    const world = testWorld({ argv: [...argv], cwd: hooked.bare, now: Date.now });
    await main(world, new AbortController().signal);
    return world;
  };
  hooked.config('refpost.transport', 'smtp://127.0.0.1:1');
  await refpost('install', '--to', 'commits@example.org');
  hooked.push();
  const moved = join(hooked.folder, 'moved');
  mkdirSync(moved);
  for (const name of ['drop', 'queue', 'done', 'failed', 'ledger']) {
    renameSync(join(hooked.bare, 'refpost', name), join(moved, name));
  }
  hooked.config('refpost.spool', moved);
  await refpost('install');
  const { err } = await refpost('work', '--once').then(world => ({ err: world.err() }));
  assert.match(err, / queued .* refs=1 mails=1$/m);
  assert.equal(readdirSync(join(moved, 'queue')).length, 1);
});
