import { resolve } from 'node:path';
import { configError } from '../config/config-fault.ts';
import { withLines } from '../config/line-of.ts';
import { overrideEntries } from '../config/listing.ts';

import { readConfig } from '../config/read-config.ts';
import { formatEffective } from '../config/resolve-setting.ts';
import { unknownKeys } from '../config/unknown-key.ts';
import { openRepository } from '../git/open-repository.ts';
import type { Override } from '../model/push.ts';
import type { World } from '../model/world.ts';
import { readListing, readText } from '../repository/workplace.ts';

/** What `refpost config` needs to know. */
export interface ConfigQuestion {
  /** What `git config --list -z --show-origin --show-scope` printed. */
  readonly listing: string | Buffer;
  /** The directory in which git printed it: relative file names start there. */
  readonly directory: string;
  readonly overrides: readonly Override[];
  /** What `~/` stands for. */
  readonly home: string | undefined;
  /** The only setting to show, with or without `refpost.`; all if left out. */
  readonly key?: string | undefined;
  /** A file's text, or undefined if it cannot be read: lines are told where they can be found. */
  readonly readFile: (path: string) => string | undefined;
}

/**
 * `refpost config`: every effective value with the file and line that it comes from, as text.
 * @throws OperatorError with all faults, their lines too
 */
export function configCommand({
  listing,
  directory,
  overrides,
  home,
  key,
  readFile,
}: ConfigQuestion): string {
  const readOrigin = (origin: string) => readFile(resolve(directory, origin));
  const reading = readConfig(listing, overrides, home);
  if ('faults' in reading) throw configError(withLines(reading.faults, readOrigin));
  const effective = withLines(reading.effective, readOrigin);
  return formatEffective(key === undefined ? effective : effective.filter(isNamed(key)));
}

/** @throws OperatorError if there is no such setting */
function isNamed(key: string): (setting: { readonly key: string }) => boolean {
  const name = `refpost.${key.replace(/^refpost\./i, '')}`.toLowerCase();
  const [unknown] = unknownKeys(overrideEntries([{ key: name, value: '' }]));
  if (unknown) throw configError([unknown]);
  return setting => setting.key.toLowerCase() === name;
}

/** `refpost config [key]`. */
export async function showConfig(
  world: World,
  folder: string,
  overrides: readonly Override[],
  key?: string,
): Promise<void> {
  const git = await openRepository(resolve(world.cwd, folder), world.env);
  const listing = await readListing(git);
  const text = configCommand({
    listing,
    directory: git.gitDir,
    overrides,
    home: world.env.HOME,
    key,
    readFile: readText,
  });
  world.stdout.write(text);
}
