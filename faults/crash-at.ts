import fs from 'node:fs';
import promises, { open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Loaded into a worker with `node --import`: kills it with SIGKILL right after the n-th thing that it does to a disk, where
 * REFPOST_CRASH_AT says n; with REFPOST_CRASH_TORN the n-th is cut in half, if it is a write. It counts every write, sync,
 * rename, removal and new folder, in whatever way they are asked for. Without any tracer, so that it works everywhere.
 */
type Call = (...args: unknown[]) => unknown;
type Calls = Record<string, Call>;

const crashAt = Number(process.env.REFPOST_CRASH_AT);
const torn = process.env.REFPOST_CRASH_TORN === 'yes';
let count = 0;

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  // The signal may take a moment to arrive.
  for (;;);
}

function counted(calls: Calls, name: string): void {
  const original = calls[name] as Call;
  calls[name] = function (this: unknown, ...args: unknown[]) {
    const isLast = ++count === crashAt;
    if (!isLast) return original.apply(this, args);
    try {
      const done = original.apply(this, torn ? halved(args) : args);
      return done instanceof Promise ? done.finally(die) : die();
    } catch {
      return die();
    }
  };
}

/** The first half of whatever was to be written. writeSync(descriptor, bytes, offset, length) says itself how much. */
function halved(args: readonly unknown[]): unknown[] {
  const [descriptor, bytes, offset, length] = args;
  if (typeof length === 'number') return [descriptor, bytes, offset, length >> 1];
  return args.map(arg => {
    if (Buffer.isBuffer(arg)) return arg.subarray(0, arg.length >> 1);
    return typeof arg === 'string' && arg.includes('\n') ? arg.slice(0, arg.length >> 1) : arg;
  });
}

for (const name of ['writeSync', 'appendFileSync']) counted(fs as unknown as Calls, name);
for (const name of ['writeFile', 'rename', 'rm', 'unlink', 'mkdir', 'truncate', 'chmod']) {
  counted(promises as unknown as Calls, name);
}
const file = await open(import.meta.filename, 'r');
const handle = Object.getPrototypeOf(file) as Calls;
for (const name of ['writeFile', 'appendFile', 'sync', 'datasync']) counted(handle, name);
await file.close();
syncBuiltinESMExports();
