import { execFile, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SpoolLayout } from '../model/spool-layout.ts';
import { openStartError } from './start-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Starts `<command> work --drain --repo <gitDir>` in a session of its own and does not wait for it. It holds none of our streams: a
 * push ends only when nobody holds the hook's. Resolves once it runs, or with the reason why it cannot be started.
 */
export async function startWorker(
  command: readonly string[],
  gitDir: string,
  layout: Pick<SpoolLayout, 'startError'>,
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

/** What starts a worker from anywhere. */
export function programCommand(home: string): string[] {
  return [process.execPath, ...FRUGAL, join(home, 'bin', 'refpost.js')];
}

/** V8 lets young garbage grow to 48 MB before it collects it. With half of that a worker that stays is as fast. */
const FRUGAL = ['--max-semi-space-size=8'];

export function scriptOf(home: string): string {
  return join(home, 'bin', 'post-receive');
}
