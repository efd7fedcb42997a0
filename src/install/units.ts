import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { resolveTransport } from '../delivery/transport.ts';
import { fault } from '../errors.ts';
import { programCommand, shellWords } from '../hook/worker.ts';
import type { Config } from '../model/config.ts';
import type { World } from '../model/world.ts';
import { databaseIn } from '../repository/database-of.ts';
import { openOutside, openTolerated, strict, type Workplace } from '../repository/workplace.ts';
import { takeBackUnits, writeUnits } from './unit-files.ts';
import { type UnitPlan, unitsOf } from './unit-text.ts';

/** Where systemd looks for the units of an administrator (systemd.unit(5)). */
const UNIT_FOLDER = '/etc/systemd/system';

export interface UnitOptions {
  /** Where they are written, if not where systemd looks for them. */
  readonly units?: string | undefined;
  readonly intake?: true | undefined;
  readonly sender?: true | undefined;
}

/** `refpost install --systemd`: writes the units for a repository's outbox, or for a sender, and says what to do with them. */
export async function installUnits(world: World, folder: string, options: UnitOptions): Promise<void> {
  const { plan, settings } = await planOf(world, folder, options);
  const where = resolve(world.cwd, options.units ?? UNIT_FOLDER);
  await writeUnits(where, unitsOf(plan), plan.outbox);
  for (const { file } of unitsOf(plan)) world.stdout.write(`wrote ${join(where, file)}\n`);
  const copy = where === UNIT_FOLDER ? '' : `Copy them to ${UNIT_FOLDER}, as root.\n`;
  world.stdout.write(copy + nextSteps(plan, settings));
}

/** `refpost install --uninstall --systemd`: removes the units, if nobody has changed them. */
export async function uninstallUnits(world: World, folder: string, options: UnitOptions): Promise<void> {
  const { plan } = await planOf(world, folder, options);
  const where = resolve(world.cwd, options.units ?? UNIT_FOLDER);
  const done = await takeBackUnits(where, unitsOf(plan), plan.outbox);
  const lines = done.map(({ path, ours }) =>
    ours ? `removed ${path}` : `${path} is not as refpost wrote it, and is left`,
  );
  const last =
    done.length > 0 ? 'Now: systemctl daemon-reload' : `there are no units for ${plan.outbox} in ${where}`;
  world.stdout.write(`${[...lines, last].join('\n')}\n`);
}

async function planOf(world: World, folder: string, { intake, sender }: UnitOptions) {
  const place = strict(await (sender ? openOutside(world, []) : openTolerated(world, folder, [])));
  if ((intake || sender) && place.config.outbox === undefined) throw fault.noFleet();
  const plan = await (sender ? senderPlan(world, place) : localPlan(world, place));
  for (const path of [...Object.values(plan.local ?? {}), ...plan.command])
    if (/\p{Cc}/u.test(path)) throw fault.unitPath(path);
  return { plan: { ...plan, ...(intake && { mode: 'intake' as const }) }, settings: place.config };
}

async function localPlan(world: World, { git, config, spool }: Workplace): Promise<UnitPlan> {
  const repository = git.gitDir;
  const { uid, gid } = await stat(spool).catch(() => {
    throw fault.noSpool(spool);
  });
  return {
    name: config.spool === undefined ? `refpost-${nameOf(repository)}` : 'refpost',
    ...{ outbox: spool, local: { spool, repository }, user: uid, group: gid },
    ...commonTo(world, config),
  };
}

/** It has no spool by whose owner to go: it runs as whoever has the password, or else asks for this. */
async function senderPlan(world: World, place: Workplace): Promise<UnitPlan> {
  const { outboxPasswordFile, outboxClientKeyFile } = place.config;
  const secret = outboxPasswordFile ?? outboxClientKeyFile;
  const { uid = 0, gid = 0 } = secret
    ? await stat(secret).catch(cause => {
        throw fault.secretUnreadable(
          outboxPasswordFile ? 'outboxPasswordFile' : 'outboxClientKeyFile',
          secret,
          cause,
        );
      })
    : { uid: process.geteuid?.(), gid: process.getegid?.() };
  if (uid === 0) throw fault.senderAsRoot(secret);
  const outbox = databaseIn(world, place).shown;
  return {
    name: 'refpost-sender',
    outbox,
    mode: 'sender',
    user: uid,
    group: gid,
    ...commonTo(world, place.config),
  };
}

function commonTo(world: World, { transport }: Config): Pick<UnitPlan, 'command' | 'sendmail'> {
  return {
    command: programCommand(world.home),
    sendmail: resolveTransport(transport).kind === 'sendmail',
  };
}

/** What a unit may be called by (systemd.unit(5)); of a repository with a work tree, the work tree's name. */
function nameOf(gitDir: string): string {
  const folder = basename(gitDir) === '.git' ? dirname(gitDir) : gitDir;
  return basename(folder)
    .replace(/\.git$/, '')
    .replace(/[^\w.-]/g, '-');
}

function nextSteps({ name, local }: UnitPlan, { spool }: Config): string {
  if (!local)
    return `Then, for a sender that keeps running:
  systemctl daemon-reload && systemctl enable --now ${name}.service
To check that all is well: refpost status
`;
  const own = shellWords([local.repository]);
  const scope = spool === undefined ? `git -C ${own} config` : 'git config --system';
  return `Then, for a worker that keeps running:
  systemctl daemon-reload && systemctl enable --now ${name}.service
or, for one that runs every minute:
  systemctl daemon-reload && systemctl enable --now ${name}-once.timer
and, so that the hook starts none:
  ${scope} refpost.worker service
To check that all is well: refpost status --repo ${own}
`;
}
