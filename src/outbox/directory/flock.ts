import { spawn } from 'node:child_process';
import { errorCode } from '../../disk/spool-fault.ts';
import { fault } from '../../errors.ts';

/** Node.js has no flock(2); these have. Each locks descriptor 3 and ends with 0, or with 1 if somebody else has it locked. */
const PROGRAMS: readonly (readonly [command: string, ...args: string[]])[] = [
  ['flock', '-n', '3'],
  [
    'perl',
    '-e',
    'open(F, "<&=3") or die "$!\\n"; exit 0 if flock(F, 6); exit 1 if $!{EWOULDBLOCK}; die "$!\\n"',
  ],
];

interface Ended {
  readonly code: number | null;
  readonly words: string;
}

/**
 * Locks an open descriptor; false if another process has it locked. The lock belongs to the open file, not to a process: it
 * outlives the program that sets it, and lasts until we close the descriptor or die (flock(2)). The
 * descriptor is closed in all programs that Node.js starts, so no child keeps the lock. `path` is for what goes wrong.
 */
export async function flock(descriptor: number, path: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  for (const [command, ...args] of PROGRAMS) {
    const ended = await run(command, args, descriptor, env);
    if (!ended) continue;
    if (ended.code === 0) return true;
    if (ended.code === 1) return false;
    throw fault.lockFailed(path, `${command}: ${ended.words.trim() || `exit code ${ended.code}`}`);
  }
  throw fault.lockProgramMissing();
}

/** undefined if there is no such program. */
function run(
  command: string,
  args: readonly string[],
  descriptor: number,
  env: NodeJS.ProcessEnv,
): Promise<Ended | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe', descriptor] });
    let words = '';
    child.stderr?.setEncoding('utf8').on('data', chunk => {
      words += chunk;
    });
    child.on('error', error => (errorCode(error) === 'ENOENT' ? resolve(undefined) : reject(error)));
    child.on('close', code => resolve({ code, words }));
  });
}
