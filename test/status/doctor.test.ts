import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openScene } from '../corpus/scene.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';

test('doctor names the repositories in which submodules are looked for, and one that is none', async t => {
  const folder = temporaryFolder(t);
  const [project, library] = ['project.git', 'library.git'].map(
    name => openScene(join(folder, name)).folder,
  ) as [string, string];
  const look = async (...named: readonly string[]) => {
    const settings = named.flatMap(path => ['-c', `refpost.submodules=${path}`]);
    const { stdout } = await runHere(['doctor', '--repo', project, ...settings], '/');
    return /^(ok|no) {2}submodules: .*/m.exec(stdout)?.[0];
  };
  assert.equal(await look(), 'ok  submodules: none is listed');
  assert.equal(await look(library), `ok  submodules: ${library}`);
  assert.equal(
    await look(library, join(folder, 'gone.git')),
    `no  submodules: refpost.submodules names ${join(folder, 'gone.git')}, which is not a repository, or cannot be read by this user`,
  );
});
