import { join } from 'node:path';
import { gitEnvironment, type TestRepository } from '../test/fixtures/repository.ts';
import { fastImport } from './made-history.ts';
import { mailServer } from './mail-server.ts';
import { medians, type Task, timeOf } from './measure.ts';
import { type Build, OURS, refpost } from './refpost.ts';
import type { Bench, Row } from './row.ts';
import { addCommit, bareRepository, install, runHook } from './server.ts';

/** The worker at a push of one commit into repositories that are large in one way, against git's own rev-list of it and the worker in a small one. */
export async function* refsRows(bench: Bench): AsyncGenerator<Row> {
  const scale = bench.options.quick ? 0.01 : 1;
  const { transport } = await mailServer(bench, 'fine');
  const shapes: Record<string, () => Generator<string>> = {
    one: () => branches(1),
    [`${5000 * scale} refs`]: () => branches(5000 * scale),
    [`${200_000 * scale} commits, ${1000 * scale} tags`]: () => longHistory(200_000 * scale, 200),
  };
  const made = async (name: string, build: Build) => {
    const folder = join(bench.scratch, build.name, `${name.replaceAll(/\W+/g, '-')}.git`);
    return madeOf(folder, shapes[name]?.() ?? [], transport, build);
  };
  const small = await made('one', OURS);
  for (const what of Object.keys(shapes).slice(1)) {
    const repository = await made(what, OURS);
    const other = bench.builds[1];
    const beside = other && (await made(what, other));
    const seen = repository.git('for-each-ref', '--format=^%(objectname)').concat('\n');
    // On no ref: a commit that no push brings would have the next one wait for its predecessor.
    const fresh = repository.git('commit-tree', '-p', 'main', '-m', 'A new commit', 'main^{tree}');
    const revList = {
      words: ['git', 'rev-list', '--topo-order', '--reverse', '--stdin'],
      cwd: repository.folder,
      env: gitEnvironment(),
      input: `${fresh}\n${seen}`,
    };
    const tasks: Record<string, Task> = {
      large: () => pushAndWork(repository),
      small: () => pushAndWork(small),
      revList: () => timeOf(revList),
    };
    if (beside) tasks.against = () => pushAndWork(beside, other);
    const taken = await medians(tasks, bench.options.quick ? 1 : 7 * bench.options.times);
    yield {
      work: `the worker at a push of 1 commit, ${what}`,
      ours: taken.large as number,
      against: taken.against,
      limitName: 'git rev-list + the worker with 1 ref',
      limit: (taken.small as number) + (taken.revList as number),
      unit: 'ms',
      allowed: 2,
    };
  }
}

async function madeOf(
  folder: string,
  stream: Iterable<string>,
  transport: string,
  build: Build,
): Promise<TestRepository> {
  const repository = bareRepository(folder);
  await fastImport(repository, stream);
  // As they lie in a repository that is looked after.
  repository.git('pack-refs', '--all');
  install(repository, { transport, worker: 'service' }, build);
  return repository;
}

/** A commit without files, as git-fast-import(1) wants it. */
function commitText(ref: string, at: number, from: string): string {
  const message = `Commit ${at}`;
  const committer = `committer Carl Committer <carl@example.org> ${1_500_000_000 + 600 * at} +0000`;
  return `commit ${ref}\nmark :${at + 1}\n${committer}\ndata ${message.length}\n${message}\n${from}\n`;
}

/** Branches off main with a commit of their own each. */
export function* branches(count: number): Generator<string> {
  yield commitText('refs/heads/main', 0, '');
  for (let at = 1; at < count; at++) yield commitText(`refs/heads/topic/${at}`, at, 'from :1\n');
}

/** A branch that goes on and on, with a tag each so many commits. */
export function* longHistory(count: number, tagEach: number): Generator<string> {
  for (let at = 0; at < count; at++) {
    yield commitText('refs/heads/main', at, '');
    if (at % tagEach === 0) yield `reset refs/tags/v${at}\nfrom :${at + 1}\n\n`;
  }
}

async function pushAndWork(repository: TestRepository, build?: Build): Promise<number> {
  const old = repository.git('rev-parse', 'main');
  runHook(repository, old, addCommit(repository));
  return timeOf(refpost(['work', '--once', '--repo', repository.folder], build));
}
