import type { Override } from '../model/push.ts';
import type { World } from '../world.ts';
import { exitCodeOf, otherWorker, type WorkMode, work } from './work.ts';
import { openWorkplace } from './workplace.ts';

/** `refpost work`. Returns the exit code. */
export async function workHere(
  world: World,
  folder: string,
  overrides: readonly Override[],
  mode: WorkMode,
  signal: AbortSignal,
): Promise<number> {
  const workplace = await openWorkplace(world, folder, overrides);
  const worked = await work(world, workplace, mode, signal);
  if (!worked.ran) world.stderr.write(`refpost: ${await otherWorker(workplace)}\n`);
  return exitCodeOf(worked);
}
