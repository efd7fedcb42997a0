import { execFile, spawn } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, openSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readPlain } from '../disk/files.ts';
import type { SpoolLayout } from '../model/spool-layout.ts';
import type { LastWord } from '../model/status.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Place = Pick<SpoolLayout, 'startError'>;

const STDERR = 2;
/** Bytes of what a worker said before it ran that are shown. */
const MOST = 600;

/**
 * Starts `<command> work --drain --repo <gitDir>` in a session of its own and does not wait for it. It holds none of our streams: a
 * push ends only when nobody holds the hook's. Resolves once it runs, or with the reason why it cannot be started.
 */
export async function startWorker(
  command: readonly string[],
  gitDir: string,
  layout: Place,
  env: Environment,
): Promise<string | undefined> {
  const [file = '', ...words] = command;
  const stderr = openStartError(layout);
  const child = spawn(file, [...words, 'work', '--drain', '--repo', gitDir], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'ignore', stderr],
    env: workerEnvironment(env),
  });
  closeSync(stderr);
  child.unref();
  return new Promise(settle => {
    child.once('spawn', () => settle(undefined));
    child.once('error', cause => settle(cause.message));
  });
}

/** The shell words of refpost.command as a command: the shell splits them and becomes what they name. */
export function shellCommand(words: string): readonly string[] {
  return ['/bin/sh', '-c', `exec ${words} "$@"`, 'refpost'];
}

/** Finds, as bin/post-receive does, the program or script of a command that is not there, and prints it. */
const MISSING = `eval "set -- $1" || exit
command -v "$1" >/dev/null || { echo "$1"; exit; }
for script; do case $script in "$1" | -* | *=*) ;; *) break ;; esac; done
case $script in /*) [ -e "$script" ] || echo "$script" ;; esac`;

/** What refpost.command names and is not there; undefined where all is. */
export async function missingProgram(words: string, env: Environment): Promise<string | undefined> {
  const asked = ['-c', MISSING, 'refpost', words];
  const { stdout } = await promisify(execFile)('/bin/sh', asked, { env: workerEnvironment(env) }).catch(
    () => ({ stdout: words }),
  );
  return stdout.trim() || undefined;
}

/** A command as shell words, for refpost.command. */
export function shellWords(command: readonly string[]): string {
  return command
    .map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

/** Nothing of this push, or of how its user likes to run programs, is for the worker (as in bin/post-receive). */
function workerEnvironment(env: Environment): NodeJS.ProcessEnv {
  const foreign = /^(GIT_(?!CONFIG_)|NODE_(?!EXTRA_CA_CERTS$)|LD_|DYLD_|(BASH_ENV|ENV|CDPATH)$)/;
  const kept = Object.entries(env).filter(([name]) => !foreign.test(name));
  const path = [...(env.PATH ? [env.PATH] : []), '/usr/local/bin:/usr/bin:/bin'].join(':');
  return { ...Object.fromEntries(kept), PATH: path };
}

/** What starts a worker from anywhere. V8 lets young garbage grow to 48 MB; with half of that a worker that stays is as fast. */
export function programCommand(home: string): string[] {
  return [process.execPath, '--max-semi-space-size=8', join(home, 'bin', 'refpost.js')];
}

export function scriptOf(home: string): string {
  return join(home, 'bin', 'post-receive');
}

/** A new, empty file for the standard error of a worker that is to start: it does not grow from one to the next, and no link is followed. */
function openStartError({ startError }: Place): number {
  rmSync(startError, { recursive: true, force: true });
  return openSync(startError, 'ax', 0o660);
}

/** A worker runs: what the one before it said is over. Returns true where that file is our own standard error, which nobody reads. */
export function clearStartError({ startError }: Place): boolean {
  const [ours, named] = [fstatSync(STDERR), statSync(startError, { throwIfNoEntry: false })];
  const isOurs = ours.isFile() && ours.dev === named?.dev && ours.ino === named.ino;
  if (isOurs) ftruncateSync(STDERR);
  else rmSync(startError, { recursive: true, force: true });
  return isOurs;
}

/** Why no worker could start, as its starter said it; undefined where nothing was said, or this user may not read it. */
export function readStartError({ startError }: Place): LastWord | undefined {
  try {
    const words = readPlain(startError)
      .toString('utf8', 0, MOST)
      .replace(/[\p{C}\s]+/gu, ' ')
      .trim();
    return words === '' ? undefined : { at: statSync(startError).mtimeMs, words };
  } catch {
    return undefined;
  }
}
