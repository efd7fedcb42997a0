import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Git, openGit } from '../../src/git/git.ts';
import { readCommits } from '../../src/git/read-commits.ts';
import { lineCounter } from '../../src/git/stat.ts';
import { statText } from '../../src/git/stat-text.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';

const MARK = '0123456789abcdef0123456789abcdef';

const PLAIN = [
  'a',
  'b.txt',
  'with blank .txt',
  'dir b/b.txt',
  'src/a/rather/long/path/that/still/fits/into/the/line.ts',
  'src/a/path/that/is/too/long/for/any/line/whatever/stands/beside/it/in/the/stat.ts',
  'a-file-whose-name-alone-is-too-long-for-any-line-and-has-no-slash-to-be-cut-at.ts',
  `${'deep/'.repeat(30)}end`,
  '{a => b}',
] as const;
const ODD = ['größe.txt', '日本語/日本語.txt', 'a"quote', 'back\\slash', 'line\nend'] as const;
const path = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...PLAIN) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD) },
);

/** A file as git-fast-import(1) takes it: its mode and its bytes. */
type File = readonly [mode: string, bytes: string];

const lines = fc
  .tuple(fc.constantFrom(0, 1, 40), fc.constantFrom(0, 1, 9, 60, 1200, 12_000))
  .map(([from, count]) => Array.from({ length: count }, (_, at) => `line ${from + at}\n`).join(''));
const bytes = fc.oneof(
  { weight: 6, arbitrary: lines },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 3000 }).map(count => '\0'.repeat(count)) },
  { weight: 1, arbitrary: fc.constant('--- a/no\n+++ b/no newline at the end') },
);
const mode = fc.constantFrom('100644', '100755');
const file: fc.Arbitrary<File> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(mode, bytes) },
  { weight: 1, arbitrary: fc.constant(['120000', 'a'] as const) },
);
/** A path that another file is moved to, if it is another one, and what it is given there. */
const move = fc.record({ from: path, more: fc.constantFrom('', 'one line more\n'), mode });
interface Move {
  readonly from: string;
  readonly more: string;
  readonly mode: string;
}
/** What a commit does to files: null takes away. */
const change = fc.dictionary(path, fc.oneof(file, fc.constant(null), move), {
  maxKeys: 6,
});
type Change = Readonly<Record<string, File | null | Move>>;

test("the stat of any commit is, byte for byte, git's own", async t => {
  const folder = temporaryFolder(t);
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 30, size: 'max' }), async changes => {
      const repository = new TestRepository(join(folder, `${runs++}`));
      const ids = commitAll(repository, changes);
      const expected = gitStats(repository, ids);
      const git = openGit(join(repository.folder, '.git'), gitEnvironment());
      const reading = { maxSize: 1 << 20, mark: MARK, isMerge: () => false };
      for await (const commit of readCommits(git, ids, reading)) {
        assert.equal(commit.stat.toString(), expected.get(commit.id));
        assert.ok(!('uncounted' in commit));
      }
    }),
    { numRuns: 25 },
  );
});

function commitAll(repository: TestRepository, changes: readonly Change[]): string[] {
  const who = 'Ada Author <ada@example.org> 1704110400 +0000';
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const tree = new Map<string, File>();
  const gone = (path: string) => (tree.delete(path) ? `D ${quoted(path)}\n` : '');
  const put = (path: string, [mode, text]: File) => {
    tree.set(path, [mode, text]);
    return `M ${mode} inline ${quoted(path)}\n${data(text)}`;
  };
  const step = ([path, what]: [string, Change[string]]) => {
    if (what === null) return gone(path);
    if (!('from' in what)) return put(path, what);
    const [, text] = tree.get(what.from) ?? ['', ''];
    return gone(what.from) + put(path, [what.mode, text + what.more]);
  };
  const commits = changes.map(
    each =>
      `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\n${data('A commit')}${Object.entries(each).map(step).join('')}\n`,
  );
  repository.run(['fast-import', '--quiet'], { input: commits.join('') });
  return repository.git('rev-list', '--reverse', 'main').split('\n');
}

