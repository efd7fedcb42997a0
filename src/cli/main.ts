import { CommanderError } from 'commander';
import { faultOf } from '../disk/files.ts';
import { EX, OperatorError } from '../errors.ts';
import type { World } from '../model/world.ts';
import { commandLine } from './program.ts';
import { worldOf } from './world.ts';

/** Runs refpost as this process: its words, its streams, its signals, its exit code. */
export async function run(process: NodeJS.Process, home: string): Promise<void> {
  // `refpost notify --dry-run | head` ends when the reader has seen enough.
  process.stdout.on('error', error => {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(EX.OK);
    throw error;
  });
  // Whoever read standard error has gone: that stops nobody's mail, and the log has it all.
  process.stderr.on('error', () => {});
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  process.exitCode = await main(worldOf(process, home), stop.signal);
  // What still runs, such as a git whose disk hangs, keeps nothing waiting.
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}

/** Runs one of the threads of a command. */
export async function runThread(): Promise<void> {
  const { archiveThread } = await import('../commands/archive.ts');
  archiveThread();
}

/** Runs one command and returns its exit code (sysexits(3)). The one place where errors end. */
export async function main(world: World, signal: AbortSignal): Promise<number> {
  let exitCode: number = EX.OK;
  const program = commandLine(world, signal, code => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...world.argv], { from: 'user' });
    world.progress('');
    return exitCode;
  } catch (error) {
    world.progress('');
    return report(error, world);
  }
}

function report(thrown: unknown, world: World): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EX.OK : EX.USAGE;
  const error = faultOf(thrown);
  if (error instanceof OperatorError) {
    world.stderr.write(`refpost: ${error.message}\n${error.remedy.replace(/^/gm, '  ')}\n`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  world.stderr.write(`refpost: this is a bug in refpost, please report it:\n${stack}\n`);
  return EX.SOFTWARE;
}
