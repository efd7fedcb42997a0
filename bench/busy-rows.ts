import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeProgram } from '../test/fixtures/program.ts';
import { gitEnvironment, TestRepository } from '../test/fixtures/repository.ts';
import { madeHistory } from './made-history.ts';
import { mailServer } from './mail-server.ts';
import { type Command, cpuOf, medians, type Task } from './measure.ts';
import { refpost } from './refpost.ts';
import type { Bench, Row } from './row.ts';
import { install, runHook } from './server.ts';

/** A host with many repositories: pushes of one commit to all of them, one spool, one worker. What it takes of the processor, and how many gits it starts. */
export async function* busyRows(bench: Bench): AsyncGenerator<Row> {
  const { quick, times } = bench.options;
  const [repositories, pushes] = quick ? [2, 3] : [20, 25];
  const count = repositories * pushes;
  const history = await madeHistory(join(bench.scratch, 'busy.git'), pushes);
  const ids = history.git('rev-list', '--reverse', 'main').split('\n');
  const { transport } = await mailServer(bench, 'fine');
  const work: Record<string, (env: NodeJS.ProcessEnv) => Promise<number>> = {};
  for (const build of bench.builds) {
    const folder = join(bench.scratch, `busy-${build.name}`);
    const [spool, kept, first] = ['spool', 'kept', '0.git'].map(name => join(folder, name)) as [
      string,
      string,
      string,
    ];
    for (let number = 0; number < repositories; number++)
      await recordPushes(
        history,
        join(folder, `${number}.git`),
        ids,
        () => ({ transport, spool, worker: 'service' }),
        build,
      );
    cpSync(spool, kept, { recursive: true });
    work[build.name] = env => {
      rmSync(spool, { recursive: true });
      cpSync(kept, spool, { recursive: true });
      const command = refpost(['work', '--once', '--repo', first], build);
      return cpuOf({ ...command, env: { ...command.env, ...env } });
    };
  }
  const tasks = Object.fromEntries(
    Object.entries(work).map(([name, run]): [string, Task] => [name, () => run({})]),
  );
  tasks.limit = () => cpuOf(bareLogs(history, ids.slice(1), repositories));
  const taken = await medians(tasks, quick ? 1 : 7 * times);
  const title = `${count} pushes of one commit in ${repositories} repositories`;
  yield {
    work: `${title}: processor time`,
    ours: taken.ours as number,
    against: taken.against,
    limitName: 'git log -1 -p of each',
    limit: taken.limit as number,
    unit: 'ms',
    allowed: 6,
  };
  const counting = countingGit(bench.scratch);
  const started: Record<string, number> = {};
  for (const [name, run] of Object.entries(work)) {
    writeFileSync(counting.file, '');
    await run(counting.env);
    started[name] = readFileSync(counting.file).length / count;
  }
  yield {
    work: `${title}: git processes a push`,
    ours: started.ours as number,
    against: started.against,
    limitName: 'git rev-list, one a push',
    limit: 1,
    unit: 'gits',
    allowed: 2,
  };
}

/** A copy of the history at its first commit, and the records of pushes that bring one of the others each. */
async function recordPushes(
  history: TestRepository,
  folder: string,
  ids: readonly string[],
  settings: () => Readonly<Record<string, string>>,
  build: Bench['builds'][number],
): Promise<void> {
  cpSync(history.folder, folder, { recursive: true });
  const repository = new TestRepository(folder, '--bare');
  const [first = '', ...others] = ids;
  repository.git('update-ref', 'refs/heads/main', first);
  install(repository, settings(), build);
  let last = first;
  for (const id of others) {
    repository.git('update-ref', 'refs/heads/main', id);
    runHook(repository, last, id);
    last = id;
  }
}

function bareLogs({ folder }: TestRepository, ids: readonly string[], times: number): Command {
  const lines = Array.from({ length: times }, () => ids.map(id => `${id}\n`).join('')).join('');
  const script = 'while read -r id; do git log -1 -p "$id"; done';
  return { words: ['sh', '-c', script], cwd: folder, env: gitEnvironment(), input: lines };
}

/** A git that leaves a byte in a file whenever it is started, and the environment in which it is found. */
function countingGit(folder: string) {
  const [file, inside] = [join(folder, 'gits'), join(folder, 'counting')];
  const path = process.env.PATH ?? '';
  mkdirSync(inside);
  writeProgram(join(inside, 'git'), `printf x >>'${file}'\nPATH='${path}' exec git "$@"`);
  return { file, env: { PATH: `${inside}:${path}` } };
}
