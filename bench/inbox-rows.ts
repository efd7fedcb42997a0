import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processesNaming } from '../test/fixtures/processes.ts';
import { writeProgram } from '../test/fixtures/program.ts';
import { gitEnvironment, TestRepository } from '../test/fixtures/repository.ts';
import { type MailServer, type Manner, mailServer } from './mail-server.ts';
import { medians, start, type Task, timeOf } from './measure.ts';
import { refpost } from './refpost.ts';
import type { Bench, Row } from './row.ts';
import { bareRepository, install } from './server.ts';

/** Who brings the mail, how far its server is, and what part of git-multimail's time that may take. */
const WAYS: readonly { way: 'hook' | 'resident'; manner: Manner; work: string; allowed: number }[] = [
  { way: 'hook', manner: 'fine', work: 'worker started by the hook', allowed: 1 },
  { way: 'resident', manner: 'fine', work: 'a worker that stays', allowed: 0.5 },
  { way: 'hook', manner: 'far', work: 'worker started by the hook, 20 ms a round trip', allowed: 0.85 },
];

/** From the start of a push of one commit until a server has taken its mail, beside git-multimail (`--multimail`). */
export async function* inboxRows(bench: Bench): AsyncGenerator<Row> {
  const { multimail, quick, times } = bench.options;
  for (const [at, { way, manner, work, allowed }] of WAYS.entries()) {
    const folder = join(bench.scratch, `inbox-${at}`);
    bench.after(() => endAll(folder));
    mkdirSync(folder);
    const server = await mailServer(bench, manner, 'each');
    const clone = new TestRepository(join(folder, 'clone'));
    const staying = way === 'resident' ? bench.builds.length : 0;
    const pushTo = (remote: string) => accepted(folder, clone, join(folder, remote), server, staying);
    const tasks: Record<string, Task> = {};
    for (const build of bench.builds) {
      const repository = bareRepository(join(folder, `${build.name}.git`));
      const settings = { transport: server.transport, worker: way === 'hook' ? 'hook' : 'service' };
      install(repository, settings, build);
      if (way === 'resident') start(refpost(['work', '--repo', repository.folder], build));
      tasks[build.name] = () => pushTo(`${build.name}.git`);
    }
    if (multimail !== undefined) {
      placeMultimail(bareRepository(join(folder, 'multimail.git')), resolve(multimail), server);
      tasks.multimail = () => pushTo('multimail.git');
    }
    const taken = await medians(tasks, quick ? 1 : 15 * times);
    yield {
      work: `push of one commit to its mail, ${work}`,
      ours: taken.ours as number,
      against: taken.against,
      limitName: 'git-multimail',
      limit: taken.multimail,
      unit: 'ms',
      allowed,
    };
    await endAll(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds from the start of a push until the server has the mail. Waits until all is at rest again. */
export async function accepted(
  folder: string,
  clone: TestRepository,
  remote: string,
  server: MailServer,
  staying: number,
): Promise<number> {
  clone.commit({ message: 'One more commit', files: { 'a.txt': `${clone.clock}\n` } });
  const begin = performance.now();
  const [took] = await Promise.all([
    server.next().then(() => performance.now() - begin),
    timeOf({ words: ['git', 'push', '-q', remote, 'main'], cwd: clone.folder, env: gitEnvironment() }),
  ]);
  await sleep(REST);
  while (processesNaming(folder).length > staying) await sleep(10);
  return took;
}

/** Milliseconds in which a worker puts away what it has sent. */
const REST = 150;

function placeMultimail(repository: TestRepository, program: string, { transport }: MailServer): void {
  const settings = {
    mailingList: 'commits@example.org',
    from: 'git@example.org',
    mailer: 'smtp',
    smtpServer: transport.replace('smtp://', ''),
    environment: 'generic',
  };
  for (const [key, value] of Object.entries(settings))
    repository.git('config', `multimailhook.${key}`, value);
  mkdirSync(join(repository.folder, 'hooks'), { recursive: true });
  writeProgram(join(repository.folder, 'hooks', 'post-receive'), `exec python3 '${program}'`);
}

export async function endAll(folder: string): Promise<void> {
  for (const pid of processesNaming(folder)) process.kill(pid, 'SIGTERM');
  while (processesNaming(folder).length > 0) await sleep(10);
}
