import { spawn } from 'node:child_process';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Starts `<command> work --drain --repo <gitDir>` and does not wait for it. It holds none of our streams: a push ends
 * only when nobody holds the hook's. Resolves once it runs, or with the reason why it cannot be started.
 */
export async function startWorker(
  command: readonly string[],
  gitDir: string,
  env: Environment,
): Promise<string | undefined> {
  const [file = '', ...words] = command;
  const child = spawn(file, [...words, 'work', '--drain', '--repo', gitDir], {
    cwd: '/',
    detached: true,
    stdio: 'ignore',
    env: workerEnvironment(env),
  });
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

/** A command as shell words, for refpost.command. */
export function shellWords(command: readonly string[]): string {
  return command
    .map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

/** GIT_DIR and its like belong to this push and misguide a worker that outlives it. Where git finds its settings stays true. */
function workerEnvironment(env: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^GIT_(?!CONFIG_)/.test(name)));
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
