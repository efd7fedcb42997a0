import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isClean, summaryOf, type Tally } from '../../walk/tally.ts';
import { walkRepository } from '../../walk/walk-repository.ts';
import { link, openScene, program, type Scene } from '../corpus/scene.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { testWorld } from '../fixtures/world.ts';

interface Walked {
  readonly tally: Tally;
  readonly reports: readonly string[];
}

async function walked(
  { folder }: Scene,
  { limit = Infinity, stride = 1 }: { limit?: number; stride?: number } = {},
  ...settings: string[]
): Promise<Walked> {
  const reports: string[] = [];
  const overrides = settings.map(setting => {
    const [key = '', value = ''] = setting.split('=');
    return { key: `refpost.${key}`, value };
  });
  const options = { branch: undefined, limit, stride, ranges: 3, seed: 1, settings: overrides };
  const watch = {
    report: (sentence: string) => void reports.push(sentence),
    progress: () => undefined,
    stopped: () => false,
  };
  return { tally: await walkRepository(testWorld(), folder, options, watch), reports };
}

/** Merges with and without conflicts, odd files, a branch and tags with commits of their own and without. */
function branchy(t: TestContext): Scene {
  const scene = openScene(join(temporaryFolder(t), 'project.git'));
  const { commit, stands, tag } = scene;
  const start = commit('Start', { 'a.txt': 'one\ntwo\n', 'binary.bin': Buffer.from([0, 1, 2, 255]) });
  const left = commit('Left\n\nCommitted: by hand\n', { 'a.txt': 'one\nleft\n', 'dir/new.txt': '\n\n' });
  const right = commit('Right', { 'a.txt': 'one\nright\n', 'b.txt': 'x' }, { parents: [start] });
  const merge = commit('Merge', { 'a.txt': 'one\nboth\n', 'b.txt': 'x' }, { parents: [left, right] });
  commit('Nothing');
  commit('Odd paths', { 'with blank': '', 'd\u00e9p\u00f4t/"quoted\n"': 'diff --git a/x b/x\n--- a/x\n' });
  commit('Mode, link and type', { 'b.txt': program('x'), 'a.txt': link('b.txt') });
  const main = commit('', { 'a.txt': null, 'latin1.txt': Buffer.from('caf\xe9\r\n\x1b[1m', 'latin1') });
  stands('refs/heads/main', main);
  const text = 'Zeile f\u00fcr Zeile\u200b\r\n';
  stands('refs/heads/side', commit('Only on side', { 'c.txt': text }, { parents: [merge] }));
  const long = { 'long.txt': `${'x'.repeat(5000)}\n`.repeat(3) };
  stands('refs/tags/v1', tag('v1', main, 'The first one'));
  stands('refs/tags/v2', commit('Only tagged', long, { parents: [right] }));
  return scene;
}

test('a walk over a whole history finds every commit announced once, with the diff that git prints', async t => {
  const repository = branchy(t);
  const { tally, reports } = await walked(repository);
  assert.deepEqual(reports, []);
  assert.ok(isClean(tally));
  assert.equal(tally.pushes, 7 + 3 + 3);
  const { tally: limited } = await walked(repository, { limit: 2 });
  assert.ok(isClean(limited));
  assert.equal(limited.pushes, 2 + 2 + 3);
  assert.ok(limited.commits < tally.commits);
  const { tally: strided } = await walked(repository, { stride: 3 });
  assert.ok(isClean(strided));
  assert.equal(strided.pushes, 3 + 3 + 3);
  assert.equal(strided.commits, tally.commits);
});

test('mails that are cut have to say how many lines they lack', async t => {
  const { tally, reports } = await walked(branchy(t), {}, 'maxSize=4000');
  assert.deepEqual(reports, []);
  assert.ok(tally.cut > 0);
});

test('a commit that git cannot show is counted, where the mail has the words of git', async t => {
  const repository = branchy(t);
  const blob = repository.object('blob', 'one\nleft\n');
  rmSync(join(repository.folder, 'objects', blob.slice(0, 2), blob.slice(2)));
  const { tally, reports } = await walked(repository);
  assert.deepEqual(reports, []);
  assert.ok(tally.unshown > 0);
});

test('a mail that hides what git prints, and a push that announces nothing, are found', async t => {
  const repository = branchy(t);
  const digest = await walked(repository, { limit: 3 }, 'maxMails=1');
  assert.ok(digest.tally.lost > 0);
  assert.match(digest.reports.join('\n'), / lost: [0-9a-f]{40}/);
  assert.match(summaryOf(digest.tally), /0 failures, [1-9]\d* lost, 0 doubled/);
  assert.ok(!isClean(digest.tally));
});
