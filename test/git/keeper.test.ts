import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openObjects } from '../../src/git/conversation.ts';
import { type Git, openGit } from '../../src/git/git.ts';
import { openKeeper } from '../../src/git/keeper.ts';
import { readKinds } from '../../src/git/questions.ts';
import { readCommits } from '../../src/git/read-commits.ts';
import { whileAsked } from '../../src/git/streams.ts';
import type { Commit } from '../../src/model/commit.ts';
import { waitUntil } from '../fixtures/processes.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';

const MARK = '0123456789abcdef0123456789abcdef';

/** A repository whose gits are kept, and how many were started. */
function kept(t: TestContext, folder = temporaryFolder(t)) {
  const repository = new TestRepository(join(folder, 'kept.git'), '--bare');
  const keeper = openKeeper();
  t.after(keeper.close);
  const started: string[] = [];
  const open = (gitDir: string, settings = ''): Git => {
    const git = openGit(gitDir, gitEnvironment());
    const stream: Git['stream'] = (args, input, signals) => {
      started.push(args.find(word => /^[a-z]+(-[a-z]+)+$/.test(word)) ?? args.join(' '));
      return git.stream(args, input, signals);
    };
    return keeper.keep({ ...git, stream }, { settings, keepsDiffs: true });
  };
  return { repository, keeper, started, open, git: open(repository.folder) };
}

async function read(git: Git, ...ids: readonly string[]): Promise<Commit[]> {
  const commits: Commit[] = [];
  const options = { maxSize: 9999, mark: MARK, isMerge: () => false, keep: 'head' } as const;
  for await (const commit of readCommits(git, ids, options)) commits.push(commit);
  return commits;
}

/** Of commits, what a git that nobody keeps reads of them. */
async function sameAsFresh(git: Git, ...ids: readonly string[]): Promise<void> {
  assert.deepEqual(await read(git, ...ids), await read(openGit(git.gitDir, gitEnvironment()), ...ids));
}

/** The gits that this process has started and that are not gone. */
function children(): string[] {
  return readFileSync(`/proc/self/task/${process.pid}/children`, 'latin1').split(' ').filter(Boolean);
}

/** A commit by plumbing, which a bare repository takes. */
function commit(repository: TestRepository, files: Readonly<Record<string, string>>): string {
  const lines = Object.entries(files).map(([path, content]) => {
    const blob = repository.run(['hash-object', '-w', '--stdin'], { input: content }).toString().trim();
    return `100644 blob ${blob}\t${path}\n`;
  });
  const tree = repository
    .run(['mktree'], { input: lines.join('') })
    .toString()
    .trim();
  const parents = repository.git('for-each-ref').includes('refs/heads/main') ? ['-p', 'main'] : [];
  const id = repository.git('commit-tree', ...parents, '-m', `Files ${Object.keys(files)}`, tree);
  repository.git('update-ref', 'refs/heads/main', id);
  repository.clock += 60;
  return id;
}

test('a git is asked for one push after the other', async t => {
  const { repository, started, git } = kept(t);
  for (const content of ['1\n', '2\n', '3\n']) {
    const id = commit(repository, { a: content });
    assert.equal((await readKinds(git, [id])).get(id)?.commit, id);
    await sameAsFresh(git, id);
  }
  assert.deepEqual(started.toSorted(), ['cat-file', 'diff-tree', 'version'].toSorted());
});

test('commits come as from a git of their own: none, several, large, damaged', async t => {
  const { repository, git } = kept(t);
  const many = 'a line\n'.repeat(30_000);
  const ids = [{ a: '1\n' }, { a: many }, { a: many.replaceAll('line', 'row') }, { a: many, b: '' }].map(
    files => commit(repository, files),
  );
  const [one = '', two = '', three = ''] = ids;
  await sameAsFresh(git, ...ids);
  const missing = '1'.repeat(40);
  await sameAsFresh(git, one, missing, two);
  const blob = repository.git('rev-parse', `${three}:a`);
  rmSync(join(repository.folder, 'objects', blob.slice(0, 2), blob.slice(2)));
  await sameAsFresh(git, one, three, two);
  await sameAsFresh(git, two);
});

