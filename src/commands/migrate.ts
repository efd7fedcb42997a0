import { resolve } from 'node:path';
import { openRepository } from '../git/open-repository.ts';
import { migrate as migrateSettings, undoMigration } from '../migrate/migrate.ts';
import type { Command } from './command.ts';
import { installHere, uninstallHere } from './install.ts';

/** `refpost migrate`: settings of another mailer, and its hook. */
export const migrate: Command = async ({ world }, { repo, from, dryRun, keepHook, undo }, file) => {
  const call = {
    git: await openRepository(resolve(world.cwd, repo), world.env),
    install: () => installHere(world, repo, {}),
    uninstall: () => uninstallHere(world, repo),
    say: (line: string) => void world.stdout.write(`${line}\n`),
  };
  if (undo) return undoMigration(call).then(() => undefined);
  const named = { name: from, file: file === undefined ? undefined : resolve(world.cwd, file) };
  const wishes = { dryRun: dryRun === true, keepHook: keepHook === true, home: world.env.HOME };
  return migrateSettings({ ...call, from: named, ...wishes }).then(() => undefined);
};
