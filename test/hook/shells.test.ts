import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSpool } from '../../src/disk/create-spool.ts';
import { placeHook } from '../../src/install/hook-file.ts';
import { takeLock } from '../../src/outbox/directory/lock.ts';
import { ZERO } from '../fixtures/nouns.ts';
import { Hooked, hookScript } from './hooked.ts';

const shells = [['dash'], ['busybox', 'ash'], ['bash'], ['bash', '--posix'], ['ksh']];
const line = (ref: string): string => `${ZERO} ${'a'.repeat(40)} refs/heads/${ref}\n`;

for (const shell of shells) {
  const missing = spawnSync(shell[0] ?? '', [...shell.slice(1), '-c', ':']).status !== 0;
  const skip = missing && `${shell[0]} is not installed here`;

  test(`the hook runs under ${shell.join(' ')}`, { skip }, async t => {
    const hooked = new Hooked(t, "a 'b\nc");
    await placeHook(
      join(hooked.bare, 'hooks', 'post-receive'),
      { script: hookScript, only: hooked.bare },
      'ours',
    );
    hooked.worker('printf %s "$*" >"$out"');
    hooked.keepBefore('cat', 'exit 3');
    const input = Array.from({ length: 40 }, (_, at) => line(`b${at}`)).join('');
    const value = 'x\n\ny\\n\n';
    const ran = hooked.run(shell, input, {
      GL_USER: value,
      GIT_PUSH_OPTION_COUNT: '1',
      GIT_PUSH_OPTION_0: value,
    });
    assert.deepEqual([ran.status, ran.stdout, ran.stderr], [3, input, '']);
    const [push] = await hooked.recorded();
    assert.equal(push?.repository, hooked.bare);
    assert.deepEqual([push?.environment, push?.options], [{ GL_USER: value }, [value]]);
    assert.equal(push?.updates.length, 40);
    assert.equal(await hooked.fromWorker(), `work --drain --repo ${hooked.bare}`);
  });

  test(`what fails is one line and exit code 0 under ${shell.join(' ')}`, { skip }, async t => {
    const hooked = new Hooked(t);
    hooked.config('refpost.worker', 'hook');
    hooked.config('refpost.command', "'");
    const first = hooked.run(shell, line('main'));
    assert.match(first.stderr, /^refpost: this push waits [^\n]* fine\n$/);
    assert.equal((await hooked.recorded()).length, 1);
    hooked.config('refpost.spool', '/dev/null/x');
    const second = hooked.run(shell, line('main'));
    assert.match(second.stderr, /^refpost: this push is not recorded, [^\n]* fine\n$/);
    writeFileSync(`${hooked.bare}/config`, '[broken');
    const third = hooked.run(shell, line('main'));
    assert.match(third.stderr, /^refpost: this push is not recorded, [^\n]* fine\n$/);
    assert.deepEqual([first.status, second.status, third.status], [0, 0, 0]);
  });

  test(`closed streams do no harm under ${shell.join(' ')}`, { skip }, async t => {
    const hooked = new Hooked(t);
    hooked.worker('echo started >"$out"');
    for (const closed of ['>&-', '2>&-', '>&- 2>&-']) {
      const ran = hooked.run(['sh', '-c', `exec ${shell.join(' ')} "$0" ${closed}`], line('main'));
      assert.deepEqual([ran.status, ran.stderr], [0, ''], closed);
    }
    hooked.run(['sh', '-c', `exec ${shell.join(' ')} "$0" <&-`], '');
    assert.equal((await hooked.recorded()).length, 3);
    await hooked.fromWorker();
  });

  const unproven =
    skip || (!existsSync('/proc/self/fdinfo') && 'no /proc here: nothing tells who has a lock');
  test(`beside a worker at work the hook starts no other under ${shell.join(' ')}`, {
    skip: unproven,
  }, async t => {
    const hooked = new Hooked(t);
    const { root, lock: file } = hooked.layout;
    hooked.worker('echo started >"$out"');
    await createSpool(root, 'umask');
    const lock = await takeLock(root, 'umask', process.env);
    // What the worker does, soon or later.
    spawn('sh', ['-c', `until rm ${hooked.layout.dropNew}/*; do sleep 0.1; done`], { stdio: 'ignore' });
    hooked.runWhole(shell, line('main'));
    assert.equal(hooked.worked, false);
    await lock?.release();
    // A worker that died is still named, and its number came round again.
    writeFileSync(file, `${process.pid} here\n`);
    hooked.runWhole(shell, line('main'));
    assert.equal(hooked.worked, true);
  });
}
