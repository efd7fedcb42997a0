import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openOutbox } from '../../src/outbox/directory/open-outbox.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { collect, REPOSITORY } from './spool-fixture.ts';

const WORKER = fileURLToPath(new URL('./killable-worker.js', import.meta.url));
const KILLS = 32;

test('a worker killed again and again loses nothing, tears nothing and keeps the order', async t => {
  const root = join(temporaryFolder(t), 'spool');
  const sentFile = join(root, '..', 'sent');
  const start = (...order: readonly string[]): ChildProcess =>
    spawn(process.execPath, [WORKER, root, sentFile, ...order], { stdio: ['ignore', 'pipe', 'inherit'] });

  for (let kill = 0; kill < KILLS; kill++) {
    const worker = start();
    const exit = once(worker, 'exit');
    await Promise.race([exit, once(worker.stdout as NodeJS.ReadableStream, 'data')]);
    await Promise.race([exit, sleep(Math.random() * 80)]);
    assert.equal(worker.exitCode, null, 'it does not end by itself');
    worker.kill('SIGKILL');
    await exit;
  }
  const [code] = await once(start('drain'), 'exit');
  assert.equal(code, 0);

  const outbox = openOutbox(root, 'umask');
  const pushes = Number((await outbox.ledger(REPOSITORY))?.refs.get('refs/heads/main'));
  const sent = readFileSync(sentFile, 'utf8').trimEnd().split('\n');
  const expected = Array.from({ length: pushes }, (_, index) =>
    ['', 'docs '].flatMap(audience => [1, 2, 3].map(mail => `${audience}${index + 1}.${mail}`)),
  ).flat();
  // A mail that was sent twice was sent twice in a row: it is still in order.
  const inOrder = sent.filter((mail, index) => mail !== sent[index - 1]);
  assert.deepEqual(inOrder, expected, 'every mail of every push in the ledger to each audience, in order');
  const doubles = sent.length - expected.length;
  assert.ok(doubles <= KILLS, 'no more doubles than kills');
  assert.deepEqual(readdirSync(join(root, 'queue')), []);
  assert.deepEqual(
    readdirSync(join(root, 'done')).filter(name => name.startsWith('.')),
    [],
  );
  const done = await collect(outbox.entries('done'));
  assert.equal(done.at(-1)?.ref.id, `push-${pushes}`);
  t.diagnostic(`${KILLS} kills, ${pushes} pushes, ${doubles} mails sent twice`);
});
