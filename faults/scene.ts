import { lossesOf } from '../test/fixtures/losses.ts';
import { manyCommits } from '../test/fixtures/many-commits.ts';
import { type Ended, type Running, start } from '../test/fixtures/processes.ts';
import { gitEnvironment } from '../test/fixtures/repository.ts';
import {
  refpostProgram,
  type ServerOptions,
  type ServerRepository,
  serverRepository,
} from '../test/fixtures/server-repository.ts';
import { startInbox } from '../test/fixtures/smtp-inbox.ts';
import type { ScriptedServer } from '../test/fixtures/smtp-script.ts';
import { waitingMails } from '../test/fixtures/waiting-mails.ts';
import type { FaultBench } from './fault-bench.ts';
import { type Figure, figureOf } from './figure.ts';

const [ADA, BOB] = ['ada@example.org', 'bob@example.org'];
export const RECIPIENTS = [ADA, BOB];
/** The same as two audiences. */
export const TWO_AUDIENCES: Partial<ServerOptions> = {
  recipients: [ADA],
  settings: { 'refpost.worker': 'service', 'refpost.docs.to': BOB },
};

/** A server with a repository, its mail server, and an account of what was pushed. */
export interface Scene {
  readonly server: ServerRepository;
  readonly inbox: ScriptedServer;
  /** The commits of each push, oldest first. */
  readonly pushes: string[][];
  /** The subject of each commit. */
  readonly titles: Map<string, string>;
  /** Mails that were on their way when a worker died. */
  readonly unsure: string[];
}

/** The only workers are those that the bench starts. */
export async function openScene(
  { after }: Pick<FaultBench, 'after'>,
  special: Partial<ServerOptions> = {},
): Promise<Scene> {
  const inbox = await startInbox({ after });
  const settings = { 'refpost.worker': 'service' };
  const options = { port: inbox.port, recipients: RECIPIENTS, settings, ...special };
  const server = await serverRepository({ after }, options);
  return { server, inbox, pushes: [], titles: new Map(), unsure: [] };
}

/** New commits in the clone, by the name of their push; not pushed yet. */
export function makeCommits({ server, pushes, titles }: Scene, count: number, branch = 'main'): void {
  const title = `Push ${pushes.length + 1}`;
  const commits = manyCommits({ clone: server.clone, count, title, branch });
  commits.forEach(
    (commit, at) => void titles.set(commit, `${title}, commit ${`${at + 1}`.padStart(2, '0')}`),
  );
  pushes.push(commits);
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

/** A push whose hook cannot store it and says so in a line: the next one brings its mails. */
export async function pushInVain(scene: Scene, count: number): Promise<void> {
  makeCommits(scene, count);
  const { code, stderr } = await scene.server.push();
  const told = /^remote: refpost: this push is not recorded, [^\n]*\n$/;
  if (code !== 0 || !told.test(stderr.replace(/ +\n/g, '\n'))) throw new Error(`git push: ${stderr}`);
}

/** The mail server is away until what this returns is called. */
export function takeServerAway({ server, inbox }: Scene): () => void {
  server.config('refpost.transport', 'smtp://127.0.0.1:9');
  return () => server.config('refpost.transport', `smtp://127.0.0.1:${inbox.port}`);
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
  for (const { name, uncertain } of await waitingMails(server.layout)) if (uncertain) unsure.push(name);
}

/** To be called when a journal has been damaged: it does not say any more that the server has these mails. */
export async function noteUnsaid({ server, inbox, unsure }: Scene): Promise<void> {
  const there = new Set(
    inbox.received.flatMap(({ to, messageId }) => to.map(each => `${each} ${messageId}`)),
  );
  for (const { name } of await waitingMails(server.layout, true)) if (there.has(name)) unsure.push(name);
}

/** Lets a worker finish, and tells what became of everything that was pushed. */
export async function settle(scene: Scene, fault: string): Promise<Figure> {
  const { server, inbox, pushes, unsure } = scene;
  for (let runs = 0; !server.isSettled(); runs++) {
    const { code, stderr } = await server.refpost('work', '--drain');
    if (runs > 5) throw new Error(`the outbox does not become empty (exit code ${code}): ${stderr}`);
  }
  return figureOf(fault, lossesOf({ pushes, recipients: RECIPIENTS, received: inbox.received, unsure }));
}