function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replace('\n', '\\n')}"`;
}

function gitStats(repository: TestRepository, ids: readonly string[]): ReadonlyMap<string, string> {
  const args = ['-c', 'core.quotePath=false', 'diff-tree', '--stdin', '--root', '--always'];
  const printed = repository
    .run([...args, '--stat=75', '-M', '-C', '--format=%x00%H'], { input: `${ids.join('\n')}\n` })
    .toString()
    .split('\0')
    .slice(1);
  // <id> LF --- LF <stat>, or nothing but <id> and line ends
  const statOf = (text: string) => text.replace(/^\n*(---\n+)?/, '').replace(/\n+$/, '\n');
  return new Map(printed.map(text => [text.slice(0, 40), statOf(text.slice(40))]));
}

test('where most stats would have to be asked for, git prints them with the diffs', async t => {
  const repository = new TestRepository(join(temporaryFolder(t), 'binary'));
  const changes = Array.from({ length: 60 }, (_, at) => ({ a: ['100644', '\0'.repeat(at + 1)] as const }));
  const ids = commitAll(repository, changes);
  const expected = gitStats(repository, ids);
  const git = openGit(join(repository.folder, '.git'), gitEnvironment());
  const started: string[] = [];
  const stream: Git['stream'] = (args, input, signals) => {
    if (args.includes('diff-tree'))
      started.push(args.filter(word => word === '-p' || word === '--stat=75').join(' '));
    return git.stream(args, input, signals);
  };
  const reading = { maxSize: 1 << 20, mark: MARK, isMerge: () => false };
  for await (const commit of readCommits({ ...git, stream }, ids, reading))
    assert.equal(commit.stat.toString(), expected.get(commit.id));
  // Two that count, one that is asked, two that print.
  assert.deepEqual(started.toSorted(), ['--stat=75', '-p', '-p', '-p --stat=75', '-p --stat=75']);
});

test('a bar is drawn to scale where the line has no room for it, and a name cut after that', () => {
  const file = (path: string, added: number, deleted: number) => ({ path, added, deleted });
  const cases: [files: ReturnType<typeof file>[], text: string][] = [
    [[], ''],
    [[file('empty', 0, 0)], ' empty | 0\n 1 file changed, 0 insertions(+), 0 deletions(-)\n'],
    [[file('a', 1, 0)], ' a | 1 +\n 1 file changed, 1 insertion(+)\n'],
    [
      [file('a', 1, 0), file('long', 9, 3)],
      ' a    |  1 +\n long | 12 +++++++++---\n 2 files changed, 10 insertions(+), 3 deletions(-)\n',
    ],
    [
      [file('a', 900, 100)],
      ` a | 1000 ${'+'.repeat(57)}${'-'.repeat(7)}\n 1 file changed, 900 insertions(+), 100 deletions(-)\n`,
    ],
    [
      [file(`${'a/b/c/'.repeat(12)}f`, 40, 1)],
      ` ...${'/a/b/c'.repeat(7)}/f | 41 ${'+'.repeat(19)}-\n 1 file changed, 40 insertions(+), 1 deletion(-)\n`,
    ],
  ];
  for (const [files, text] of cases) assert.equal(statText(files), text);
});

test('lines are counted alike however the bytes arrive', () => {
  const diff = Buffer.from(
    'diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,3 +1,2 @@\n one\n---- a\n-\n+++ b\n\n\\ No newline at end of file\n@@ -9 +9 @@\n-x\n+@@\n',
  );
  for (let size = 1; size <= diff.length; size++) {
    const counter = lineCounter();
    for (let at = 0; at < diff.length; at += size) counter.add(diff.subarray(at, at + size));
    assert.deepEqual(counter.end(), { added: 2, deleted: 3 }, `pieces of ${size} bytes`);
  }
});
