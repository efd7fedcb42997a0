import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { removeLedger, startLedger } from '../announce/first-ledger.ts';
import { DatabaseAway, fault, OperatorError } from '../errors.ts';
import { openRepository } from '../git/open-repository.ts';
import { programCommand, scriptOf } from '../hook/worker.ts';
import { install as installHook } from '../install/install.ts';
import { runForHost } from '../install/install-host.ts';
import { uninstall as uninstallHook } from '../install/uninstall.ts';
import { installUnits, uninstallUnits } from '../install/units.ts';
import { runMigrate } from '../migrate/migrate.ts';
import { readAddress } from '../model/address.ts';
import type { World } from '../model/world.ts';
import { openTolerated } from '../repository/workplace.ts';
import { resumeWork } from '../worker/wake.ts';
import type { Command, Options } from './command.ts';

type InstallOptions = Partial<Options>;

/** `refpost install`: in one repository after the other. What stops it in one keeps it from no other; the last fault is thrown. */
export const install: Command = async ({ world, misused }, options: InstallOptions, ...folders) => {
  // `--to a@example.org DIR`: an option that takes several words takes the folder too.
  const words = options.to?.filter(word => isFolder(world, word)) ?? [];
  const to = options.to?.filter(word => !words.includes(word));
  const named = [options.repo, ...folders, ...words].filter(folder => folder !== undefined);
  const { host, root = [], config, dryRun, systemd, intake, sender } = options;
  if (!systemd && (intake || sender)) misused('--intake and --sender go with --systemd');
  if (host !== undefined)
    return runForHost(world, { ...options, host, root: [...root, ...named], to: to ?? [] });
  if (root.length > 0 || config || dryRun) misused('--root, --config and --dry-run go with --host');
  let last: OperatorError | undefined;
  for (const folder of named.length > 0 ? named : [world.env.GIT_DIR || '.']) {
    try {
      if (named.length > 1) world.stdout.write(`${folder}:\n`);
      await installOne(world, folder, { ...options, ...(to && { to }) });
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      if (last) world.stderr.write(`refpost: ${last.message}\n  ${last.remedy}\n`);
      last = error;
    }
  }
  if (last) throw last;
};

/** `refpost migrate`: settings of another mailer, and the place of its hook. */
export const migrate: Command = ({ world }, options: InstallOptions, file) => {
  const { repo = world.env.GIT_DIR || '.' } = options;
  const install = () => installHere(world, repo, {});
  return runMigrate(world, { ...options, repo, file }, install, () => uninstallHere(world, repo));
};

/** `refpost uninstall`: the same words as of `install --uninstall`. */
export const uninstall: Command = (call, options, ...folders) =>
  install(call, { ...options, uninstall: true }, ...folders);

function isFolder({ cwd }: World, word: string): boolean {
  return (/^[./]/.test(word) || !readAddress(word)) && existsSync(resolve(cwd, word));
}

/** The hook and what it needs; units where they are asked for, and then the rest only with recipients. */
async function installOne(world: World, folder: string, options: InstallOptions): Promise<void> {
  const { systemd, uninstall } = options;
  if (options.to || !systemd)
    await (uninstall ? uninstallHere(world, folder) : installHere(world, folder, options));
  if (systemd) await (uninstall ? uninstallUnits : installUnits)(world, folder, options);
}

async function installHere(
  world: World,
  folder: string,
  { to, from, receiver }: InstallOptions,
): Promise<void> {
  const git = await openRepository(resolve(world.cwd, folder), world.env);
  let away: DatabaseAway | undefined;
  await installHook({
    git,
    addresses: to ?? [],
    from,
    receiver,
    script: scriptOf(world.home),
    command: programCommand(world.home),
    env: world.env,
    host: world.host,
    createBaseline: async (_, spool) => {
      const found = await startLedger(world, git, spool);
      if (found instanceof DatabaseAway) away = found;
      return found === true;
    },
    say: line => world.stdout.write(`${line}\n`),
  });
  if (away) throw fault.installedWhileAway(away);
  const resumed = await resumeWork(world, await openTolerated(world, folder, []));
  if (resumed !== undefined) world.stdout.write(`pushes are waiting: ${resumed}\n`);
}

async function uninstallHere(world: World, folder: string): Promise<void> {
  const git = await openRepository(resolve(world.cwd, folder), world.env);
  let away: DatabaseAway | undefined;
  await uninstallHook({
    git,
    removeBaseline: async (_, spool) => {
      away = await removeLedger(world, git, spool);
    },
    say: line => world.stdout.write(`${line}\n`),
  });
  if (away) throw fault.uninstalledWhileAway(away);
}
