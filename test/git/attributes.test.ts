import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isQuietByAttributes, parseAttributes } from '../../src/git/attributes.ts';
import { openGit } from '../../src/git/git.ts';
import { readCommits } from '../../src/git/read-commits.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';

const MARK = '0123456789abcdef0123456789abcdef';

async function read(repository: TestRepository, id: string, quietPaths: readonly string[] = []) {
  const git = openGit(join(repository.folder, '.git'), gitEnvironment());
  const options = { maxSize: 1 << 20, mark: MARK, isMerge: () => false, quietPaths };
  for await (const commit of readCommits(git, [id], options)) return commit;
  return assert.fail('no commit');
}

/** Small patterns out of which deeper files contradict those above them. */
const FILES: Readonly<Record<string, string>> = {
  '.gitattributes': [
    '[attr]machine linguist-generated -diff',
    '[attr] late -diff',
    '*.pb.go machine',
    '*.svg -diff',
    '/top.txt -diff',
    'deep/**/x.c linguist-vendored',
    'deep/never/ -diff',
    '!neg.txt -diff',
    '"with blank.txt" -diff',
    '*.lock late',
    'kept* linguist-generated=true',
    'unset.txt diff=false',
    `${'l'.repeat(2100)} -diff`,
    'a?c -diff',
    '[xy].d -diff',
  ].join('\n'),
  'sub/.gitattributes': [
    '[attr]mine -diff',
    '*.svg diff',
    '*.pb.go -machine',
    'a.mine mine',
    '/here.txt -diff',
    'in/*.c linguist-generated',
    'kept.one -linguist-generated',
    'kept.two !linguist-generated',
  ].join('\r\n'),
  'sub/in/.gitattributes': '\ufeff*.svg -diff\n# *.c diff\n*.c !linguist-generated linguist-vendored=true\n',
  'deep/a/b/.gitattributes': '*.c linguist-vendored=false\n',
};

const PATHS = [
  ...['x.pb.go', 'x.svg', 'top.txt', 'neg.txt', '!neg.txt', 'with blank.txt', 'a.lock', 'kept.one'],
  ...[
    'sub/x.pb.go',
    'sub/x.svg',
    'sub/top.txt',
    'sub/a.mine',
    'sub/here.txt',
    'sub/kept.one',
    'sub/kept.two',
  ],
  ...[
    'sub/in/x.svg',
    'sub/in/y.c',
    'sub/in/here.txt',
    'sub/in/x.pb.go',
    'in/z.c',
    'unset.txt',
    'abc',
    'sub/abc',
  ],
  ...['deep/x.c', 'deep/a/x.c', 'deep/a/b/x.c', 'deep/never/f', 'x.d', 'z.d', 'other'],
];

test('files are quiet as git check-attr has it in a checkout, in whatever folder the attributes are', async t => {
  const repository = new TestRepository(join(temporaryFolder(t), 'project'));
  const contents = Object.fromEntries(PATHS.map(path => [path, `${path}\n`]));
  const id = repository.commit({ files: { ...FILES, ...contents } });
  const names = ['diff', 'linguist-generated', 'linguist-vendored'];
  const printed = repository.run(['check-attr', '-z', '--stdin', ...names], { input: PATHS.join('\0') });
  const words = printed.toString().split('\0');
  const expected = new Set<string>();
  for (let at = 0; at + 2 < words.length; at += 3) {
    const [path = '', name, value] = words.slice(at);
    if (name === 'diff' ? value === 'unset' : value === 'set' || value === 'true') expected.add(path);
  }
  const commit = await read(repository, id);
  const shown = new Set(commit.files.map(({ path }) => path.toString()));
  assert.deepEqual(
    PATHS.filter(path => !shown.has(path)),
    PATHS.filter(path => expected.has(path)),
  );
  assert.ok(expected.size > 10 && expected.size < PATHS.length - 10);
});

test('a file in a folder whose name is not ASCII, or has a line end, is read or shown', async t => {
  const repository = new TestRepository(join(temporaryFolder(t), 'project'));
  const id = repository.commit({
    files: {
      'grün/.gitattributes': '*.c -diff\n',
      'grün/a.c': '1\n',
      'two\nlines/.gitattributes': '*.c -diff\n',
      'two\nlines/a.c': '1\n',
    },
  });
  const { files } = await read(repository, id);
  const names = files.map(({ path }) => path.toString());
  assert.ok(!names.includes('grün/a.c') && names.includes('two\nlines/a.c'));
});

