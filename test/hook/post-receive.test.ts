import assert from 'node:assert/strict';
import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { spoolLayout } from '../../src/model/spool-layout.ts';
import { ZERO } from '../fixtures/nouns.ts';
import { gitEnvironment, TestRepository } from '../fixtures/repository.ts';
import { Hooked, hookScript, LINE } from './hooked.ts';

test('a push is recorded with what it changed and what the host says about the pusher', async t => {
  const hooked = new Hooked(t);
  const before = Math.floor(Date.now() / 1000) * 1000;
  const said = { USER: 'git', GL_USER: 'ada', GITEA_PUSHER_NAME: 'zoë', GITEA_REPO_NAME: 'a b' };
  const options = ['-o', 'ci.skip', '-o', 'a=b c'];
  const ran = hooked.push(['main', 'main:refs/tags/größe'], { ...said, GL_REPO: '', UNKNOWN: 'x' }, options);
  assert.deepEqual([ran.status, ran.stderr], [0, '']);
  const [push] = await hooked.recorded();
  assert.ok(push);
  const head = hooked.work.git('rev-parse', 'HEAD');
  assert.deepEqual(push, {
    kind: 'push',
    id: push.id,
    repository: hooked.bare,
    time: push.time,
    updates: ['refs/heads/main', 'refs/tags/größe'].map(ref => ({ ref, old: ZERO, new: head })),
    options: ['ci.skip', 'a=b c'],
    environment: said,
    overrides: [],
  });
  assert.ok(push.time >= before && push.time <= Date.now());
  assert.equal(push.id.slice(0, 15), new Date(push.time).toISOString().replace(/[-:]|\.\d+Z/g, ''));
  assert.deepEqual(hooked.unfinished(), []);
});

test('a push of a thousand refs is recorded whole', async t => {
  const hooked = new Hooked(t);
  const refs = Array.from({ length: 1000 }, (_, at) => `refs/heads/branch-${at}`);
  hooked.push(refs.map(ref => `main:${ref}`));
  const [push] = await hooked.recorded();
  assert.deepEqual(push?.updates.map(update => update.ref).toSorted(), refs.toSorted());
});

test('without any input nothing is recorded', async t => {
  const hooked = new Hooked(t);
  const ran = hooked.run(['sh'], '');
  assert.deepEqual([ran.status, ran.stderr], [0, '']);
  assert.deepEqual(await hooked.recorded(), []);
});

for (const name of [
  'with space',
  `"quoted" it's $HOME`,
  'new\nline\n',
  'größe-日本',
  '-n',
  '*',
  'back\\nslash',
]) {
  test(`a repository may be called ${JSON.stringify(name)}`, async t => {
    const hooked = new Hooked(t, name);
    hooked.worker('printf %s "$*" >"$out"');
    const ran = hooked.push();
    assert.deepEqual([ran.status, ran.stderr], [0, '']);
    assert.deepEqual(
      (await hooked.recorded()).map(push => push.repository),
      [hooked.bare],
    );
    assert.equal(await hooked.fromWorker(), `work --drain --repo ${hooked.bare}`);
  });
}

test('the repository is named without symbolic links, whichever way the push came', async t => {
  const hooked = new Hooked(t);
  symlinkSync(hooked.bare, join(hooked.folder, 'link'));
  hooked.pushTo(join(hooked.folder, 'link'), ['main']);
  assert.deepEqual(
    (await hooked.recorded()).map(push => push.repository),
    [hooked.bare],
  );
});

test('a push to a linked work tree is a push to its repository', async t => {
  const hooked = new Hooked(t);
  const main = new TestRepository(join(hooked.folder, 'main'));
  main.commit();
  main.git('worktree', 'add', '-q', '../linked');
  main.git('config', 'refpost.worker', 'service');
  symlinkSync(hookScript, join(main.folder, '.git', 'hooks', 'post-receive'));
  const ran = hooked.pushTo(join(hooked.folder, 'linked'), ['main:refs/heads/other']);
  assert.deepEqual([ran.status, ran.stderr], [0, '']);
  const gitDir = join(main.folder, '.git');
  const pushes = await hooked.recorded(spoolLayout(join(gitDir, 'refpost')));
  assert.deepEqual(
    pushes.map(push => push.repository),
    [gitDir],
  );
});

