import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readStartError, shellWords } from '../../src/hook/worker.ts';
import { gitEnvironment } from '../fixtures/repository.ts';
import { HOME } from '../fixtures/world.ts';
import { Hooked, LINE } from './hooked.ts';

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
  const low = readdirSync(`/proc/${pid}/fd`).filter(fd => Number(fd) < 10);
  assert.deepEqual(Object.fromEntries(low.map(fd => [fd, readlinkSync(`/proc/${pid}/fd/${fd}`)])), {
    0: '/dev/null',
    1: '/dev/null',
    2: hooked.layout.startError,
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
      /^remote: refpost: this push waits in the outbox[^\n]*the push itself is fine\s*\n$/,
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

test('a terminal that closes with the push does not take the worker with it', async t => {
  const hooked = new Hooked(t);
  hooked.worker('echo started >"$out"');
  const group = spawn('sh', ['-c', 'sh hooks/post-receive; kill -HUP 0'], {
    cwd: hooked.bare,
    env: gitEnvironment({ GIT_DIR: '.' }),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  group.stdin.end(LINE);
  assert.deepEqual(await once(group, 'exit'), [null, 'SIGHUP']);
  assert.equal(await hooked.fromWorker(), 'started\n');
});

test('variables and soft limits of the pusher are not for the worker', async t => {
  const hooked = new Hooked(t);
  hooked.worker('env >"$out"', 'ulimit -S -t >>"$out"');
  const hostile = {
    PATH: '/nonexistent',
    NODE_OPTIONS: '--require=/nonexistent',
    NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
    LD_LIBRARY_PATH: '/nonexistent',
    BASH_ENV: '/nonexistent',
    ENV: '/nonexistent',
    CDPATH: '/',
    IFS: 'e/',
    GIT_CONFIG: '/dev/null',
  };
  const shell = ['/bin/sh', '-c', 'ulimit -S -t 99; . "$PWD/$0"'];
  assert.equal(hooked.run(shell, LINE, hostile).stderr, '');
  const said = await hooked.fromWorker();
  const kept = Object.keys(hostile).filter(name => new RegExp(`^${name}=`, 'm').test(said));
  assert.deepEqual(
    kept.filter(name => name !== 'IFS'),
    ['PATH', 'NODE_EXTRA_CA_CERTS'],
  );
  assert.match(said, /^PATH=\/nonexistent:.*:\/bin$/m);
  assert.doesNotMatch(said, /^99$/m);
});

for (const [by, hookOf] of Object.entries({
  'the hook': (hooked: Hooked) => hooked.run(['sh'], LINE),
  '"refpost hook"': (hooked: Hooked) => hooked.runProgram(LINE),
})) {
  test(`what a worker says that ${by} could not start is kept, once, and follows no link`, async t => {
    const hooked = new Hooked(t);
    const other = join(hooked.folder, 'other');
    writeFileSync(other, 'kept');
    mkdirSync(hooked.layout.root);
    symlinkSync(other, hooked.layout.startError);
    hooked.worker('echo out of memory >&2', 'touch "$out"');
    for (let round = 0; round < 2; round++) {
      assert.equal(hookOf(hooked).stderr, '');
      await hooked.fromWorker();
      assert.equal(readFileSync(hooked.layout.startError, 'utf8'), 'out of memory\n');
      rmSync(join(hooked.folder, 'out'));
    }
    assert.equal(readStartError(hooked.layout)?.words, 'out of memory');
    assert.equal(readFileSync(other, 'utf8'), 'kept');
  });
}

test('a worker that runs clears what the one before said, and writes no log there', async t => {
  const hooked = new Hooked(t);
  const { startError, done } = hooked.layout;
  hooked.config('refpost.worker', 'hook');
  hooked.config('refpost.command', shellWords([process.execPath, join(HOME, 'bin', 'refpost.js')]));
  hooked.config('refpost.to', 'list@example.org');
  hooked.config('refpost.transport', 'sendmail:/bin/true');
  hooked.config('refpost.maxMails', 'many');
  hooked.push();
  const until = async (holds: () => boolean) => {
    for (let tries = 0; tries < 2000 && !holds(); tries++) await sleep(10);
  };
  await until(() => readStartError({ startError }) !== undefined);
  assert.match(
    readStartError({ startError })?.words ?? '',
    /refpost\.maxMails = "many".*is not a whole number/,
  );
  hooked.config('refpost.maxMails', '5');
  hooked.work.commit();
  hooked.push();
  await until(() => existsSync(done) && readdirSync(done).length > 0);
  assert.equal(readFileSync(startError, 'utf8'), '');
});
