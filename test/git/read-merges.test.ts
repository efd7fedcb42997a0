import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MERGE_PATCH } from '../../src/git/diff-tree.ts';
import type { DraftCommit } from '../../src/git/draft.ts';
import { type Git, openGit } from '../../src/git/git.ts';
import { readLane } from '../../src/git/read-lane.ts';
import { readMerges } from '../../src/git/read-merges.ts';
import { whileRead } from '../../src/git/streams.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';

const OPTIONS = { maxSize: 1 << 20, mark: '0123456789abcdef0123456789abcdef' };

type Files = Readonly<Record<string, string | null>>;

const poem = (...changed: string[]) =>
  `${changed.join('\n')}\n${Array.from({ length: 20 }, (_, line) => `line ${line}`).join('\n')}\n`;
const BASE: Files = {
  'same.txt': poem(),
  'old.txt': poem('old'),
  'picture.bin': '\0base',
  'run.sh': poem('run'),
};

/** What the sides of a merge change, and what the merge itself changes of the first side. */
const KINDS: Readonly<Record<string, readonly [merge: Files, ...sides: Files[]]>> = {
  'nothing in common': [{ 'b.txt': 'b #\n' }, { 'a.txt': 'a\n' }, { 'b.txt': 'b #\n' }],
  'a conflict': [{ 'same.txt': poem('1', '2') }, { 'same.txt': poem('1') }, { 'same.txt': poem('2') }],
  'a binary conflict': [{ 'picture.bin': '\x012' }, { 'picture.bin': '\x001' }, { 'picture.bin': '\x002' }],
  'a file that both sides add': [{ 'new.txt': '1\n2\n' }, { 'new.txt': '1\n' }, { 'new.txt': '2\n' }],
  'three sides': [
    { 'same.txt': poem('1', '2', '3') },
    { 'same.txt': poem('1') },
    { 'same.txt': poem('2') },
    { 'same.txt': poem('3') },
  ],
  'a file renamed and changed by one side': [
    { 'name.txt': poem('old', 'but changed') },
    { 'old.txt': null, 'name.txt': poem('old') },
    { 'old.txt': poem('old', 'changed') },
  ],
  'a file that the merge adds': [{ 'evil.txt': poem('evil') }, { 'a.txt': 'a\n' }, { 'old.txt': null }],
  'a file that the merge deletes': [
    { 'same.txt': null },
    { 'same.txt': poem('1') },
    { 'same.txt': poem('2') },
  ],
};
const PLAIN = Object.keys(KINDS).slice(0, 5);

/** Merges of these kinds, each of new sides of the same base; `#` in a file is the number of the merge. */
function mergesOf(repository: TestRepository, kinds: readonly string[]): string[] {
  let mark = 0;
  const stream: string[] = [];
  function commit(message: string, [from, ...others]: readonly number[], files: Files): number {
    stream.push(`commit refs/heads/main\nmark :${++mark}\ncommitter C <c@example.org> ${mark} +0000\n`);
    stream.push(`data ${message.length}\n${message}\n`, from === undefined ? '' : `from :${from}\n`);
    stream.push(...others.map(other => `merge :${other}\n`));
    for (const [path, text] of Object.entries(files))
      stream.push(text === null ? `D ${path}\n` : `M 644 inline ${path}\ndata ${text.length}\n${text}\n`);
    return mark;
  }
  const base = commit('base', [], BASE);
  for (const [at, kind] of kinds.entries()) {
    const numbered = Object.entries(KINDS[kind] ?? []).map(([, files]) =>
      Object.fromEntries(
        Object.entries(files).map(([path, text]) => [path, text?.replace('#', `${at}`) ?? null]),
      ),
    );
    const [merge = {}, ...sides] = numbered;
    const tips = sides.map(files => commit('side', [base], { ...files, 'number.txt': `${at}\n` }));
    commit(`merge of ${kind}`, tips, merge);
    stream.push(`get-mark :${mark}\n`);
  }
  const args = ['-c', 'fastimport.unpackLimit=100000', 'fast-import', '--quiet', '--force'];
  return repository
    .run(args, { input: stream.join('') })
    .toString()
    .trim()
    .split('\n');
}

const times = (count: number, kinds: readonly string[]) => Array.from({ length: count }, () => kinds).flat();

async function readBy(git: Git, read: (git: Git) => AsyncGenerator<DraftCommit>): Promise<DraftCommit[]> {
  const commits: DraftCommit[] = [];
  for await (const commit of whileRead(git, read)) commits.push(commit);
  return commits;
}

for (const [what, kinds, broken] of [
  ['of all kinds', [...times(9, PLAIN), ...Object.keys(KINDS), ...times(9, PLAIN)]],
  ['many of which need a look for renames', times(9, Object.keys(KINDS))],
  ['one of which git cannot show', times(9, PLAIN), 20],
] as const) {
  test(`many merges are as git prints each with its stat, looking for renames: ${what}`, async t => {
    const repository = new TestRepository(join(temporaryFolder(t), 'project'));
    const ids = mergesOf(repository, kinds);
    if (broken) {
      const blob = repository.git('rev-parse', `${ids[broken]}:b.txt`);
      rmSync(join(repository.folder, '.git/objects', blob.slice(0, 2), blob.slice(2)));
    }
    const git = openGit(join(repository.folder, '.git'), gitEnvironment());
    const commits = await readBy(git, own => readMerges(own, ids, () => OPTIONS));
    const whole = await readBy(git, own => readLane(own, ids, { ...OPTIONS, output: MERGE_PATCH }));
    assert.deepEqual(commits, whole);
    assert.equal(commits.length, kinds.length);
    assert.equal(
      commits.some(({ failure }) => failure !== undefined),
      broken !== undefined,
    );
  });
}