test('of commits in a row each is judged by its own .gitattributes files', async t => {
  const repository = new TestRepository(join(temporaryFolder(t), 'project'));
  const file = (number: number) => ({
    'sub/a.c': `${number}\n`,
    'b.svg': `${number}\n`,
    'c.txt': `${number}\n`,
  });
  const rules = '*.c -diff\n';
  let number = 0;
  const ids = [
    {},
    { 'sub/.gitattributes': rules },
    {},
    { 'sub/.gitattributes': null, 'sub/other': rules },
    {},
    { 'sub/other': null, '.gitattributes': rules },
    { '.gitattributes': '*.svg -diff\n' },
    { long: 'l\n'.repeat(40_000), '.gitattributes': null },
    {},
  ].map(files => repository.commit({ files: { ...file(number++), ...files } }));
  const git = openGit(join(repository.folder, '.git'), gitEnvironment());
  for (const maxSize of [1 << 20, 1000]) {
    const options = { maxSize, mark: MARK, isMerge: () => false };
    const found: string[] = [];
    for await (const { quiet } of readCommits(git, ids, options))
      found.push((quiet?.named ?? []).map(({ path }) => path.toString()).join());
    assert.deepEqual(found, ['', 'sub/a.c', 'sub/a.c', '', '', 'sub/a.c', 'b.svg', '', '']);
  }
});

test('what a pusher may write of rules is bounded for a push, and the commit says where it was not looked at', async t => {
  const repository = new TestRepository(join(temporaryFolder(t), 'project'));
  const costly = Array.from({ length: 1000 }, (_, at) => `*${'a'.repeat(150)}z${at} -diff`).join('\n');
  const names = Array.from({ length: 60 }, (_, at) => `${'a'.repeat(200)}z${at}y${at % 10}`);
  const files = Object.fromEntries([...names, 'b.svg'].map(name => [name, 'x\n']));
  const id = repository.commit({
    files: { '.gitattributes': `${costly}\n*.svg -diff\n`, ...files },
  });
  const commit = await read(repository, id);
  assert.equal(commit.unjudged, undefined, 'endings are compared first');
  assert.ok(commit.quiet);
  const ends = costly.replaceAll(/^\*|z\d+ /gm, found => (found === '*' ? '' : '?* '));
  const worse = repository.commit({
    files: {
      '.gitattributes': `${ends.replaceAll('-diff', 'linguist-other')}\n`,
      ...Object.fromEntries(names.map(name => [name, 'y\n'])),
    },
  });
  const unjudged = await read(repository, worse, ['*y1']);
  assert.equal(unjudged.unjudged, true);
  // What the administrator has set holds in any case.
  assert.equal(
    unjudged.files.some(({ path }) => path.toString().endsWith('y1')),
    false,
  );
});

test('the work on one path is counted', () => {
  const file = parseAttributes(Buffer.from('*.a -diff\n*.b -diff\nx*y -diff\n'));
  const budget = { left: 1000 };
  assert.equal(isQuietByAttributes([{ folder: '', file }], 'some/xzy', budget), true);
  assert.equal(budget.left, 1000 - 3 * 20 - 3 * 3);
});

test('no replacement of an object and no graft changes what is read', async t => {
  const repository = new TestRepository(join(temporaryFolder(t), 'project'));
  const first = repository.commit({ files: { a: 'one\n' } });
  const id = repository.commit({ message: 'Real', files: { a: 'two\n' } });
  const before = await read(repository, id);
  repository.git('checkout', '-q', first);
  const other = repository.commit({ message: 'Other', files: { a: 'three\n' } });
  repository.git('replace', id, other);
  mkdirSync(join(repository.folder, '.git/info'), { recursive: true });
  repository.write('.git/info/grafts', `${id}\n`);
  assert.deepEqual(await read(repository, id), before);
  repository.git('replace', '-d', id);
  assert.deepEqual(await read(repository, id), before);
});
