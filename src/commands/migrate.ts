import { runMigrate } from '../migrate/migrate.ts';
import type { Command } from './command.ts';
import { installHere, uninstallHere } from './install.ts';

/** `refpost migrate`: settings of another mailer, and the place of its hook. */
export const migrate: Command = ({ world }, { c, ...options }, file) =>
  runMigrate(
    world,
    { ...options, file },
    {
      install: () => installHere(world, options.repo, {}),
      uninstall: () => uninstallHere(world, options.repo),
    },
  );
