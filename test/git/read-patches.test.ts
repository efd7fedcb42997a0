import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openGit } from '../../src/git/git.ts';
import { readPatches } from '../../src/git/read-patches.ts';
import { oddHistory } from '../fixtures/odd-history.ts';
import { gitEnvironment, type TestRepository, temporaryFolder } from '../fixtures/repository.ts';

const MARK = '0123456789abcdef0123456789abcdef';

async function patchesOf(repository: TestRepository, ids: readonly string[], most = 1 << 20) {
  const git = openGit(join(repository.folder, '.git'), gitEnvironment());
  const patches: (Buffer | undefined)[] = [];
  for await (const patch of readPatches(git, ids, { mark: MARK, most })) patches.push(patch);
  return patches;
}

test('git am makes of each patch the same tree, author, date and message', async t => {
  const folder = temporaryFolder(t);
  const { repository, ids } = oddHistory(folder);
  const patches = await patchesOf(repository, ids);
  let applied = 0;
  for (const [index, patch] of patches.entries()) {
    const id = ids[index] as string;
    const parents = repository.git('show', '-s', '--format=%P', id).split(' ').filter(Boolean);
    assert.equal(patch === undefined, parents.length > 1, 'every commit but a merge has a patch');
    // git am makes no commits without a change, and none of nothing.
    const isEmpty = repository.git('diff-tree', '--root', '--no-commit-id', '--name-only', id) === '';
    if (!patch || parents.length !== 1 || isEmpty) continue;
    repository.git('checkout', '-q', '--force', '--detach', parents[0] as string);
    repository.git('clean', '-fdxq');
    const file = join(folder, 'a.patch');
    writeFileSync(file, patch);
    repository.git('am', '-q', '--keep-cr', file);
    const told = (name: string) => repository.git('show', '-s', '--format=%T%n%an%n%ae%n%ad%n%s', name);
    assert.equal(told('HEAD'), told(id));
    applied++;
  }
  assert.ok(applied > 5);
});

test('a patch that is too long is left out, and the ones behind it come', async t => {
  const { repository, ids } = oddHistory(temporaryFolder(t));
  const all = await patchesOf(repository, ids);
  const sizes = all.map(patch => patch?.length ?? 0);
  const longest = Math.max(...sizes);
  const shorter = await patchesOf(repository, ids, longest - 1);
  assert.deepEqual(
    shorter,
    all.map(patch => (patch?.length === longest ? undefined : patch)),
  );
});

test('from the first commit on that git does not know there are no patches, and as many answers as questions', async t => {
  const { repository, ids } = oddHistory(temporaryFolder(t));
  const asked = [ids[0] as string, 'f'.repeat(40), ids[1] as string];
  const patches = await patchesOf(repository, asked);
  assert.equal(patches.length, 3);
  assert.ok(patches[0] && !patches[1]);
});
