import { fault } from '../../errors.ts';

/**
 * Loaded where an outbox on PostgreSQL is configured, and nowhere else. pg 8 asks `navigator` whether it runs at Cloudflare. Where there is none, as in Node.js 20,
 * it makes a `Response` to find out, for which node loads all of `fetch`: half of what pg takes to load (bench, set `fleet`). So there is one meanwhile.
 */
export async function loadPg() {
  const hasNone = !('navigator' in globalThis);
  if (hasNone) Object.assign(globalThis, { navigator: { userAgent: 'Node.js' } });
  try {
    return await loaded('pg', () => import('pg'));
  } finally {
    if (hasNone) Reflect.deleteProperty(globalThis, 'navigator');
  }
}

export function loadGraphileWorker() {
  return loaded('graphile-worker', () => import('graphile-worker'));
}

async function loaded<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw fault.packageMissing(name, error);
  }
}
