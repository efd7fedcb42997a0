import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { GitFailure } from '../../src/git/failure.ts';
import { type Git, type GitOptions, openGit } from '../../src/git/git.ts';
import { readHistory } from '../../src/git/history.ts';
import { readRefs } from '../../src/git/questions.ts';
import { readSource } from '../../src/git/read-commits.ts';
import { until } from '../../src/git/streams.ts';
import { type BreakOptions, brokenGit } from '../fixtures/broken-git.ts';
import { heldBy, leftBehind } from '../fixtures/left-behind.ts';
import { writeProgram } from '../fixtures/program.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';

const NOTHING = { children: [], descriptors: [] };
const wasKilled = (error: unknown) => error instanceof GitFailure && error.killed;

/** Forty commits, more of them than a pipe holds, and a merge. */
function largeHistory(folder: string) {
  const repository = new TestRepository(join(folder, 'project'));
  const big = (at: number) => `${at} ${'0123456789abcdef'.repeat(8)}\n`.repeat(900);
  const files = (at: number) => ({ 'a/big': big(at), '.gitattributes': `x${at} -diff\n` });
  const ids = Array.from({ length: 40 }, (_, at) =>
    repository.commit({ message: `Commit ${at}`, files: files(at) }),
  );
  repository.git('checkout', '-q', '-b', 'side', `${ids[0]}`);
  repository.commit({ files: { side: 'x\n' } });
  repository.git('checkout', '-q', 'main');
  repository.git('merge', '-q', '--no-ff', '-m', 'Merge', 'side');
  const merge = repository.git('rev-parse', 'HEAD');
  const open = (path: NodeJS.ProcessEnv = {}, options: GitOptions = {}) =>
    openGit(join(repository.folder, '.git'), gitEnvironment(path), options);
  return { ids: [...ids, merge], merge, open };
}

const history = largeHistory(temporaryFolder({ after: tidy => after(tidy as () => void) }));

async function* source(git: Git, keep: 'head' | 'pieces' = 'head') {
  const isMerge = (id: string) => id === history.merge;
  const { ids } = history;
  const commits = readSource(git, {
    ids,
    isMerge,
    isNote: () => false,
    maxSize: 50_000,
    submodules: [],
    maxPatch: 1 << 20,
    keep,
  });
  for await (const { commit, patch } of commits) yield { commit, patch: await patch() };
}

async function readToEnd(values: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of values) count++;
  return count;
}

test('whoever reads commits, patches and attributes to the end, stops early, or fails in between, leaves nothing behind', async () => {
  const stop = new AbortController();
  const git = until(history.open(), stop.signal);
  const before = heldBy(process.pid);
  assert.equal(await readToEnd(source(git)), 41);
  assert.deepEqual(await leftBehind(before), NOTHING, 'at the end');
  for (const stop of [1, 17, 40]) {
    for (const keep of ['head', 'pieces'] as const) {
      let seen = 0;
      for await (const _ of source(git, keep)) if (++seen === stop) break;
      assert.deepEqual(await leftBehind(before), NOTHING, `stopped after ${stop}, ${keep}`);
    }
  }
  const failing = async () => {
    for await (const _ of source(git)) throw new Error('no room on the disk');
  };
  await assert.rejects(failing(), /no room/);
  assert.deepEqual(await leftBehind(before), NOTHING, 'a reader that fails');
  // A worker has one signal for all its life.
  assert.deepEqual(getEventListeners(stop.signal, 'abort'), []);
});

const CHECK = '--batch-check=%(objectname) %(objecttype) %(objectsize)';
const KILLS: readonly BreakOptions[] = [
  { command: 'diff-tree' },
  { command: 'diff-tree', after: 100_000 },
  { command: CHECK },
  { command: CHECK, after: 20 },
  { command: '--batch', after: 20 },
  // The one that makes patches.
  { command: '--summary' },
  { command: '--summary', after: 100_000 },
];

for (const options of KILLS) {
  test(`a git that is killed leaves nothing behind, and is no answer: ${JSON.stringify(options)}`, async t => {
    const git = history.open({ PATH: brokenGit(temporaryFolder(t), options) });
    const before = heldBy(process.pid);
    await assert.rejects(readToEnd(source(git)), wasKilled);
    assert.deepEqual(await leftBehind(before), NOTHING);
  });
}

test('a signal ends what is being read, with the sentence that refpost was told to stop', async () => {
  const before = heldBy(process.pid);
  const stop = new AbortController();
  const reading = async () => {
    for await (const _ of source(until(history.open(), stop.signal))) {
      stop.abort();
    }
  };
  await assert.rejects(reading(), /told to stop/);
  assert.deepEqual(await leftBehind(before), NOTHING);
});

/** A PATH on which git says a line when it is asked this, and nothing any more, and cannot be told to stop. */
function hangingGit(bin: string, command: string): string {
  const hang = `case " $* " in *" ${command} "*) trap "" TERM; echo; exec sleep 1000 ;; esac`;
  writeProgram(join(bin, 'git'), hang, `PATH='${process.env.PATH}'`, 'exec git "$@"');
  return `${bin}:${process.env.PATH}`;
}

for (const command of ['diff-tree', 'for-each-ref', 'rev-list', 'cat-file', 'version']) {
  test(`a git that hangs counts as killed, and holds nobody: ${command}`, async t => {
    const git = history.open({ PATH: hangingGit(temporaryFolder(t), command) }, { silence: 300 });
    const before = heldBy(process.pid);
    const read = {
      'diff-tree': () => readToEnd(source(git)),
      'cat-file': () => readToEnd(source(git)),
      'for-each-ref': () => readRefs(git),
      version: () => git.ask(['version']),
      'rev-list': () => readHistory(git, history.ids.slice(-1), []),
    }[command];
    await assert.rejects(async () => read?.(), wasKilled);
    assert.deepEqual(await leftBehind(before), NOTHING);
  });
}

test('time in which the reader is slow is no silence', async () => {
  const git = history.open({}, { silence: 1500 });
  let count = 0;
  for await (const _ of source(git)) if (++count === 20) await sleep(2000);
  assert.equal(count, 41);
});
