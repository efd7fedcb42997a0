import type { Override } from '../model/push.ts';
import type { World } from '../model/world.ts';
import { openTolerated } from '../repository/workplace.ts';
import { examine } from '../status/doctor.ts';

/** `refpost doctor`. Returns the exit code. */
export async function doctor(world: World, folder: string, overrides: readonly Override[]): Promise<number> {
  return examine(world, await openTolerated(world, folder, overrides));
}
