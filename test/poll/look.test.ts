import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startHttpBackend } from '../fixtures/http-backend.ts';
import { run } from '../fixtures/processes.ts';
import { writeProgram } from '../fixtures/program.ts';
import { gitEnvironment, TestRepository } from '../fixtures/repository.ts';
import { refpostProgram } from '../fixtures/server-repository.ts';
import { mirrored } from './mirrored.ts';

test('what is pushed to the other server is a record here, and its mails are those of a push', async t => {
  const site = await mirrored(t);
  site.clone.commit({ message: 'four' });
  site.clone.git('push', '-q', 'origin', 'main', 'main:refs/heads/side', 'main:refs/changes/1/head');
  const updates = await site.look();
  assert.deepEqual(updates.map(({ ref }) => ref).toSorted(), ['refs/heads/main', 'refs/heads/side']);
  const [push] = await site.recorded();
  assert.deepEqual([push?.kind, push?.environment, push?.updates], ['push', {}, updates]);
  // Recorded is as good as announced.
  assert.deepEqual(await site.look(), []);
  assert.deepEqual(await site.subjects(), ['four']);
  assert.deepEqual(await site.look(), []);
});

test('a repository of 5,000 refs that did not change costs one question, and no mail', async t => {
  let server: Awaited<ReturnType<typeof startHttpBackend>> | undefined;
  const site = await mirrored(t, async folder => {
    const bare = join(folder, 'origin.git');
    const main = new TestRepository(bare, '--bare').git('rev-parse', 'main');
    const names = Array.from(
      { length: 5000 },
      (_, number) => `refs/${number % 2 ? 'heads' : 'tags'}/r${number}`,
    );
    writeFileSync(join(bare, 'packed-refs'), names.map(name => `${main} ${name}\n`).join(''));
    server = await startHttpBackend(t, folder);
    return `${server.address}/origin.git`;
  });
  const requests = server?.requests ?? [];
  requests.length = 0;
  assert.deepEqual(await site.look(), []);
  // Protocol version 2: what the server can do, then its refs. Nothing is fetched.
  assert.deepEqual(requests, [
    'GET /origin.git/info/refs?service=git-upload-pack',
    'POST /origin.git/git-upload-pack',
  ]);
  assert.deepEqual(await site.recorded(), []);
});

test('force-pushed, deleted, renamed and made anew while nobody looked: each commit is told once', async t => {
  const site = await mirrored(t);
  const { clone } = site;
  const push = (...refs: string[]) => clone.git('push', '-q', '-f', 'origin', ...refs);
  for (const branch of ['gone', 'renamed', 'again', 'dir']) {
    clone.git('checkout', '-q', '-b', branch, 'main');
    clone.commit({ message: `on ${branch}` });
    push(branch);
  }
  await site.look();
  await site.subjects();

  clone.git('checkout', '-q', 'main');
  clone.git('reset', '-q', '--hard', 'HEAD~1');
  clone.commit({ message: 'three, rewritten' });
  push('main', ':gone', ':renamed', 'renamed:refs/heads/other', ':again', ':dir');
  clone.git('checkout', '-q', '-B', 'again', 'main');
  clone.commit({ message: 'again, anew' });
  push('again', 'again:refs/heads/dir/below');
  clone.git('tag', '-a', '-m', 'One', 'v1');
  push('v1');
  clone.git('push', '-q', 'origin', ':v1');
  push('again~1:refs/tags/v1');
  const before = (await site.subjects()).length;

  assert.equal((await site.look()).length, 8);
  assert.deepEqual(await site.look(), []);
  const told = (await site.subjects()).slice(before);
  assert.deepEqual(
    told.filter(subject => /^(three|again, anew|on )/.test(subject)),
    ['three, rewritten [Forced Update!]', 'again, anew [Forced Update!]'],
  );
  assert.equal(new Set(told).size, told.length, told.join('\n'));
  assert.deepEqual(await site.look(), []);
});

test('who pushed is named where a webhook tells of the move that was found', async t => {
  const site = await mirrored(t);
  const old = site.clone.git('rev-parse', 'HEAD');
  const fresh = site.clone.commit({ message: 'four' });
  site.clone.git('push', '-q', 'origin', 'main', 'main:side');
  await site.look({ told: [{ ref: 'refs/heads/main', old, new: fresh, pusher: 'ada' }] });
  const records = await site.recorded();
  assert.deepEqual(
    records.map(({ environment, updates }) => [environment, updates.map(({ ref }) => ref)]).toSorted(),
    [
      [{ REMOTE_USER: 'ada' }, ['refs/heads/main']],
      [{}, ['refs/heads/side']],
    ].toSorted(),
  );
  assert.deepEqual(
    (await site.subjects()).filter(subject => subject === 'four'),
    ['four'],
  );
});

