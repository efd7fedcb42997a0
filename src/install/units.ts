import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { resolveTransport } from '../delivery/transport.ts';
import { fault } from '../errors.ts';
import { programCommand, shellWords } from '../hook/worker.ts';
import type { World } from '../model/world.ts';
import { openWorkplace, type Workplace } from '../repository/workplace.ts';
import { takeBackUnits, writeUnits } from './unit-files.ts';
import { type UnitPlan, unitsOf } from './unit-text.ts';

/** Where systemd looks for the units of an administrator (systemd.unit(5)). */
const UNIT_FOLDER = '/etc/systemd/system';

/** `refpost install --systemd`: writes the units for a repository's outbox, and says what to do with them. */
export async function installUnits(world: World, folder: string, units = UNIT_FOLDER): Promise<void> {
  const workplace = await openWorkplace(world, folder, []);
  const plan = await planOf(world, workplace);
  const where = resolve(world.cwd, units);
  await writeUnits(where, unitsOf(plan), plan.spool);
  for (const { file } of unitsOf(plan)) world.stdout.write(`wrote ${join(where, file)}\n`);
  world.stdout.write(nextSteps(plan, workplace, where));
}

/** `refpost install --uninstall --systemd`: removes the units, if nobody has changed them. */
export async function uninstallUnits(world: World, folder: string, units = UNIT_FOLDER): Promise<void> {
  const plan = await planOf(world, await openWorkplace(world, folder, []));
  const where = resolve(world.cwd, units);
  const done = await takeBackUnits(where, unitsOf(plan), plan.spool);
  const lines = done.map(({ path, ours }) =>
    ours ? `removed ${path}` : `${path} is not as refpost wrote it, and is left`,
  );
  const last =
    done.length > 0 ? 'Now: systemctl daemon-reload' : `there are no units for ${plan.spool} in ${where}`;
  world.stdout.write(`${[...lines, last].join('\n')}\n`);
}

async function planOf(world: World, { git, config, spool }: Workplace): Promise<UnitPlan> {
  const repository = git.gitDir;
  const { uid, gid } = await stat(spool).catch(() => {
    throw fault.noSpool(spool);
  });
  const command = programCommand(world.home);
  for (const path of [repository, spool, ...command]) if (/\p{Cc}/u.test(path)) throw fault.unitPath(path);
  return {
    name: config.spool === undefined ? `refpost-${nameOf(repository)}` : 'refpost',
    spool,
    repository,
    user: uid,
    group: gid,
    command,
    sendmail: resolveTransport(config.transport).kind === 'sendmail',
  };
}

/** What a unit may be called by (systemd.unit(5)); of a repository with a work tree, the work tree's name. */
function nameOf(gitDir: string): string {
  const folder = basename(gitDir) === '.git' ? dirname(gitDir) : gitDir;
  return basename(folder)
    .replace(/\.git$/, '')
    .replace(/[^\w.-]/g, '-');
}

function nextSteps({ name, repository }: UnitPlan, { config }: Workplace, where: string): string {
  const own = shellWords([repository]);
  const scope = config.spool === undefined ? `git -C ${own} config` : 'git config --system';
  const copy = where === UNIT_FOLDER ? '' : `Copy them to ${UNIT_FOLDER}, as root.\n`;
  return `${copy}Then, for a worker that keeps running:
  systemctl daemon-reload && systemctl enable --now ${name}.service
or, for one that runs every minute:
  systemctl daemon-reload && systemctl enable --now ${name}-once.timer
and, so that the hook starts none:
  ${scope} refpost.worker service
To check that all is well: refpost status --repo ${own}
`;
}
