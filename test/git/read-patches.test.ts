import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openGit } from '../../src/git/git.ts';
import { openPatches } from '../../src/git/read-patches.ts';
import { whileRead } from '../../src/git/streams.ts';
import { oddHistory } from '../fixtures/odd-history.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';

const MARK = '0123456789abcdef0123456789abcdef';

async function patchesOf(repository: TestRepository, ids: readonly string[], most = 1 << 20) {
  const git = openGit(join(repository.folder, '.git'), gitEnvironment());
  const patches: (Buffer | undefined)[] = [];
  const asked = whileRead(git, async function* (own) {
    const patchOf = openPatches(own, MARK, most);
    for (const id of ids) yield await patchOf(id);
  });
  for await (const patch of asked) patches.push(patch);
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
    repository.git('am', '-q', file);
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

test('a commit that git does not know has no patch, and those that are asked for later have one', async t => {
  const { repository, ids } = oddHistory(temporaryFolder(t));
  const asked = [ids[0] as string, 'f'.repeat(40), ids[1] as string];
  const patches = await patchesOf(repository, asked);
  assert.equal(patches.length, 3);
  assert.ok(patches[0] && !patches[1] && patches[2]);
});

const ODD: readonly [what: string, commit: { message?: string; name?: string; file?: string | Buffer }][] = [
  ['a started encoded word', { message: 'search: allow q=? in the address' }],
  ['what looks like an encoded word', { message: 'Say =?UTF-8?Q?hello?= to all' }],
  ['a long subject that is not ASCII', { message: `Grüße ${'an alle Größen '.repeat(12)}=?` }],
  ['four bytes a character', { message: `${'🙂'.repeat(40)} x` }],
  ['an author with =?', { name: 'A =? B =?= C' }],
  ['an author with quotes and a comma', { name: 'Doe, "Joe" (x) \\ Jr.' }],
  ['an author with dots', { name: "J. R. O'Hara-Smith" }],
  ['an author that is not ASCII', { name: 'Zoë "Z" Ångström' }],
  [
    'a line that begins with From',
    { message: 'Mail\n\nFrom me to you\n\nFrom a@b.c Mon Sep 17 00:00:00 2001\nmore' },
  ],
  ['a first line that begins with From', { message: 'Mail\n\nFrom a@b.c Mon Sep 17 00:00:00 2001\n=20=\nx' }],
  ['line ends with CR in a file', { file: 'one\r\ntwo\r\n' }],
  ['no line end at all', { file: 'one\rtwo' }],
  ['a file with lines as of mail', { file: 'From a@b.c Mon Sep 17 00:00:00 2001\n--- x\n.\n-- \n=3D\n' }],
  ['bytes that are no text', { file: Buffer.from([0, 1, 2, 255, 10, 13, 10]) }],
  ['trailing blanks', { message: 'Subject\n\nText\n\n  indented  \n', file: 'x  \n\t\n' }],
];

/** Of these git-mailinfo(1) would take a line for something else: it has a blank before it then. */
const MASKED: readonly [what: string, message: string][] = [
  ['a line of three hyphens', 'Subject\n\nBefore\n\n---\nafter'],
  ['a diff', 'Subject\n\nBefore\ndiff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-x\n+y'],
  ['an Index line', 'Subject\n\nIndex: f\nafter'],
  ['a first line like a header', 'Subject\n\nFrom: Eve <eve@example.org>\nSubject: another\n\nafter'],
  ['a first line like a subject', 'Subject\n\n[PATCH] another\n\nafter'],
];

for (const [what, { message = 'Plain\n\nText', name, file = 'two\n' }] of [
  ...ODD,
  ...MASKED.map(([of, message]) => [of, { message }] as (typeof ODD)[number]),
]) {
  test(`git am takes a patch of a commit with ${what}`, async t => {
    const folder = temporaryFolder(t);
    const repository = new TestRepository(join(folder, 'project'));
    const before = repository.commit({ files: { f: 'one\n' } });
    const env = name === undefined ? {} : { GIT_AUTHOR_NAME: name };
    const id = repository.commit({ message, files: { f: file }, env });
    const [patch] = await patchesOf(repository, [id]);
    writeFileSync(join(folder, 'a.patch'), patch ?? '');
    repository.git('checkout', '-q', '--force', '--detach', before);
    repository.git('am', '-q', join(folder, 'a.patch'));
    const shown = (commit: string) =>
      repository.git('show', '-s', '--format=%T%n%an%n%ae%n%ad%n%B', commit).trimEnd();
    const masked = shown('HEAD')
      .replace(/^ (?=---$|diff |Index:|From:|\[PATCH\])/m, '')
      .replace(/^ (?=---)/m, '');
    assert.equal(MASKED.some(([of]) => of === what) ? masked : shown('HEAD'), shown(id));
    assert.equal(repository.git('rev-list', '--count', `${before}..HEAD`), '1');
  });
}
