import { openOutbox } from '../src/outbox/open-outbox.ts';
import { type Arrivals, lossesOf } from '../test/fixtures/losses.ts';
import { manyCommits } from '../test/fixtures/many-commits.ts';
import { type Ended, type Running, start } from '../test/fixtures/processes.ts';
import { gitEnvironment } from '../test/fixtures/repository.ts';
import {
  refpostProgram,
  type ServerRepository,
  serverRepository,
} from '../test/fixtures/server-repository.ts';
import { startInbox } from '../test/fixtures/smtp-inbox.ts';
import type { Mailbox } from '../test/fixtures/smtp-received.ts';
import type { FaultBench } from './fault-bench.ts';
import type { Figure } from './figure.ts';

export const RECIPIENTS = ['ada@example.org', 'bob@example.org'];

/** A server with a repository, its mail server, and an account of what was pushed. */
export interface Scene {
  readonly server: ServerRepository;
  readonly inbox: Mailbox & { readonly port: number };
  /** The commits of each push, oldest first. */
  readonly pushes: string[][];
  /** Mails that were on their way when a worker died. */
  readonly unsure: string[];
}

/** The only workers are those that the bench starts. */
export async function openScene({ after }: Pick<FaultBench, 'after'>): Promise<Scene> {
  const inbox = await startInbox({ after });
  const settings = { 'refpost.worker': 'service' };
  const server = await serverRepository({ after }, { port: inbox.port, recipients: RECIPIENTS, settings });
  return { server, inbox, pushes: [], unsure: [] };
}

/** New commits in the clone, by the name of their push; not pushed yet. */
export function makeCommits({ server, pushes }: Scene, count: number): void {
  pushes.push(manyCommits({ clone: server.clone, count, title: `Push ${pushes.length + 1}` }));
}

export async function pushCommits(scene: Scene, count: number): Promise<void> {
  makeCommits(scene, count);
  await pushMade(scene);
}

/** Pushes the commits that were made; the hook has nothing to complain of. */
export async function pushMade({ server }: Scene, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const pushed = await server.push(['main'], server.clone, env);
  if (pushed.code !== 0 || pushed.stderr !== '') throw new Error(`git push: ${pushed.stderr}`);
}

/** A worker with a module loaded into it beforehand and further variables. */
export function startWith(
  { server }: Scene,
  module: string,
  env: NodeJS.ProcessEnv,
  ...words: readonly string[]
): Running {
  const [node = '', ...program] = refpostProgram;
  const preload = new URL(module, import.meta.url).href;
  return start([node, '--import', preload, ...program, 'work', ...words], {
    cwd: server.bare,
    env: gitEnvironment({ HOME: server.folder, ...env }),
  });
}

/** The same, until it has ended. */
export function workWith(...asked: Parameters<typeof startWith>): Promise<Ended> {
  return startWith(...asked).ended;
}

/** To be called when a worker has died: the journal does not know whether the server has these mails. */
export async function noteUnsure({ server, unsure }: Scene): Promise<void> {
  for await (const listed of openOutbox(server.layout.root, 'umask').entries('queue')) {
    if (listed.damaged !== undefined) throw new Error(listed.damaged);
    for (const [at, mail] of listed.entry.mails.entries()) {
      for (const [recipient, now] of listed.state.mails[at] ?? []) {
        if (now.state === 'waiting' && now.uncertain) unsure.push(`${recipient} ${mail.messageId}`);
      }
    }
  }
}

/** Lets a worker finish, and tells what became of everything that was pushed. */
export async function settle(scene: Scene, fault: string): Promise<Figure> {
  const { server, inbox, pushes, unsure } = scene;
  for (let runs = 0; !server.isSettled(); runs++) {
    const { code, stderr } = await server.refpost('work', '--drain');
    if (runs > 5) throw new Error(`the outbox does not become empty (exit code ${code}): ${stderr}`);
  }
  const arrivals: Arrivals = { pushes, recipients: RECIPIENTS, received: inbox.received, unsure };
  const { expected, lost, doubled, doubledAsAnother, unexplained, outOfOrder } = lossesOf(arrivals);
  const all = doubled + doubledAsAnother;
  return { fault, tried: expected, lost, doubled: all, excused: doubled - unexplained, outOfOrder };
}
