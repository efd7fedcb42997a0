import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import type { Readable, Writable } from 'node:stream';

/** All that refpost knows and touches of the process around it. Tests hand in their own. */
export interface World {
  /** The words after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: Readable;
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The name of this host as mail knows it. */
  readonly host: string;
  readonly user: string;
  /** The folder that refpost is installed in: templates and the hook script lie below it. */
  readonly home: string;
}

export function worldOf(process: NodeJS.Process, home: string): World {
  return {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
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
