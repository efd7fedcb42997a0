import type { Override } from '../model/push.ts';
import type { World } from '../model/world.ts';
import { openTolerated } from '../repository/workplace.ts';
import { type StatusFormat, showStatus } from '../status/status.ts';

/** `refpost status`. Returns the exit code. */
export async function status(
  world: World,
  folder: string,
  overrides: readonly Override[],
  format: StatusFormat,
): Promise<number> {
  return showStatus(world, () => openTolerated(world, folder, overrides), format);
}
