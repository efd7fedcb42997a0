import { join } from 'node:path';
import { gitEnvironment, type TestRepository } from '../test/fixtures/repository.ts';
import { fastImport } from './made-history.ts';
import { mailServer } from './mail-server.ts';
import { medians, timeOf } from './measure.ts';
import { refpost } from './refpost.ts';
import type { Bench, Row } from './row.ts';
import { addCommit, bareRepository, install, runHook } from './server.ts';

/** The worker at a push of one commit among thousands of refs, against git's own rev-list of it and the worker at one ref. */
export async function* refsRows(bench: Bench): AsyncGenerator<Row> {
  const count = bench.options.quick ? 50 : 5000;
  const { transport } = await mailServer(bench, 'fine');
  const many = await withBranches(join(bench.scratch, 'many-refs.git'), count, transport);
  const one = await withBranches(join(bench.scratch, 'one-ref.git'), 1, transport);
  const seen = many.git('for-each-ref', '--format=^%(objectname)').concat('\n');
  // On no ref: a commit that no push brings would have the next one wait for its predecessor.
  const fresh = many.git('commit-tree', '-p', 'main', '-m', 'A new commit', 'main^{tree}');
  const {
    many: ours,
    one: worker,
    revList,
  } = await medians(
    {
      many: () => pushAndWork(many),
      one: () => pushAndWork(one),
      revList: () => {
        const words = ['git', 'rev-list', '--topo-order', '--reverse', '--stdin'];
        return timeOf({
          words,
          cwd: many.folder,
          env: gitEnvironment(),
          input: `${fresh}\n${seen}`,
        });
      },
    },
    bench.options.quick ? 1 : 7,
  );
  const limitName = 'git rev-list + the worker with 1 ref';
  yield {
    work: `the worker at a push of 1 commit, ${count} refs`,
    ours,
    limitName,
    limit: worker + revList,
    unit: 'ms',
    allowed: 2,
  };
}

async function withBranches(folder: string, count: number, transport: string): Promise<TestRepository> {
  const repository = bareRepository(folder);
  await fastImport(repository, branches(count));
  // As they lie in a repository that is looked after.
  repository.git('pack-refs', '--all');
  install(repository, { transport, worker: 'service' });
  return repository;
}

/** Branches off main with a commit of their own each, as git-fast-import(1) wants it. */
function* branches(count: number): Generator<string> {
  const commit = (ref: string, at: number, from: string) => {
    const message = `Commit ${at}`;
    const committer = `committer Carl Committer <carl@example.org> ${1_704_067_200 + at} +0000`;
    return `commit ${ref}\nmark :${at + 1}\n${committer}\ndata ${message.length}\n${message}\n${from}\n`;
  };
  yield commit('refs/heads/main', 0, '');
  for (let at = 1; at < count; at++) yield commit(`refs/heads/topic/${at}`, at, 'from :1\n');
}

async function pushAndWork(repository: TestRepository): Promise<number> {
  const old = repository.git('rev-parse', 'main');
  runHook(repository, old, addCommit(repository));
  return timeOf(refpost(['work', '--once', '--repo', repository.folder]));
}
