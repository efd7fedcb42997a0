import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import type { World } from '../model/world.ts';

export function worldOf(process: NodeJS.Process, home: string): World {
  return {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    // Few read it, and node opens it when it is named.
    get stdin() {
      return process.stdin;
    },
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

/** How often the figures of one kind of work may change, in milliseconds. */
const PERIOD = 100;

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Shows how far long work has come, in one line that each call rewrites and an empty text removes; nothing where a terminal cannot do so. */
export function progressOn(
  stream: Terminal,
  term: string | undefined,
  now: () => number,
): (text: string) => void {
  if (!stream.isTTY || term === 'dumb') return () => {};
  let shown = { work: '', at: Number.NEGATIVE_INFINITY };
  let isEmpty = true;
  return text => {
    const work = text.replace(/\d.*/, '');
    if (text === '' ? isEmpty : work === shown.work && now() - shown.at < PERIOD) return;
    if (text !== '') shown = { work, at: now() };
    isEmpty = text === '';
    // ESC [K clears to the end of the line (ECMA-48).
    stream.write(`\r\u001b[K${text.slice(0, (stream.columns || 80) - 1)}`);
  };
}