test('the spool of a whole host comes from any level of the settings', async t => {
  const hooked = new Hooked(t);
  const global = join(hooked.folder, 'gitconfig');
  writeFileSync(global, `[include]\n\tpath = more\n`);
  writeFileSync(join(hooked.folder, 'more'), '[refpost]\n\tspool = ~/the spool\n');
  hooked.push(['main'], { GIT_CONFIG_GLOBAL: global, HOME: hooked.folder });
  assert.equal((await hooked.recorded(spoolLayout(join(hooked.folder, 'the spool')))).length, 1);
});

test('a new spool is open to the group only where the repository is', t => {
  for (const [shared, mode] of [
    ['false', 0o700],
    ['umask', 0o700],
    ['0640', 0o700],
    ['group', 0o770],
    ['1', 0o770],
    ['all', 0o770],
    ['0660', 0o770],
  ] as const) {
    const hooked = new Hooked(t);
    hooked.config('core.sharedRepository', shared);
    hooked.push();
    for (const folder of [hooked.layout.root, hooked.layout.dropNew]) {
      assert.equal(statSync(folder).mode & 0o777, mode, `${shared}: ${folder}`);
    }
  }
});

const trouble: Readonly<Record<string, readonly [reason: RegExp, prepare: (hooked: Hooked) => void]>> = {
  'a file in place of the spool': [/mkdir.*refpost/, hooked => writeFileSync(hooked.layout.root, '')],
  'a file in place of the drop directory': [
    /drop/,
    hooked => {
      mkdirSync(hooked.layout.root);
      writeFileSync(join(hooked.layout.root, 'drop'), '');
    },
  ],
  'a relative spool': [/not an absolute path/, hooked => hooked.config('refpost.spool', 'spool')],
  'a spool that cannot be made': [/mkdir/, hooked => hooked.config('refpost.spool', '/dev/null/a\\nb')],
  'a home of another user': [
    /nor one that starts/,
    hooked => hooked.config('refpost.spool', '~nobody-here/spool'),
  ],
};

for (const [what, [reason, prepare]] of Object.entries(trouble)) {
  test(`${what} costs the pusher one line, and nothing else`, async t => {
    const hooked = new Hooked(t);
    prepare(hooked);
    const ran = hooked.push();
    assert.equal(ran.status, 0);
    assert.match(
      ran.stderr,
      /^remote: refpost: this push is not recorded[^\n]*the push itself is fine\s*\n$/,
    );
    assert.match(ran.stderr, reason);
    assert.equal(hooked.run(['sh'], LINE).status, 0);
  });
}

test('a folder that is no repository is not littered', t => {
  const hooked = new Hooked(t);
  const ran = hooked.run(['sh'], LINE, { GIT_DIR: hooked.folder });
  assert.match(ran.stderr, /is not a git directory/);
  assert.equal(ran.status, 0);
  assert.ok(!existsSync(join(hooked.folder, 'refpost')));
});

test('many hooks at once each leave their record', async t => {
  const hooked = new Hooked(t);
  const loop = `for i in 1 2 3 4 5 6 7 8 9 10 11 12; do printf %s '${LINE}' | sh hooks/post-receive & done; wait`;
  const { spawnSync } = await import('node:child_process');
  spawnSync('sh', ['-c', loop], { cwd: hooked.bare, env: gitEnvironment({ GIT_DIR: '.' }) });
  assert.equal((await hooked.recorded()).length, 12);
});

test('a push is recorded with its namespace and the identity of the repository', async t => {
  const hooked = new Hooked(t);
  mkdirSync(join(hooked.bare, 'refpost'), { mode: 0o700 });
  writeFileSync(join(hooked.bare, 'refpost', 'identity'), '0123456789abcdef\n');
  hooked.push(['main'], { GIT_NAMESPACE: 'team/bob' });
  const [push] = await hooked.recorded();
  assert.equal(push?.identity, '0123456789abcdef');
  assert.deepEqual(
    push?.updates.map(update => update.ref),
    ['refs/namespaces/team/refs/namespaces/bob/refs/heads/main'],
  );
});
