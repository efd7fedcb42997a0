import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

/** How one run of a program ended. */
export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The first of what it wrote. */
  readonly output: Buffer;
  /** Set if it could not be started at all. */
  readonly fault?: string;
  /** What it was ended for: the time that it took, or all that it wrote. */
  readonly excess?: 'time' | 'output';
}

export interface RunOptions extends Pick<SpawnOptions, 'env'> {
  readonly input?: Buffer;
  /** Milliseconds that the run may take. */
  readonly limit: number;
  /** Ends the run. */
  readonly stop?: AbortSignal | undefined;
  /** Bytes of its output that are kept. */
  readonly most: number;
  /** `standard`: of its output standard output alone is read, and the run is ended where that is more than is kept. */
  readonly reads?: 'all' | 'standard';
}

/** Milliseconds in which what the program wrote must have come, once it has ended. */
const LAST_WORDS = 500;

/** Runs a program in a group of its own, so that what it has started ends with it. Where it has ended by itself, what it left is its own affair. */
export function run(
  path: string,
  args: readonly string[],
  { input, limit, stop, most, reads = 'all', env }: RunOptions,
): Promise<Run> {
  return new Promise(resolve => {
    const child: ChildProcess = spawn(path, args, {
      detached: true,
      stdio: ['pipe', 'pipe', reads === 'all' ? 'pipe' : 'ignore'],
      ...(env && { env }),
    });
    let output = Buffer.alloc(0);
    let excess: Run['excess'];
    const kill = () => killGroup(child);
    const exceed = (what: Run['excess']) => {
      excess ??= what;
      kill();
    };
    // Not spawn's own timeout: that one goes on, and holds the process, where the program cannot be started.
    const timer = setTimeout(exceed, limit, 'time');
    if (stop?.aborted) kill();
    stop?.addEventListener('abort', kill);
    const ended = () => {
      clearTimeout(timer);
      stop?.removeEventListener('abort', kill);
    };
    const note = (chunk: Buffer) => {
      if (reads === 'standard' && output.length + chunk.length > most) exceed('output');
      output = Buffer.concat([output, chunk.subarray(0, most - output.length)]);
    };
    child.stdout?.on('data', note);
    child.stderr?.on('data', note);
    const end = (how: Pick<Run, 'code' | 'signal' | 'fault'>) =>
      resolve({ ...how, output, ...(excess && { excess }) });
    child.on('error', error => {
      ended();
      end({ code: null, signal: null, fault: error.message });
    });
    child.on('exit', () => {
      ended();
      endStreams(child);
    });
    child.on('close', (code, signal) => end({ code, signal }));
    // It may end without reading all: its exit code tells more than a broken pipe.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** Ends a program that was started `detached`, and what it has started. */
export function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has taken another user's rights: this says so.
    child.kill('SIGKILL');
  }
}

/** A process that it left in the background may hold its streams open for as long as it likes. */
function endStreams(child: ChildProcess): void {
  const timer = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, LAST_WORDS);
  child.on('close', () => clearTimeout(timer));
}
