import { fault } from '../../errors.ts';

/** Loaded where an outbox on PostgreSQL is configured, and nowhere else. */
export function loadPg() {
  return loaded('pg', () => import('pg'));
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
