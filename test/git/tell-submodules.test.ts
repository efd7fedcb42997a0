import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openObjects } from '../../src/git/conversation.ts';
import { type Git, openGit } from '../../src/git/git.ts';
import { mapped, whileRead } from '../../src/git/streams.ts';
import { submoduleLog } from '../../src/git/submodule-log.ts';
import { openMoves, submoduleRepositories } from '../../src/git/submodules.ts';
import type { Commit } from '../../src/model/commit.ts';
import { openScene } from '../corpus/scene.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';

/** Numbers without a pattern, the same every time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

test('between any two commits of histories with forks and merges stands what git log --first-parent lists', async t => {
  for (const seed of [1, 2, 3]) {
    const scene = openScene(join(temporaryFolder(t), 'lib.git'));
    const stop = new AbortController();
    t.after(() => stop.abort());
    const git = openGit(scene.folder, gitEnvironment(), stop);
    const objects = openObjects(git);
    const random = numbers(seed);
    const ids: string[] = [];
    for (let at = 0; at < 24; at++) {
      const some = () => ids[Math.max(0, at - 1 - random(6))] as string;
      const parents =
        at === 0 || at === 12 ? [] : [...new Set(random(3) === 0 ? [some(), some()] : [some()])];
      ids.push(scene.commit(`Commit ${at}`, {}, { parents }));
    }
    for (const old of ids.filter((_, at) => at % 6 === seed)) {
      for (const fresh of ids.filter((id, at) => id !== old && at % 3 !== 0)) {
        const move = await submoduleLog(objects, { old, new: fresh });
        const args = ['log', '--first-parent', '--left-right', '--format=%m %s', `${old}...${fresh}`];
        const listed = (await git.ask(args)).split('\n').filter(line => line !== '');
        const expected = ['>', '<'].flatMap(sign => listed.filter(line => line.startsWith(sign)));
        assert.deepEqual(
          move?.commits.map(({ change, subject }) => `${change === 'added' ? '>' : '<'} ${subject}`),
          expected.slice(0, 10),
          `seed ${seed}, ${ids.indexOf(old)}...${ids.indexOf(fresh)}`,
        );
        assert.equal(move?.more, Math.max(0, expected.length - 10));
      }
    }
  }
});

test('of a move over very many commits the newest are told, and the others are not counted', async t => {
  const scene = openScene(join(temporaryFolder(t), 'lib.git'));
  const ids = Array.from({ length: 1200 }, (_, at) => scene.commit(`Commit ${at}`));
  let read = 0;
  const stop = new AbortController();
  t.after(() => stop.abort());
  const objects = openObjects(openGit(scene.folder, gitEnvironment(), stop));
  const counting = (id: string, most: number) => {
    read++;
    return objects(id, most);
  };
  const move = await submoduleLog(counting, { old: ids[0] ?? '', new: ids[1199] ?? '' });
  assert.deepEqual(
    [move?.commits.length, move?.commits[0]?.subject, move?.more],
    [10, 'Commit 1199', undefined],
  );
  assert.ok(read <= 1001, `${read} commits read`);
});

test('git is started once in each repository that is asked, and nowhere for a push that moves no submodule', async t => {
  const folder = temporaryFolder(t);
  const project = openScene(join(folder, 'project.git'));
  const named = ['one.git', 'two.git', 'three.git'].map(name => join(folder, name));
  const [one, two, three] = named.map(path => openScene(path));
  const before = [one?.commit('One'), two?.commit('Two'), three?.commit('Three')] as string[];
  const after = [one?.commit('One more'), two?.commit('Two more'), three?.commit('Three more')] as string[];
  const started: string[] = [];
  const open = (gitDir: string): Git => {
    const git = openGit(gitDir, gitEnvironment());
    const stream: Git['stream'] = (args, input, signals) => {
      started.push(gitDir);
      return git.stream(args, input, signals);
    };
    return { ...git, stream, otherRepository: open };
  };
  const told = async (...moves: (readonly [number, number])[]) => {
    const commits = moves.map(([from, to]) => commitWith(before[from] ?? '', after[to] ?? ''));
    started.length = 0;
    const subjects: (string | undefined)[] = [];
    const read = whileRead(open(project.folder), own => mapped(stream(commits), openMoves(own, named)));
    for await (const { files } of read) subjects.push(files[0]?.submodule?.commits[0]?.subject);
    return subjects;
  };
  assert.deepEqual(await told(), []);
  assert.deepEqual(started, []);
  assert.deepEqual(await told([0, 0], [0, 0], [1, 1], [1, 1]), [
    'One more',
    'One more',
    'Two more',
    'Two more',
  ]);
  assert.deepEqual(started, named.slice(0, 2));
  // From one library to another: no repository has both ends.
  assert.deepEqual(await told([0, 1]), [undefined]);
  rmSync(join(named[0] ?? '', 'objects'), { recursive: true });
  assert.deepEqual(await told([0, 0], [2, 2]), [undefined, 'Three more']);
});

test('repositories are found in modules, to a certain depth and not behind links, and by name', t => {
  const folder = temporaryFolder(t);
  const gitDir = join(folder, 'project.git');
  for (const path of ['modules/a', 'modules/libs/b', 'modules/x/y/z/c', 'modules/x/y/z/too/deep'])
    openScene(join(gitDir, path));
  openScene(join(folder, 'secret.git'));
  symlinkSync(join(folder, 'secret.git'), join(gitDir, 'modules/link'));
  openScene(join(folder, 'bare.git'));
  const work = new TestRepository(join(folder, 'work'));
  mkdirSync(join(folder, 'empty'));
  const named = ['bare.git', 'work', 'empty', 'missing'].map(name => join(folder, name));
  assert.deepEqual(submoduleRepositories(gitDir, named), [
    join(gitDir, 'modules/a'),
    join(gitDir, 'modules/libs/b'),
    join(gitDir, 'modules/x/y/z/c'),
    join(folder, 'bare.git'),
    join(work.folder, '.git'),
  ]);
  assert.deepEqual(submoduleRepositories(join(folder, 'missing'), []), []);
});

async function* stream(commits: readonly Commit[]): AsyncGenerator<Commit> {
  yield* commits;
}

/** A commit that moves a submodule. */
function commitWith(old: string, fresh: string): Commit {
  const nobody = { name: '', email: '', date: '' };
  const text = `diff --git a/lib b/lib\nindex ${old}..${fresh} 160000\n--- a/lib\n+++ b/lib\n@@ -1 +1 @@\n-Subproject commit ${old}\n+Subproject commit ${fresh}\n`;
  const files = [{ path: Buffer.from('lib'), text: Buffer.from(text) }];
  const texts = { subject: '', message: '', stat: Buffer.alloc(0) };
  return { id: '', parents: [], tree: '', author: nobody, committer: nobody, ...texts, files };
}
