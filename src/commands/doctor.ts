import { EX } from '../errors.ts';
import type { Override } from '../model/push.ts';
import type { World } from '../model/world.ts';
import { openWorkplace } from '../repository/workplace.ts';
import { examine } from '../status/doctor.ts';

/** `refpost doctor`. Returns the exit code. */
export async function doctor(world: World, folder: string, overrides: readonly Override[]): Promise<number> {
  const workplace = await openWorkplace(world, folder, overrides);
  return (await examine(world, workplace)) ? EX.OK : EX.CONFIG;
}
