import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseCommits } from '../../src/git/commit-parser.ts';
import { MERGE_PATCH, PATCH } from '../../src/git/diff-tree.ts';
import { type Git, openGit } from '../../src/git/git.ts';
import { readCommits } from '../../src/git/read-commits.ts';
import { readLane } from '../../src/git/read-lane.ts';
import type { Commit } from '../../src/model/commit.ts';
import { oddHistory } from '../fixtures/odd-history.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';

const MARK = '0123456789abcdef0123456789abcdef';

async function readAll(git: Git, ids: readonly string[], maxSize = 1 << 20): Promise<Commit[]> {
  const merges = await git.ask(['rev-list', '--merges', '--all', '--reflog']);
  const isMerge = (id: string) => merges.includes(id);
  const commits: Commit[] = [];
  for await (const commit of readCommits(git, ids, { maxSize, mark: MARK, isMerge })) commits.push(commit);
  return commits;
}

function open(repository: TestRepository): Git {
  return openGit(join(repository.folder, '.git'), gitEnvironment());
}

test('the files of every commit are, byte for byte, the patch that git prints for it', async t => {
  const { repository, ids } = oddHistory(temporaryFolder(t));
  const commits = await readAll(open(repository), ids);
  assert.deepEqual(
    commits.map(commit => commit.id),
    ids,
  );
  for (const commit of commits) {
    const args = [
      '-c',
      'core.quotePath=false',
      'show',
      '--format=',
      '--cc',
      '-M',
      '-C',
      '--full-index',
      commit.id,
    ];
    const patch = repository.run(args).toString('latin1').replace(/^\n+/, '');
    assert.equal(
      Buffer.concat(commit.files.map(file => file.text)).toString('latin1'),
      patch,
      commit.subject,
    );
  }
});

test('paths come out as the bytes that git has for them', async t => {
  const { repository, ids } = oddHistory(temporaryFolder(t));
  const commits = await readAll(open(repository), ids);
  const paths = (subject: string) =>
    commits.find(commit => commit.subject === subject)?.files.map(file => file.path.toString());
  assert.deepEqual(paths('Root commit'), ['a.txt', 'binary.bin']);
  assert.deepEqual(paths('No newline at the end'), ['a.txt', 'dir é/new\nline "quoted"', 'with blank.txt']);
  assert.deepEqual(paths('A pure rename'), ['b.txt']);
  assert.deepEqual(paths('Merge with a conflict resolved'), ['shared.txt']);
  assert.deepEqual(paths('Delete'), ['binary.bin', 'side.txt']);
  assert.deepEqual(paths('Mode only'), ['b.txt']);
});

test('metadata, message and stat are read; an empty commit has no stat and no files', async t => {
  const { repository, ids } = oddHistory(temporaryFolder(t));
  const commits = await readAll(open(repository), ids);
  const [root, empty, latin] = commits;
  assert.equal(root?.message, 'Root commit\n\nwith a body');
  assert.deepEqual(root?.author, {
    name: 'Ada Author',
    email: 'ada@example.org',
    date: 'Mon Jan 1 13:00:00 2024 +0100',
  });
  assert.deepEqual(root?.committer, {
    name: 'Carl Committer',
    email: 'carl@example.org',
    date: 'Mon Jan 1 04:00:00 2024 -0800',
  });
  assert.deepEqual(root?.parents, []);
  assert.equal(
    root?.stat.toString(),
    ' a.txt      |   2 ++\n binary.bin | Bin 0 -> 4 bytes\n 2 files changed, 2 insertions(+)\n',
  );
  assert.equal(empty?.stat.length, 0);
  assert.deepEqual(empty?.files, []);
  assert.equal(latin?.message, 'Café in Latin-1');
  const merge = commits.find(commit => commit.parents.length === 2);
  assert.match(
    merge?.stat.toString() ?? '',
    /^ shared.txt \| 2 \+-\n side.txt {3}\| 2 \+\+\n 2 files changed/,
  );
  assert.equal(commits.at(-1)?.message, '');
});

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test('the stream may be cut into pieces anywhere', async t => {
  const { repository, ids } = oddHistory(temporaryFolder(t));
  const git = open(repository);
  const chunks: Buffer[] = [];
  const recording: Git = {
    ...git,
    async *stream(args, input, signals) {
      for await (const chunk of git.stream(args, input, signals)) {
        chunks.push(chunk);
        yield chunk;
      }
    },
  };
  const merges = repository.git('rev-list', '--merges', 'HEAD').split('\n');
  const options = { maxSize: 1 << 20, mark: MARK };
  const whole: Commit[] = [];
  for await (const commit of readLane(recording, merges, { ...options, output: MERGE_PATCH }))
    whole.push(commit);
  const plain = ids.filter(id => !merges.includes(id));
  for await (const commit of readLane(recording, plain, { ...options, output: PATCH })) whole.push(commit);
  const bytes = Buffer.concat(chunks);
  for (const size of [1, 2, 3, 7, 16, 33, 34, 35, 100, 1000]) {
    const commits: unknown[] = [];
    for await (const commit of parseCommits(inPieces(bytes, size), options)) commits.push(commit);
    assert.deepEqual(commits, whole, `pieces of ${size} bytes`);
  }
});

