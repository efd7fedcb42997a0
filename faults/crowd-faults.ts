import { join } from 'node:path';
import { lossesOf } from '../test/fixtures/losses.ts';
import { manyCommits } from '../test/fixtures/many-commits.ts';
import { type TestRepository, temporaryFolder } from '../test/fixtures/repository.ts';
import { type ServerRepository, serverRepository } from '../test/fixtures/server-repository.ts';
import { startInbox } from '../test/fixtures/smtp-inbox.ts';
import type { FaultBench } from './fault-bench.ts';
import { type Figure, figureOf } from './figure.ts';
import { RECIPIENTS } from './scene.ts';

/** Many pushes at the same time, with the workers that their hooks start. */
export async function* crowdFaults(bench: FaultBench): AsyncGenerator<Figure> {
  yield await oneRepository(bench, bench.options.short ? 8 : 50);
  yield await oneSpool(bench, bench.options.short ? 4 : 20);
}

/** Each branch has the commits of the one before it and one of its own; all are pushed at once. */
async function oneRepository(bench: FaultBench, branches: number): Promise<Figure> {
  const inbox = await startInbox(bench);
  const server = await serverRepository(bench, { port: inbox.port, recipients: RECIPIENTS });
  const { clone } = server;
  const commits = manyCommits({ clone, count: branches, title: 'Overlap' });
  commits.forEach((commit, at) => void clone.git('branch', `topic-${at}`, commit));
  const pushed = await Promise.all(commits.map((_, at) => server.push([`topic-${at}`])));
  const failed = pushed.find(push => push.code !== 0 || push.stderr !== '');
  if (failed) throw new Error(`git push: ${failed.stderr}`);
  await server.idle();
  // Which push carries a commit depends on who came first: each commit counts for itself.
  const pushes = commits.map(commit => [commit]);
  return told(`${branches} pushes at once, overlapping commits`, pushes, inbox.received);
}

async function oneSpool(bench: FaultBench, repositories: number): Promise<Figure> {
  const inbox = await startInbox(bench);
  const spool = join(temporaryFolder(bench), 'spool');
  const servers: ServerRepository[] = [];
  for (let made = 0; made < repositories; made++) {
    servers.push(await serverRepository(bench, { port: inbox.port, recipients: RECIPIENTS, spool }));
  }
  const pushes = servers.map(({ clone }, at) => commitsIn(clone, at));
  await Promise.all(servers.map(server => server.push()));
  for (const server of servers) await server.idle();
  return told(`${repositories} repositories that share one outbox`, pushes, inbox.received);
}

function commitsIn(clone: TestRepository, at: number): string[] {
  return manyCommits({ clone, count: 3, title: `Repository ${at}` });
}

function told(
  fault: string,
  pushes: readonly (readonly string[])[],
  received: Parameters<typeof lossesOf>[0]['received'],
): Figure {
  return figureOf(fault, lossesOf({ pushes, recipients: RECIPIENTS, received, unsure: [] }));
}