test('branches of which somebody hears only now are no news as they are', async t => {
  const site = await mirrored(t);
  site.clone.git('push', '-q', 'origin', 'main:refs/notes/old');
  const config = (value: string) =>
    new TestRepository(site.mirror, '--bare').git('config', 'refpost.refs', value);
  config('refs/heads');
  await site.look();
  await site.subjects();
  config('refs/heads refs/tags');
  site.clone.git('push', '-q', 'origin', 'main:refs/tags/v1');
  assert.deepEqual(
    (await site.look()).map(({ ref }) => ref),
    ['refs/tags/v1'],
  );
  assert.deepEqual(await site.subjects(), ['tag v1 created']);
});

test("refs of a namespace in the mirror are not its server's, and a server that has lost all is not believed", async t => {
  const site = await mirrored(t);
  const mirror = new TestRepository(site.mirror, '--bare');
  mirror.git('update-ref', 'refs/namespaces/a/refs/heads/main', 'main');
  rmSync(join(site.mirror, 'refpost'), { recursive: true });
  assert.deepEqual(await site.look(), []);
  assert.deepEqual(await site.look(), []);
  site.origin.git('update-ref', '-d', 'refs/heads/main');
  await assert.rejects(site.look(), /names no branch or tag any more: that is not believed/);
  assert.equal(mirror.git('rev-parse', 'main'), site.clone.git('rev-parse', 'main'));
  assert.deepEqual(await site.recorded(), []);
});

test('a repository into which people push is no mirror, and is left as it is', async t => {
  const site = await mirrored(t);
  new TestRepository(site.mirror, '--bare').git('config', 'remote.origin.mirror', 'false');
  await assert.rejects(site.look(), /is no mirror: to fetch into it would overwrite its branches/);
  await assert.rejects(site.look(), { exitCode: 78 });
});

test('a lock that a killed git has left an hour ago is removed', async t => {
  const site = await mirrored(t);
  site.clone.commit({ message: 'four' });
  site.clone.git('push', '-q', 'origin', 'main');
  const lock = join(site.mirror, 'refs', 'heads', 'main.lock');
  writeFileSync(lock, '');
  await assert.rejects(site.look(), /File exists/);
  await run(['touch', '-d', '2 hours ago', lock]);
  await assert.rejects(site.look(), /File exists/);
  assert.equal((await site.look()).length, 1);
});

test('killed at any git that it starts, it loses nothing and tells nothing twice', async t => {
  const site = await mirrored(t);
  const real = (await run(['sh', '-c', 'command -v git'])).stdout.trim();
  const bin = join(site.folder, 'path');
  await run(['mkdir', bin]);
  // It kills who has started it when it is run for the n-th time, and does its work all the same.
  writeProgram(
    join(bin, 'git'),
    `n=$(($(cat '${site.folder}/count' 2>/dev/null || echo 0) + 1)); echo $n >'${site.folder}/count'`,
    `[ $n != "$(cat '${site.folder}/at')" ] || kill -9 $PPID`,
    `exec '${real}' "$@"`,
  );
  const env = gitEnvironment({ HOME: site.folder, PATH: `${bin}:${process.env.PATH}` });
  const poll = () => run([...refpostProgram, 'poll', '--once', site.mirror], { env });
  const expected: string[] = [];
  let kills = 0;
  for (let killed = true; killed; kills++) {
    const message = `pushed before kill ${kills}`;
    site.clone.commit({ message });
    site.clone.git('push', '-q', 'origin', 'main');
    expected.push(message);
    rmSync(join(site.folder, 'count'), { force: true });
    writeFileSync(join(site.folder, 'at'), `${kills + 1}`);
    const ended = await poll();
    killed = ended.signal === 'SIGKILL';
    // The git of the one before may still be at work.
    assert.ok(killed || ended.code === 0 || ended.code === 69, ended.stderr);
  }
  writeFileSync(join(site.folder, 'at'), '0');
  const last = await poll();
  assert.equal(last.code, 0, last.stderr);
  assert.ok(kills > 6, `it was killed ${kills} times`);
  assert.deepEqual(await site.subjects(), expected);
});