test('of a diff past the limit each file has its share, cut at a line end, and what is missing is counted', async t => {
  const repository = new TestRepository(join(temporaryFolder(t), 'big'));
  const lines = (count: number) => Array.from({ length: count }, (_, line) => `line ${line}\n`).join('');
  const files = { 'a.txt': lines(1000), 'b.txt': 'small\n', 'c.txt': lines(1000), 'd.txt': 'd\n' };
  const id = repository.commit({ files });
  const [commit] = await readAll(open(repository), [id], 2000);
  const shown = commit?.files.map(file => file.text) ?? [];
  const whole = repository.run(['show', '--format=', '--full-index', id]).toString();
  for (const text of shown) assert.ok(whole.includes(text.toString()) && text.at(-1) === 0x0a);
  // Of each name on an index line a mail leaves out 33 digits, which do not count: two names, four files.
  const size = Buffer.concat(shown).length;
  assert.ok(size > 1900 && size <= 2000 + 4 * 2 * 33, `${size}`);
  assert.deepEqual(
    commit?.files.map(({ path, lost }) => [path.toString(), lost !== undefined]),
    [
      ['a.txt', true],
      ['b.txt', false],
      ['c.txt', true],
      ['d.txt', false],
    ],
  );
  const missing = { bytes: whole.length - size, files: 0 };
  const gone = whole.split('\n').length - Buffer.concat(shown).toString().split('\n').length;
  assert.deepEqual(commit?.missing, { ...missing, lines: gone });
});

test('thousands of files take no more room than there is, and the first ones are shown', async t => {
  const repository = new TestRepository(join(temporaryFolder(t), 'many'));
  const files = Object.fromEntries(
    Array.from({ length: 3000 }, (_, at) => [`f${String(at).padStart(4, '0')}`, `${'line\n'.repeat(200)}`]),
  );
  const [commit] = await readAll(open(repository), [repository.commit({ files })], 20_000);
  const size = commit?.files.reduce((sum, file) => sum + file.text.length, 0) ?? 0;
  assert.ok(size < 20_000 + 3000 && size > 15_000, `${size}`);
  assert.equal(commit?.files[0]?.path.toString(), 'f0000');
  assert.equal((commit?.missing?.files ?? 0) + (commit?.files.length ?? 0), 3000);
});

test("a commit that git cannot show comes with git's words, and the others come whole", async t => {
  const folder = temporaryFolder(t);
  const repository = new TestRepository(join(folder, 'damaged'));
  const ids = ['one', 'two', 'three', 'four', 'five'].map(word =>
    repository.commit({ message: word, files: { 'file.txt': `${word}\n` } }),
  );
  const blob = repository.git('rev-parse', `${ids[2]}:file.txt`);
  rmSync(join(repository.folder, '.git/objects', blob.slice(0, 2), blob.slice(2)));
  const commits = await readAll(open(repository), ids);
  assert.deepEqual(
    commits.map(commit => commit.id),
    ids,
  );
  assert.deepEqual(
    commits.map(commit => commit.message),
    ['one', 'two', 'three', 'four', 'five'],
  );
  // The blob is one side of the diff of the third commit and of the fourth.
  assert.deepEqual(
    commits.map(commit => commit.failure !== undefined),
    [false, false, true, true, false],
  );
  assert.match(commits[2]?.failure ?? '', new RegExp(`unable to read ${blob}`));
});

test('a commit that is not there is told, and the others come whole', async t => {
  const { repository, ids } = oddHistory(temporaryFolder(t));
  const asked = [ids[0], '1'.repeat(40), ids[1], '2'.repeat(40)] as string[];
  const commits = await readAll(open(repository), asked);
  assert.deepEqual(
    commits.map(commit => commit.id),
    asked,
  );
  assert.match(commits[1]?.failure ?? '', /is not in the repository/);
  assert.equal(commits[2]?.failure, undefined);
  assert.match(commits[3]?.failure ?? '', /is not in the repository/);
});

test('the settings of a user do not change what is read', async t => {
  const { repository, ids } = oddHistory(temporaryFolder(t));
  const before = await readAll(open(repository), ids);
  for (const setting of [
    'diff.noprefix',
    'diff.mnemonicPrefix',
    'diff.suppressBlankEmpty',
    'log.showSignature',
    'color.ui=always',
    'diff.renames=false',
    'diff.context=0',
    'diff.external=/bin/false',
    'core.abbrev=4',
    'core.pager=false',
    'log.showRoot=false',
    'i18n.logOutputEncoding=latin1',
    'diff.orderFile=/dev/null',
    'diff.algorithm=patience',
  ]) {
    const [key, value = 'true'] = setting.split('=') as [string, string?];
    repository.git('config', key, value);
  }
  const after = await readAll(open(repository), ids);
  assert.deepEqual(after, before);
  assert.ok(readdirSync(repository.folder).length > 0);
});

test('a partial clone fetches nothing for a mail: the commit comes without the diff that it would need', async t => {
  const folder = temporaryFolder(t);
  const whole = new TestRepository(join(folder, 'whole'));
  const ids = [whole.commit({ files: { f: '1\n' } }), whole.commit({ files: { f: '2\n' } })];
  whole.git('config', 'uploadpack.allowFilter', 'true');
  const part = join(folder, 'part.git');
  whole.git('clone', '-q', '--bare', '--filter=blob:none', `file://${whole.folder}`, part);
  const git = openGit(part, gitEnvironment());
  const commits: Commit[] = [];
  const reading = { maxSize: 1 << 20, mark: MARK, isMerge: () => false };
  for await (const commit of readCommits(git, ids, reading)) commits.push(commit);
  assert.deepEqual(
    commits.map(({ subject, failure }) => [subject !== '', failure !== undefined]),
    ids.map(() => [true, true]),
  );
  const missing = await git.ask(['rev-list', '--objects', '--all', '--missing=print']);
  assert.equal(missing.match(/^\?/gm)?.length, 2);
});
