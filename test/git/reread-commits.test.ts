import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isReadByGit } from '../../src/git/commit-object.ts';
import { openObjects } from '../../src/git/conversation.ts';
import { type Git, openGit } from '../../src/git/git.ts';
import { type ReadOptions, readCommits } from '../../src/git/read-commits.ts';
import { readHeadlines } from '../../src/git/read-headlines.ts';
import type { Commit } from '../../src/model/commit.ts';
import { openScene, type Scene } from '../corpus/scene.ts';
import { heldBy, leftBehind } from '../fixtures/left-behind.ts';
import { gitEnvironment, temporaryFolder } from '../fixtures/repository.ts';

/** A repository, its git, and the commands that git was started with. */
function open(folder: string): { readonly scene: Scene; readonly git: Git; readonly started: string[] } {
  const scene = openScene(join(folder, 'project.git'));
  const git = openGit(scene.folder, gitEnvironment());
  const started: string[] = [];
  const stream: Git['stream'] = (args, input, signals) => {
    started.push(args.includes('cat-file') ? 'cat-file' : 'diff-tree');
    return git.stream(args, input, signals);
  };
  return { scene, git: { ...git, stream }, started };
}

async function readAll(git: Git, ids: readonly string[], options: Partial<ReadOptions> = {}) {
  const reading = { maxSize: 10_000, mark: '0123456789abcdef', isMerge: () => false, ...options };
  const commits: Commit[] = [];
  for await (const commit of readCommits(git, ids, reading)) commits.push(commit);
  return commits;
}

const UTF16 = { headers: ['encoding UTF-16'] };

test('one git process reads the objects of all commits that git does not show as they are', async t => {
  const { scene, git, started } = open(temporaryFolder(t));
  const ids = Array.from({ length: 50 }, (_, at) => scene.commit(`Commit ${at}`, {}, at % 2 ? UTF16 : {}));
  const isMerge = (id: string) => ids.indexOf(id) % 7 === 3;
  const commits = await readAll(git, ids, { isMerge });
  assert.deepEqual(
    commits.map(({ subject, author }) => `${subject}, ${author.name}`),
    ids.map((_, at) => `Commit ${at}, Ada Author`),
  );
  assert.deepEqual(started.sort(), ['cat-file', 'diff-tree', 'diff-tree', 'diff-tree']);
});

test('no git process is started where git shows all', async t => {
  const { scene, git, started } = open(temporaryFolder(t));
  const latin1 = {
    headers: ['encoding ISO-8859-1'],
    author: Buffer.from('J\xfcrgen <j@example.org>', 'latin1'),
  };
  const ids = [scene.commit('Plain'), scene.commit('Latin-1', {}, latin1)];
  const commits = await readAll(git, ids);
  assert.deepEqual(
    commits.map(commit => commit.author.name),
    ['Ada Author', 'Jürgen'],
  );
  await readHeadlines(git, ids);
  assert.ok(!started.includes('cat-file'));
});

test('every piece of a commit has its words, and its object is read once', async t => {
  const { scene, git } = open(temporaryFolder(t));
  const files = Object.fromEntries(['a', 'b', 'c'].map(name => [name, `${name.repeat(70)}\n`.repeat(100)]));
  const id = scene.commit('In pieces', files, UTF16);
  let bytes = 0;
  const stream: Git['stream'] = async function* (args, input, signals) {
    for await (const chunk of git.stream(args, input, signals)) {
      if (args.includes('cat-file')) bytes += chunk.length;
      yield chunk;
    }
  };
  const pieces = await readAll({ ...git, stream }, [id], { keep: 'pieces' });
  assert.deepEqual(
    pieces.map(({ message, more }) => [message, more ?? false]),
    [
      ['In pieces', true],
      ['In pieces', true],
      ['In pieces', false],
    ],
  );
  assert.ok(bytes > 0 && bytes < 600, `${bytes} bytes of objects`);
});

test('of a long message no more is kept than may be shown, and what is lost is counted', async t => {
  const { scene, git } = open(temporaryFolder(t));
  const line = 'All work and no play.\n';
  const text = `Talk\n\n${line.repeat(300_000)}`;
  const [odd, even] = await readAll(git, [scene.commit(text, {}, UTF16), scene.commit(text)]);
  assert.equal(odd?.message, even?.message);
  assert.deepEqual(odd?.messageLost, even?.messageLost);
});

test('an object that cannot be read costs its own commit alone', async t => {
  const { scene } = open(temporaryFolder(t));
  const [one, two, three] = ['One', 'Two', 'Three'].map(word => scene.commit(word, {}, UTF16)) as [
    string,
    string,
    string,
  ];
  writeFileSync(join(scene.folder, 'objects', two.slice(0, 2), two.slice(2)), 'rubbish');
  const stop = new AbortController();
  t.after(() => stop.abort());
  const objects = openObjects(openGit(scene.folder, gitEnvironment(), stop));
  const answers = await Promise.all([one, two, '1'.repeat(40), three].map(id => objects(id, 1 << 20)));
  assert.deepEqual(
    answers.map(answer => answer && /\n\n(.*)$/.exec(answer.text.toString())?.[1]),
    ['One', undefined, undefined, 'Three'],
  );
});

test('whoever stops listening leaves no git behind', async t => {
  const { scene, git } = open(temporaryFolder(t));
  const ids = Array.from({ length: 20 }, (_, at) => scene.commit(`Commit ${at}`, {}, UTF16));
  const before = heldBy(process.pid);
  const options = { maxSize: 1000, mark: '0123456789abcdef', isMerge: () => false };
  for await (const commit of readCommits(git, ids, options)) {
    assert.equal(commit.subject, 'Commit 0');
    break;
  }
  assert.deepEqual(await leftBehind(before), { children: [], descriptors: [] });
});

test('character sets in which ASCII stands as it is are left to git, in every spelling', () => {
  const known =
    ' utf-8 UTF8 us-ascii ISO-8859-1 iso8859_15 latin1 windows-1252 cp1251 CP-850 KOI8-R EUC-JP eucJP Shift_JIS SJIS cp932 GBK GB2312 GB18030 Big5 ISO-2022-JP TIS-620 macintosh';
  const others =
    'UTF-16 utf16le UTF-7 UTF-32BE UCS-2 UCS-4LE unicode IBM037 cp1047 EBCDIC-US 864 Klingon UTF-16//TRANSLIT hz-7';
  assert.deepEqual(
    known.split(' ').filter(name => !isReadByGit(name)),
    [],
  );
  assert.deepEqual(others.split(' ').filter(isReadByGit), []);
});