test('one that was killed between two pushes is not missed', async t => {
  const { repository, git } = kept(t);
  await read(git, commit(repository, { a: '1\n' }));
  for (const pid of children()) process.kill(Number(pid), 'SIGKILL');
  const id = commit(repository, { a: '2\n' });
  assert.equal((await readKinds(git, [id])).get(id)?.type, 'commit');
  await sameAsFresh(git, id);
});

test('a repository that was packed between two pushes answers as it is', async t => {
  const { repository, git } = kept(t);
  const lost = commit(repository, { a: '1\n' });
  repository.git('repack', '-ad', '-q');
  await read(git, lost);
  repository.git('update-ref', '-d', 'refs/heads/main');
  const id = commit(repository, { b: '2\n' });
  repository.git('gc', '--prune=now', '--quiet');
  const kinds = await readKinds(git, [lost, id]);
  assert.deepEqual([kinds.get(lost)?.type, kinds.get(id)?.type], ['missing', 'commit']);
  await sameAsFresh(git, id);
});

test('another repository at its path has nothing of the one before', async t => {
  const folder = temporaryFolder(t);
  const { repository, git, open } = kept(t, folder);
  const old = commit(repository, { a: '1\n' });
  await read(git, old);
  rmSync(repository.folder, { recursive: true });
  await assert.rejects(readKinds(git, [old]), /is not a git repository/);
  const other = new TestRepository(repository.folder, '--bare');
  const id = commit(other, { b: '2\n' });
  const kinds = await readKinds(open(other.folder), [old, id]);
  assert.deepEqual([kinds.get(old)?.type, kinds.get(id)?.type], ['missing', 'commit']);
  await sameAsFresh(git, id);
});

test('what git reads once is read again where it has changed: attributes, .mailmap, alternates, settings', async t => {
  const folder = temporaryFolder(t);
  const { repository, git, open } = kept(t, folder);
  const first = commit(repository, { a: '1\n' });
  await read(git, first);
  mkdirSync(join(repository.folder, 'info'), { recursive: true });
  writeFileSync(join(repository.folder, 'info', 'attributes'), 'a -diff\n');
  const second = commit(repository, { a: '2\n' });
  await sameAsFresh(git, second);
  assert.match(`${(await read(git, second))[0]?.files[0]?.text}`, /Binary files/);
  const third = commit(repository, {
    a: '3\n',
    '.mailmap': 'Ada Lovelace <ada@example.org>\nNew Name <a@b> <author@example.org>\n',
  });
  const [{ author } = { author: undefined }] = await read(openGit(git.gitDir, gitEnvironment()), third);
  await sameAsFresh(git, third);
  assert.deepEqual((await read(git, third))[0]?.author, author);
  const other = new TestRepository(join(folder, 'other.git'), '--bare');
  const elsewhere = commit(other, { z: 'z\n' });
  assert.equal((await readKinds(git, [elsewhere])).get(elsewhere)?.type, 'missing');
  mkdirSync(join(repository.folder, 'objects', 'info'), { recursive: true });
  writeFileSync(join(repository.folder, 'objects', 'info', 'alternates'), `${other.folder}/objects\n`);
  assert.equal((await readKinds(git, [elsewhere])).get(elsewhere)?.type, 'commit');
  repository.git('config', 'diff.algorithm', 'minimal');
  repository.git('config', 'core.bigFileThreshold', '1');
  await sameAsFresh(open(repository.folder, 'others'), second, third);
});

test('of 40 repositories a few gits are kept, and none after the end', async t => {
  const folder = temporaryFolder(t);
  const { repository, keeper, git, open } = kept(t, folder);
  const before = children().length;
  const id = commit(repository, { a: '1\n' });
  for (let number = 0; number < 40; number++) {
    const copy = join(folder, `${number}.git`);
    cpSync(repository.folder, copy, { recursive: true });
    assert.equal((await read(open(copy), id)).length, 1);
  }
  await waitUntil('the others end', () => children().length - before <= 24);
  assert.ok(children().length - before > 8);
  // One that is being asked when the end comes.
  const asked = whileAsked(git, own => openObjects(own)(id, 99));
  keeper.close();
  await asked.catch(() => {});
  await waitUntil('all end', () => children().length <= before);
  await assert.rejects(readKinds(git, [id]), /told to stop|stopped/);
});
