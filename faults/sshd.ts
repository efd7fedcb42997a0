import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cannotStart, freePort, untilListening } from '../test/fixtures/mail-host.ts';
import { start } from '../test/fixtures/processes.ts';
import { temporaryFolder } from '../test/fixtures/repository.ts';
import type { FaultBench } from './fault-bench.ts';

/** Somebody who may log in. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly umask: string;
  readonly home: string;
}

/** An ssh daemon of our own on this machine. */
export interface Sshd {
  readonly port: number;
  /** For `GIT_SSH_COMMAND`: ssh as whoever the url names. */
  readonly client: string;
}

const PROGRAM = '/usr/sbin/sshd';

/**
 * Starts one that knows a few users more than this machine does: it sees other lists of users, in a namespace of its own.
 * For root alone; undefined where there is no daemon, or root may not do that.
 * @param group that all of them are members of, beside a group of their own
 */
export async function startSshd(
  bench: FaultBench,
  accounts: readonly Account[],
  group: number,
): Promise<Sshd | undefined> {
  if (cannotStart(PROGRAM) || !mayMount()) return undefined;
  const folder = temporaryFolder(bench);
  chmodSync(folder, 0o755);
  const port = await freePort();
  for (const key of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, key)]);
  for (const [file, lines] of Object.entries(lists(accounts, group)))
    writeFileSync(join(folder, file), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, 'config'), config(folder, port, accounts));
  const log = join(folder, 'log');
  const daemon = start(['unshare', '--mount', 'sh', '-ec', IN_NAMESPACE, PROGRAM, folder]);
  bench.after(() => daemon.child.kill('SIGKILL'));
  await untilListening(port, () => readFileSync(log, 'utf8'));
  const options = ['IdentitiesOnly=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null'];
  const words = ['ssh', '-q', '-F', '/dev/null', '-i', join(folder, 'user')];
  return { port, client: [...words, ...options.map(option => `-o ${option}`)].join(' ') };
}

/** `$0` is the daemon, `$1` the folder of what it shall see. */
const IN_NAMESPACE = `
exec 2>"$1/log"
for file in passwd group shadow; do mount --bind "$1/$file" "/etc/$file"; done
mount -t tmpfs refpost-faults /run
mkdir /run/sshd
exec "$0" -D -e -f "$1/config"`;

/** Not in every container. */
function mayMount(): boolean {
  const mount = 'mount --bind /etc/passwd /etc/passwd && mount -t tmpfs refpost-faults /run';
  return spawnSync('unshare', ['--mount', 'sh', '-c', mount], { stdio: 'ignore' }).status === 0;
}

/** passwd(5) and group(5) with the users that there are before ours; shadow(5) without them, since a copy would give it away. */
function lists(accounts: readonly Account[], group: number): Readonly<Record<string, readonly string[]>> {
  const there = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n');
  return {
    passwd: [
      ...there('/etc/passwd'),
      ...accounts.map(({ name, uid, home }) => `${name}:x:${uid}:${uid}::${home}:/bin/sh`),
    ],
    group: [
      ...there('/etc/group'),
      ...accounts.map(({ name, uid }) => `${name}:x:${uid}:`),
      `refpost-faults:x:${group}:${accounts.map(({ name }) => name).join(',')}`,
    ],
    shadow: accounts.map(({ name }) => `${name}:*:19000::::::`),
  };
}

/** sshd_config(5). The mask is set by what each command is run with, as a login shell's profile would. */
function config(folder: string, port: number, accounts: readonly Account[]): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(folder, 'host')}`,
    `AuthorizedKeysFile ${join(folder, 'user.pub')}`,
    'StrictModes no',
    'UsePAM no',
    'PidFile none',
    'MaxStartups 100',
    `SetEnv "PATH=${process.env.PATH}" GIT_CONFIG_NOSYSTEM=1`,
    ...accounts.flatMap(({ name, umask }) => [
      `Match User ${name}`,
      `  ForceCommand umask ${umask}; exec sh -c "$SSH_ORIGINAL_COMMAND"`,
    ]),
    '',
  ].join('\n');
}
