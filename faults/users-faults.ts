import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lossesOf } from '../test/fixtures/losses.ts';
import { manyCommits } from '../test/fixtures/many-commits.ts';
import { type Ended, run } from '../test/fixtures/processes.ts';
import { gitEnvironment, type TestRepository } from '../test/fixtures/repository.ts';
import { type ServerRepository, serverRepository } from '../test/fixtures/server-repository.ts';
import { startInbox } from '../test/fixtures/smtp-inbox.ts';
import type { ReceivedMail } from '../test/fixtures/smtp-received.ts';
import type { FaultBench } from './fault-bench.ts';
import { type Figure, figureOf } from './figure.ts';
import { RECIPIENTS } from './scene.ts';
import { startSshd } from './sshd.ts';

/** Users of this machine by their numbers, each with a group of their own too; the file creation mask is their own affair. */
const USERS = [
  { name: 'ann', uid: 40_001, umask: '022' },
  { name: 'ben', uid: 40_002, umask: '077' },
  { name: 'cat', uid: 40_003, umask: '027' },
] as const;
const GROUP = 40_100;

type User = (typeof USERS)[number];

/** How users reach the repository. */
interface Way {
  /** What stands behind "users push". */
  readonly by: string;
  push(user: User, clone: TestRepository): Promise<Ended>;
}

/**
 * Users of a group push to one repository, all at once, and whoever's hook comes first starts the worker. Nobody has thought of
 * the spool: the first push makes it. For root alone, who can be everybody; by ssh only where a daemon can be started.
 */
export async function* usersFaults(bench: FaultBench): AsyncGenerator<Figure> {
  if (process.getuid?.() !== 0) return;
  for (const wayTo of [byPath, bySsh]) {
    const inbox = await startInbox(bench);
    const settings = { 'core.sharedRepository': 'group' };
    const server = await serverRepository(bench, { port: inbox.port, recipients: RECIPIENTS, settings });
    openToGroup(server);
    const way = await wayTo(server, bench);
    if (way) yield await pushAll(bench, server, inbox.received, way);
  }
}

async function pushAll(
  bench: FaultBench,
  server: ServerRepository,
  received: readonly ReceivedMail[],
  way: Way,
): Promise<Figure> {
  const clones = USERS.map(user => ({ user, clone: cloneOf(server, user) }));
  const pushes: string[][] = [];
  const broken: string[] = [];
  for (let round = 0; round < (bench.options.short ? 2 : 10); round++) {
    const pushed = clones.map(({ user, clone }) => {
      const title = `${user.name} ${round}`;
      pushes.push(manyCommits({ clone, count: 3, title, branch: user.name }));
      return way.push(user, clone);
    });
    for (const { code, stderr } of await Promise.all(pushed)) {
      if (code !== 0 || stderr !== '') broken.push(stderr.trim());
    }
  }
  await server.idle();
  broken.push(...closedToGroup(server.layout.root));
  const losses = lossesOf({ pushes, recipients: RECIPIENTS, received, unsure: [] });
  const fault = `${USERS.length} users push ${way.by} to a shared repository, umasks ${USERS.map(({ umask }) => umask)}`;
  return { ...figureOf(fault, losses), broken };
}

/** As `git init --shared` and a chgrp(1) leave a repository. */
function openToGroup({ folder, bare, layout }: ServerRepository): void {
  rmSync(layout.root, { recursive: true, force: true });
  chmodSync(folder, 0o755);
  execFileSync('chgrp', ['-R', `${GROUP}`, bare]);
  execFileSync('chmod', ['-R', 'g+rwX', bare]);
  execFileSync('find', [bare, '-type', 'd', '-exec', 'chmod', 'g+s', '{}', '+']);
}

function cloneOf(server: ServerRepository, { name, uid }: User): TestRepository {
  const clone = server.newClone(name);
  const home = homeOf(server, name);
  mkdirSync(home);
  // git works in a repository of another user only where one says so.
  writeFileSync(join(home, '.gitconfig'), '[safe]\n\tdirectory = *\n');
  execFileSync('chown', ['-R', `${uid}:${uid}`, home]);
  return clone;
}

function homeOf({ folder }: ServerRepository, name: string): string {
  return join(folder, `home-${name}`);
}

/** As a process of each user's own on this machine. */
async function byPath(server: ServerRepository): Promise<Way> {
  return {
    by: 'by path',
    push({ name, uid, umask }, clone) {
      const home = homeOf(server, name);
      const user = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, `--groups=${GROUP}`];
      const push = ['sh', '-c', `umask ${umask}; exec git push -q '${server.bare}' ${name}`];
      const env = gitEnvironment({ HOME: home, GIT_CONFIG_GLOBAL: join(home, '.gitconfig'), USER: name });
      return run([...user, ...push], { cwd: clone.folder, env });
    },
  };
}

/** By a real daemon, as people push. */
async function bySsh(server: ServerRepository, bench: FaultBench): Promise<Way | undefined> {
  const accounts = USERS.map(user => ({ ...user, home: homeOf(server, user.name) }));
  const sshd = await startSshd(bench, accounts, GROUP);
  if (!sshd) return undefined;
  return {
    by: 'by ssh',
    push({ name }, clone) {
      const url = `ssh://${name}@127.0.0.1:${sshd.port}${server.bare}`;
      const env = gitEnvironment({ GIT_SSH_COMMAND: sshd.client });
      return run(['git', 'push', '-q', url, name], { cwd: clone.folder, env });
    },
  };
}

/** What is not the group's to read and write, a sentence each. */
function closedToGroup(spool: string): string[] {
  const names = ['', ...readdirSync(spool, { recursive: true, encoding: 'utf8' })];
  return names.flatMap(name => {
    const { gid, mode } = statSync(join(spool, name));
    const closed = gid !== GROUP || (mode & 0o060) !== 0o060 || (mode & 0o007) !== 0;
    return closed ? [`${name} is of group ${gid} with rights ${(mode & 0o7777).toString(8)}`] : [];
  });
}
