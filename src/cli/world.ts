import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import type { World } from '../model/world.ts';
import { progressOn } from './progress.ts';

export function worldOf(process: NodeJS.Process, home: string): World {
  return {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    progress: progressOn(process.stderr, process.env.TERM, Date.now),
    now: Date.now,
    host: mailName() ?? hostname(),
    user: userName(process.env),
    home,
  };
}

/** Debian's mailname(5): the host's name as it stands in mail. */
function mailName(): string | undefined {
  try {
    return readFileSync('/etc/mailname', 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** A user id without a name in the password file (containers) makes userInfo() throw. */
function userName(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    return env.USER ?? 'git';
  }
}
