import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** A whole process, from its start to its end. */
export interface Command {
  readonly words: readonly string[];
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly input?: string;
}

/** Milliseconds that a command takes. Its output goes nowhere; fails with its complaints where it does not end well. */
export async function timeOf(command: Command, wellEnded: readonly number[] = [0]): Promise<number> {
  const complaints = namelessFile();
  try {
    const begin = performance.now();
    const [code] = await once(start(command, complaints), 'exit');
    const took = performance.now() - begin;
    if (wellEnded.includes(code)) return took;
    throw new Error(`${command.words.join(' ')} ended with ${code}: ${contentOf(complaints)}`);
  } finally {
    closeSync(complaints);
  }
}

/** Milliseconds of the processor that a command and all whom it has waited for take, to ten of them. Fails where it does not end well. */
export async function cpuOf({ words, ...rest }: Command): Promise<number> {
  const script = '"$@" >/dev/null 2>&1 || exit; times';
  const child = spawn('sh', ['-c', script, 'sh', ...words], {
    cwd: rest.cwd,
    env: rest.env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.on('error', () => {}).end(rest.input ?? '');
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}`);
  // `0m0.00s 0m0.00s` of the shell itself, and a line like it of its children.
  const times = [
    ...(printed
      .trim()
      .split('\n')
      .at(-1)
      ?.matchAll(/(\d+)m([\d.]+)s/g) ?? []),
  ];
  return times.reduce(
    (sum, [, minutes, seconds]) => sum + 60_000 * Number(minutes) + 1000 * Number(seconds),
    0,
  );
}

/** @param complaints where they go: somebody who listens, an open file or nowhere */
export function start(
  { words: [file = '', ...words], cwd, env, input }: Command,
  complaints: 'pipe' | 'ignore' | number = 'pipe',
): ChildProcess {
  const child = spawn(file, words, {
    cwd,
    env,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', complaints],
  });
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  return child;
}

/** To listen to a worker that tells of a thousand mails would take from the machine what is being measured. */
function namelessFile(): number {
  const path = join(tmpdir(), `refpost-bench-${process.pid}`);
  const file = openSync(path, 'w+');
  unlinkSync(path);
  return file;
}

function contentOf(file: number): string {
  const bytes = Buffer.alloc(fstatSync(file).size);
  readSync(file, bytes, 0, bytes.length, 0);
  return bytes.toString();
}

export type Task = () => Promise<number>;

/**
 * The median of each task over so many rounds. The tasks take turns, so that whatever else the machine does meets all of
 * them; a first round that fills the caches does not count.
 */
export async function medians<Name extends string>(
  tasks: Readonly<Record<Name, Task>>,
  rounds: number,
): Promise<Record<Name, number>> {
  const names = Object.keys(tasks) as Name[];
  const taken = new Map<Name, number[]>(names.map(name => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    // To and fro, so that none is always the one after another.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const took = await tasks[name]();
      if (round > 0) taken.get(name)?.push(took);
    }
  }
  return Object.fromEntries(names.map(name => [name, median(taken.get(name) ?? [])])) as Record<Name, number>;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
