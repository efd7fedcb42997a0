import fs, { open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { TestContext } from 'node:test';

const PROMISES = ['writeFile', 'rename', 'rm', 'unlink', 'mkdir', 'truncate', 'chmod', 'open'] as const;
const HANDLE = ['writeFile', 'appendFile', 'sync', 'datasync', 'chmod'] as const;

/** Lets so many changes of the disk happen, and none after them, as if the process had died there. Returns how to end that, and whether it was met. */
export async function dieAfter(t: TestContext, changes: number): Promise<() => boolean> {
  let count = 0;
  const file = await open(import.meta.filename, 'r');
  const handle = Object.getPrototypeOf(file);
  await file.close();
  const stop = (target: object, name: string) => {
    const original = Reflect.get(target, name) as (...args: unknown[]) => unknown;
    t.mock.method(
      target as never,
      name as never,
      async function (this: unknown, ...args: unknown[]) {
        const isLook = name === 'open' && args[1] === 'r';
        if (!isLook && ++count > changes) throw new Error('it died');
        return original.apply(this, args);
      } as never,
    );
  };
  for (const name of PROMISES) stop(fs, name);
  for (const name of HANDLE) stop(handle, name);
  syncBuiltinESMExports();
  return () => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
    return count > changes;
  };
}
