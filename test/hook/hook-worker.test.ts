import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Hooked } from './hooked.ts';

test('a push does not wait for its worker, and the worker holds nothing of the push', async t => {
  const hooked = new Hooked(t);
  // It runs until this test ends it: were the push to wait for it, the test would never end.
  hooked.worker('echo $$ >"$out"', 'mv "$out" "$done"', 'exec sleep 30');
  const ran = hooked.push();
  assert.deepEqual([ran.status, ran.stderr, ran.stdout], [0, '', '']);
  const pid = Number(await hooked.fromWorker());
  t.after(() => process.kill(pid));
  process.kill(pid, 0);
  if (!existsSync('/proc/self/fd')) return t.diagnostic('no /proc here: open files not looked at');
  const open = readdirSync(`/proc/${pid}/fd`).map(fd => [fd, readlinkSync(`/proc/${pid}/fd/${fd}`)]);
  assert.deepEqual(Object.fromEntries(open.filter(([fd]) => Number(fd) < 10)), {
    0: '/dev/null',
    1: '/dev/null',
    2: '/dev/null',
  });
  assert.equal(readlinkSync(`/proc/${pid}/cwd`), '/');
});

test('the worker is told the repository, and knows nothing of the push but where the settings are', async t => {
  const hooked = new Hooked(t);
  hooked.worker('env >"$out"');
  hooked.push(['main'], { GL_USER: 'ada\nGIT_FORGED=x', GIT_TRACE2: '0' }, ['-o', 'x']);
  const names = [...(await hooked.fromWorker()).matchAll(/^(GIT_\w+)=/gm)].map(match => match[1]);
  assert.deepEqual(new Set(names), new Set(['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_NOSYSTEM', 'GIT_FORGED']));
});

test('where the worker is a service the hook starts none', async t => {
  const hooked = new Hooked(t);
  hooked.worker('touch "$out"');
  hooked.config('refpost.worker', 'service');
  hooked.push();
  assert.equal((await hooked.recorded()).length, 1);
  assert.deepEqual(readdirSync(hooked.folder).toSorted(), ['project.git', 'the worker', 'work']);
});

test('refpost.command may be any shell words', async t => {
  const hooked = new Hooked(t);
  hooked.worker('printf %s "$X $*" >"$out"');
  hooked.config('refpost.command', `env X="a  b" '${join(hooked.folder, 'the worker')}' -v`);
  hooked.push();
  assert.equal(await hooked.fromWorker(), `a  b -v work --drain --repo ${hooked.bare}`);
});

for (const [what, command] of Object.entries({
  'a program': '/nonexistent/node /x',
  'the script of a program': 'env /nonexistent/refpost.js',
  'the script behind an option': 'env -i /nonexistent/refpost.js',
  'refpost on the PATH': '',
  'the second quote': "'/usr/bin/node",
})) {
  test(`without ${what} the push is recorded, and one line says that no worker comes`, async t => {
    const hooked = new Hooked(t);
    hooked.config('refpost.worker', 'hook');
    hooked.config('refpost.command', command);
    const ran = hooked.push();
    assert.equal(ran.status, 0);
    assert.match(
      ran.stderr,
      /^remote: refpost: this push waits in the spool[^\n]*the push itself is fine\s*\n$/,
    );
    assert.equal((await hooked.recorded()).length, 1);
  });
}

test('a push does not even wait for the start of its worker', async t => {
  const hooked = new Hooked(t);
  hooked.worker('touch "$out"');
  const [path, asked] = [join(hooked.folder, 'path'), join(hooked.folder, 'asked')];
  mkdirSync(path);
  // What the hook wants to know before it starts the worker takes its time.
  hooked.script(join(path, 'env'), 'sleep 2', `touch '${asked}'`, 'exec /usr/bin/env');
  const ran = hooked.push(['main'], { PATH: `${path}:${process.env.PATH}` });
  assert.deepEqual([ran.status, ran.stderr, existsSync(asked)], [0, '', false]);
  await hooked.fromWorker();
});
