import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDrop } from '../src/drop/drop.ts';
import { spoolLayout } from '../src/model/spool-layout.ts';
import { processesNaming } from '../test/fixtures/processes.ts';
import { writeProgram } from '../test/fixtures/program.ts';
import { gitEnvironment, TestRepository } from '../test/fixtures/repository.ts';
import { type Manner, mailServer } from './mail-server.ts';
import { medians, type Task, timeOf } from './measure.ts';
import type { Build } from './refpost.ts';
import type { Bench, Row } from './row.ts';
import { bareRepository, install } from './server.ts';

const MANNERS: readonly Manner[] = ['fine', 'refusing', 'hanging'];

/** The least that a hook can do which loses nothing. */
const LIMIT = 'cat >tmp/$$ && sync tmp/$$ && mv tmp/$$ new/$$ && sync new';

/** What a hook adds to a push of one commit: the push with it less the push without any. */
export async function* pushRows(bench: Bench): AsyncGenerator<Row> {
  for (const manner of MANNERS) {
    const folder = join(bench.scratch, `push-${manner}`);
    bench.after(() => endWorkers(folder));
    const push = await pushes(bench, folder, manner);
    const remotes = ['none', 'limit', ...bench.builds.map(({ name }) => name)] as const;
    const tasks = remotes.map((remote): [string, Task] => [remote, () => push(remote)]);
    const taken = await medians(
      Object.fromEntries(tasks),
      bench.options.quick ? 2 : 25 * bench.options.times,
    );
    const added = (remote: Remote) => (taken[remote] as number) - (taken.none as number);
    yield {
      work: `what the hook adds to a push, mail server ${manner}`,
      ours: added('ours'),
      against: taken.against && added('against'),
      limitName: 'sh: cat, sync, mv, sync',
      limit: added('limit'),
      unit: 'ms',
      allowed: 1.3,
    };
    await endWorkers(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

type Remote = 'none' | 'limit' | Build['name'];

/** A repository for each way, and a clone; gives the way to push one commit more to one of them. */
async function pushes(
  bench: Bench,
  folder: string,
  manner: Manner,
): Promise<(to: Remote) => Promise<number>> {
  const at = (remote: Remote) => join(folder, `${remote}.git`);
  bareRepository(at('none'));
  placeLimit(bareRepository(at('limit')));
  const { transport } = await mailServer(bench, manner);
  for (const build of bench.builds) install(bareRepository(at(build.name)), { transport }, build);
  const clone = new TestRepository(join(folder, 'clone'));
  // A worker that cannot reach its server stays.
  const staying = manner === 'fine' ? 0 : 1;
  return async remote => {
    clone.commit({ message: 'One more commit' });
    for (const { name } of bench.builds) await quiet(at(name), staying);
    const words = ['git', 'push', '-q', at(remote), 'main'];
    return timeOf({ words, cwd: clone.folder, env: gitEnvironment() });
  };
}

function placeLimit({ folder }: TestRepository): void {
  for (const name of ['tmp', 'new']) mkdirSync(join(folder, name));
  const hook = join(folder, 'hooks', 'post-receive');
  mkdirSync(join(folder, 'hooks'), { recursive: true });
  writeProgram(hook, LIMIT);
}

/** A worker that takes no processor time for so many milliseconds has done what the last push gave it to do. */
const REST = 150;

/**
 * Waits until what was pushed is taken in, by a worker that the hook starts when the push has ended, no more workers run in a folder
 * than stay, and these rest: no push is to be measured beside one that starts or works.
 */
async function quiet(folder: string, staying: number): Promise<void> {
  const layout = spoolLayout(join(folder, 'refpost'));
  while ((await openDrop(layout.root).names()).length > 0 || processesNaming(folder).length > staying)
    await sleep(10);
  if (staying === 0) return;
  const used = usedBy(folder);
  await sleep(REST);
  if (usedBy(folder) !== used) await quiet(folder, staying);
}

/** What the workers in a folder, and the processes that they have waited for, have used of the processor. */
function usedBy(folder: string): string {
  const fields = processesNaming(folder).map(pid => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]);
  // proc(5): utime, stime, cutime and cstime are the fields 14 to 17; behind the name stands the third.
  return fields.map(text => text?.split(' ').slice(11, 15).join(' ')).join();
}

async function endWorkers(folder: string): Promise<void> {
  for (const pid of processesNaming(folder)) process.kill(pid, 'SIGTERM');
  await quiet(folder, 0);
}
