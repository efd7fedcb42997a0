import { resolve } from 'node:path';
import { openRepository } from '../git/open-repository.ts';
import type { Override } from '../model/push.ts';
import type { World } from '../model/world.ts';
import { readListing, readText } from '../repository/workplace.ts';
import { configCommand } from './config.ts';

/** `refpost config`. */
export async function showConfig(
  world: World,
  folder: string,
  overrides: readonly Override[],
): Promise<void> {
  const git = await openRepository(resolve(world.cwd, folder), world.env);
  const listing = await readListing(git);
  const text = configCommand({
    listing,
    directory: git.gitDir,
    overrides,
    home: world.env.HOME,
    readFile: readText,
  });
  world.stdout.write(text);
}
