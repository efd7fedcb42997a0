import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { askCommits, openObjects } from '../../src/git/conversation.ts';
import { diffTree, STAT } from '../../src/git/diff-tree.ts';
import { GitFailure } from '../../src/git/failure.ts';
import { type Git, openGit } from '../../src/git/git.ts';
import { openRepository } from '../../src/git/open-repository.ts';
import { previousTag, readKinds } from '../../src/git/questions.ts';
import { openQuietRules } from '../../src/git/quiet.ts';
import { readCommits } from '../../src/git/read-commits.ts';
import { readHeadlines } from '../../src/git/read-headlines.ts';
import { openPatches } from '../../src/git/read-patches.ts';
import { draftStat } from '../../src/git/stat.ts';
import { whileRead } from '../../src/git/streams.ts';
import { readTags, verifyTags } from '../../src/git/tags.ts';
import { type BreakOptions, brokenGit } from '../fixtures/broken-git.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';

const MARK = '0123456789abcdef0123456789abcdef';

/** Three commits, the first with attributes and a tag. */
function history(folder: string) {
  const repository = new TestRepository(join(folder, 'project'));
  const ids = [
    repository.commit({ message: 'One', files: { '.gitattributes': '*.svg -diff\n', a: '1\n' } }),
    repository.commit({ message: 'Two', files: { a: '2\n' } }),
    repository.commit({ message: 'Three', files: { a: '3\n' } }),
  ];
  repository.git('tag', '-a', '-m', 'One', 'v1', ids[0] as string);
  return { gitDir: join(repository.folder, '.git'), ids, tag: repository.git('rev-parse', 'v1') };
}

function open(gitDir: string, folder: string, options: BreakOptions): Git {
  return openGit(gitDir, gitEnvironment({ PATH: brokenGit(folder, options) }));
}

type History = ReturnType<typeof history>;

const SVG = { path: Buffer.from('a.svg'), text: Buffer.alloc(0) };

/** What a mail can do without, by the subcommand that is asked for it. */
const DISPENSABLE: readonly [
  what: string,
  command: string,
  read: (git: Git, of: History) => Promise<unknown>,
][] = [
  ['headlines', 'diff-tree', (git, { ids }) => readHeadlines(git, ids)],
  [
    'attributes',
    'cat-file',
    (git, { ids }) =>
      owned(git, own =>
        openQuietRules(own, openObjects(own), [])()([{ commit: ids[0] as string, diffs: [SVG] }]),
      ),
  ],
  ['tags', 'cat-file', (git, { tag }) => readTags(git, [tag])],
  [
    'patches',
    'diff-tree',
    (git, { ids }) => owned(git, own => openPatches(own, MARK, 999)(ids[0] as string)),
  ],
  ['the tag before', 'describe', (git, { ids }) => previousTag(git, ids[2] as string)],
  ['an object alone', 'cat-file', (git, { tag }) => owned(git, own => openObjects(own)(tag, 999))],
  [
    'a stat alone',
    'diff-tree',
    (git, { ids }) =>
      owned(git, own => askCommits(own, diffTree('', STAT), MARK, () => draftStat(999))(ids[0] as string)),
  ],
];

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

async function owned<T>(git: Git, use: (own: Git) => Promise<T>): Promise<T> {
  const [found] = await all(
    whileRead(git, async function* (own) {
      yield await use(own);
    }),
  );
  return found as T;
}

const wasKilled = (error: unknown) => error instanceof GitFailure && error.killed;

for (const [what, command, read] of DISPENSABLE) {
  test(`a git that is killed has not said that there is nothing: ${what}`, async t => {
    const folder = temporaryFolder(t);
    const found = history(folder);
    for (const after of [0, 20]) {
      const inside = join(folder, `${after}`);
      mkdirSync(inside);
      await assert.rejects(read(open(found.gitDir, inside, { command, after }), found), wasKilled);
    }
  });

  for (const by of ['refusal', 'SIGSEGV'] as const) {
    test(`a mail does without what git refuses or crashes over (${by}): ${what}`, async t => {
      const folder = temporaryFolder(t);
      const found = history(folder);
      await read(open(found.gitDir, folder, { command, by }), found);
    });
  }
}

test('a git that is killed over signatures has not said that they are none', async t => {
  const folder = temporaryFolder(t);
  const { gitDir, tag } = history(folder);
  const git = open(gitDir, folder, { command: 'verify-tag' });
  await assert.rejects(verifyTags(git, [tag]), wasKilled);
});

test('a small question to a git that is killed has no answer', async t => {
  const folder = temporaryFolder(t);
  const { gitDir, ids } = history(folder);
  await assert.rejects(readKinds(open(gitDir, folder, { command: 'cat-file' }), ids), wasKilled);
});

test('a git that is killed has not said that a folder is no repository', async t => {
  const folder = temporaryFolder(t);
  const { gitDir } = history(folder);
  const env = gitEnvironment({ PATH: brokenGit(folder, { command: 'rev-parse' }) });
  await assert.rejects(openRepository(gitDir, env), wasKilled);
});

test('commits are the same where git is killed in between, and wait where it always is', async t => {
  const folder = temporaryFolder(t);
  const { gitDir, ids } = history(folder);
  const read = (git: Git) =>
    all(readCommits(git, ids, { maxSize: 9999, mark: MARK, isMerge: () => false, keep: 'head' }));
  const whole = await read(openGit(gitDir, gitEnvironment()));
  for (const [times, after] of [
    [1, 0],
    [1, 400],
    [3, 700],
  ] as const) {
    const inside = join(folder, `${times}-${after}`);
    mkdirSync(inside);
    const found = await read(open(gitDir, inside, { command: 'diff-tree', times, after }));
    assert.deepEqual(found, whole, `${times} times, after ${after} bytes`);
  }
  const never = join(folder, 'never');
  mkdirSync(never);
  // Nothing at all can be had of a commit.
  await assert.rejects(read(open(gitDir, never, { command: 'diff-tree' })), wasKilled);
});
