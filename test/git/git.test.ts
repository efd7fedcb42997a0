import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { GitFailure, openGit } from '../../src/git/git.ts';
import { openRepository } from '../../src/git/open-repository.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';

/** A repository, and an environment in which a signal ends git before it says a word. */
function killed(t: TestContext) {
  const folder = temporaryFolder(t);
  const path = join(folder, 'path');
  mkdirSync(path);
  writeFileSync(join(path, 'git'), '#!/bin/sh\nkill -KILL $$\n');
  chmodSync(join(path, 'git'), 0o755);
  const repository = new TestRepository(join(folder, 'project.git'), '--bare');
  return { repository, env: gitEnvironment({ PATH: `${path}:${process.env.PATH}` }) };
}

const signal = (error: unknown) => error instanceof GitFailure && /a signal ended git/.test(error.words);

test('a git that a signal ended has answered nothing: to a question', async t => {
  const { repository, env } = killed(t);
  const git = openGit(repository.folder, env);
  await assert.rejects(git.ask(['cat-file', '--batch-check'], 'HEAD\n'), signal);
});

test('a git that a signal ended has answered nothing: in a stream', async t => {
  const { repository, env } = killed(t);
  const chunks = openGit(repository.folder, env).stream(['rev-list', '--all'], '');
  await assert.rejects(async () => {
    for await (const chunk of chunks) assert.fail(`git said ${chunk}`);
  }, signal);
});

test('a git that a signal ended has answered nothing: where the repository is', async t => {
  const { repository, env } = killed(t);
  await assert.rejects(openRepository(repository.folder, env), signal);
});
