import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { shellWords } from '../../src/hook/worker.ts';
import { runHere } from '../fixtures/run-here.ts';
import { refpostProgram } from '../fixtures/server-repository.ts';
import { Hooked, hookScript } from './hooked.ts';

test('a push that two hooks record is one record, in whatever order, and the next push another', async t => {
  const hooked = new Hooked(t);
  const hooks = join(hooked.folder, 'hooks');
  mkdirSync(hooks);
  hooked.config('core.hooksPath', hooks);
  const [script, program] = [shellWords([hookScript]), `${shellWords(refpostProgram)} hook`];
  for (const [at, pair] of [
    [script, script],
    [script, program],
    [program, script],
  ].entries()) {
    const [first, second] = pair.map(command => `printf '%s\\n' "$lines" | ${command}`);
    // The second one further down, as where a host's own hook runs it.
    hooked.script(join(hooks, 'post-receive'), 'lines=$(cat)', `${first}`, `( ${second}; : )`);
    hooked.work.commit();
    for (const branch of ['main', 'again']) assert.equal(hooked.push([`main:${branch}`]).stderr, '');
    assert.equal((await hooked.recorded()).length, 2 * at + 2);
  }
});

test('where nobody is set as recipient, and that is to be ignored, a push passes without a mail', async t => {
  const hooked = new Hooked(t);
  hooked.config('refpost.noRecipients', 'ignore');
  hooked.push();
  const { code, stderr } = await runHere(['work', '--once'], hooked.bare);
  assert.match(`${code} ${stderr}`, /^0 .* queued .* refs=1 mails=0$/m);
  assert.deepEqual(await hooked.recorded(), []);
});
