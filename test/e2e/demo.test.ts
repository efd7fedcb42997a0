import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Ended, processesNaming, run, waitUntil } from '../fixtures/processes.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { HOME } from '../fixtures/world.ts';

const demo = [process.execPath, join(HOME, 'build', 'demo', 'demo.js')];
const ESCAPE = '\u001b';

test('the demo shows a thread, an outage, a tag and a forced push, plain in a pipe, and leaves the mails alone', async t => {
  const { code, stdout, stderr, left } = await runDemo(t, demo);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(left.join(), /^(refpost-demo-\w+),\1\/mails\.mbox$/);
  assert.equal(stdout.match(/mutt -f \S+\/mails\.mbox/g)?.length, 1);
  assert.match(stdout, /state: +waiting for smtp:/);
  assert.match(stdout, /^ {2}1 .*tag v1\.0 created$/m);
  assert.match(stdout, /^ {2}3 .*└─> \[2\/2\] .*\[Forced Update!\]$/m);
  assert.match(stdout, /^ {2}1 {2}Ada Adams {7}\[1\/4\] hello git commit: Greet the world\.$/m);
  assert.match(stdout, /^ {2}4 {2}Zoë Zimmermann {2}└─> \[4\/4\] hello git commit: Test the greeting\.$/m);
  assert.match(stdout, /^ {4}refs\/heads\/main [0-9a-f]{9} -> [0-9a-f]{9}$/m);
  assert.match(stdout, /^ {2}\+echo "Hello, world!"$/m);
  assert.equal(stdout.includes(ESCAPE), false);
});

test('the demo has colours on a terminal, and none with NO_COLOR', async t => {
  const terminal = ['script', '--quiet', '--command', demo.join(' '), '/dev/null'];
  if (spawnSync('script', ['--version']).status !== 0) return t.skip('script (util-linux) is not here');
  const [coloured, plain] = await Promise.all([
    runDemo(t, terminal, { TERM: 'xterm' }),
    runDemo(t, terminal, { TERM: 'xterm', NO_COLOR: '1' }),
  ]);
  assert.deepEqual([coloured.code, plain.code], [0, 0]);
  assert.ok(coloured.stdout.includes(`${ESCAPE}[32m+echo "Hello, world!"${ESCAPE}[39m`));
  assert.equal(plain.stdout.includes(ESCAPE), false);
  assert.match(plain.stdout, /\[4\/4\] hello git commit/);
});

test('a demo whose reader goes away ends quietly and leaves nothing behind', async t => {
  const { stdout, stderr, left } = await runDemo(t, ['sh', '-c', '"$@" | head -2', 'sh', ...demo]);
  assert.deepEqual([stdout.split('\n').length, stderr, left], [3, '', []]);
});

async function runDemo(
  t: TestContext,
  command: readonly string[],
  extra: NodeJS.ProcessEnv = {},
): Promise<Ended & { readonly left: readonly string[] }> {
  const folder = temporaryFolder(t);
  const ended = await run(command, { env: { PATH: process.env.PATH, TMPDIR: folder, ...extra } });
  // A worker that has given the lock back has a moment to end, as elsewhere (fixtures/left-behind.ts).
  const isOver = () => processesNaming(folder).length === 0;
  await waitUntil('what the demo has started has ended', isOver, { limit: 5000 });
  return { ...ended, left: readdirSync(folder, { recursive: true, encoding: 'utf8' }) };
}
