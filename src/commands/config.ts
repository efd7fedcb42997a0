import { resolve } from 'node:path';
import { configError } from '../config/config-fault.ts';
import { unknownKeys } from '../config/keys.ts';
import { withLines } from '../config/line-of.ts';
import { overrideEntries } from '../config/listing.ts';
import { readConfig } from '../config/read-config.ts';
import { formatEffective } from '../config/resolve-setting.ts';
import { openRepository } from '../git/open-repository.ts';
import { listSettings, readText } from '../repository/workplace.ts';
import type { Command } from './command.ts';

/** `refpost config [key]`: every value in force with the file and line that it comes from. Fails with all faults, their lines too. */
export const config: Command = async ({ world }, { repo, c }, key) => {
  const git = await openRepository(resolve(world.cwd, repo), world.env);
  const readOrigin = (origin: string) => readText(resolve(git.gitDir, origin));
  const { faults, ...reading } = readConfig(await listSettings(git), c, world.env.HOME);
  if (faults.length > 0) throw configError(withLines(faults, readOrigin));
  const effective = withLines(reading.effective, readOrigin);
  world.stdout.write(formatEffective(key === undefined ? effective : effective.filter(isNamed(key))));
};

/** @param key with or without `refpost.` @throws OperatorError if there is no such setting */
function isNamed(key: string): (setting: { readonly key: string }) => boolean {
  const name = `refpost.${key.replace(/^refpost\./i, '')}`.toLowerCase();
  const [unknown] = unknownKeys(overrideEntries([{ key: name, value: '' }]));
  if (unknown) throw configError([unknown]);
  return setting => setting.key.toLowerCase() === name;
}
