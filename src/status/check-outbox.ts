import { existsSync } from 'node:fs';
import { access, constants, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, inSpool, syncFolder, writeNew } from '../disk/files.ts';
import { EX } from '../errors.ts';
import { counted } from '../model/numbers.ts';
import { type SpoolLayout, spoolLayout } from '../model/spool-layout.ts';
import type { World } from '../model/world.ts';
import { serverName } from '../repository/database-of.ts';
import type { Tolerated } from '../repository/workplace.ts';
import { checkFleet } from './check-fleet.ts';
import { type Checks, type Finding, fail, failure, ok, warn, warnIf } from './finding.ts';
import { diskFault } from './look.ts';
import { readStatus } from './status.ts';

/** Where pushes wait: the folders and their disk, and what waits there. */
export const OUTBOX_CHECKS: Checks = { outbox, fleet, queue, archive };

async function outbox(world: World, { spool, git }: Tolerated): Promise<Finding | readonly Finding[]> {
  const layout = spoolLayout(spool);
  const { dropTmp, dropNew, queue, done, failed, ledger } = layout;
  for (const folder of [dropTmp, dropNew, queue, done, failed, ledger]) {
    const denied = await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).catch(errorCode);
    const remedy = 'create it with refpost install; check its owner and permissions';
    // A hook makes what it needs, and the first worker the rest.
    if (denied === 'ENOENT' && ![dropTmp, dropNew].includes(folder)) continue;
    if (denied === 'ENOENT') return fail(`${folder} is not there`, remedy);
    if (denied === 'EACCES') return fail(`${folder} cannot be written by ${world.user}`, remedy, EX.NOPERM);
  }
  const full = await diskFault(spool);
  if (full) return failure(full);
  await probeDisk(layout);
  return [ok(spool), ...(await sharing(git.gitDir, spool))];
}

/** Where the outbox is a database. */
async function fleet(world: World, place: Tolerated): Promise<readonly Finding[]> {
  if (place.config.outbox === undefined) return [];
  const findings = (await checkFleet(world, place)).map(([, finding]) => finding);
  return findings.filter(({ mark }, nth) => nth === 0 || mark !== 'ok');
}

/** Writes, syncs and removes a file where hooks write theirs. Throws an OperatorError where that fails. */
async function probeDisk({ dropTmp }: SpoolLayout): Promise<void> {
  const path = join(dropTmp, `doctor-${process.pid}`);
  await inSpool(path, async () => {
    try {
      // What a small push takes.
      await writeNew(path, Buffer.alloc(4096, '\n'), 0o660);
      await syncFolder(dropTmp);
    } finally {
      await rm(path, { force: true });
    }
  });
}

/** People whose pushes git takes have to be able to record them. */
async function sharing(gitDir: string, spool: string): Promise<readonly Finding[]> {
  const [objects, ours] = await Promise.all([stat(`${gitDir}/objects`), inSpool(spool, () => stat(spool))]);
  return warnIf(
    (objects.mode & 0o020) !== 0 && (ours.mode & 0o020) === 0,
    'the group may push to this repository, and cannot write to the outbox: such pushes are not recorded',
    `git -C ${gitDir} config core.sharedRepository group; chmod -R g+rwX ${spool}; find ${spool} -type d -exec chmod g+s {} +`,
  );
}

/** Where the worker adds mails to archives: they can be written, and have what was pushed. */
async function archive({ user }: World, { sections, spool }: Tolerated): Promise<readonly Finding[]> {
  const folders = [...new Set(sections.flatMap(({ config }) => config.archive ?? []))];
  const findings = await Promise.all(
    folders.map(async folder => {
      // It is made with the first mail.
      const place = existsSync(folder) ? folder : dirname(folder);
      const denied = await access(place, constants.W_OK | constants.X_OK).catch(errorCode);
      const remedy = 'create it; check its owner and permissions';
      return denied ? fail(`the archive ${folder} cannot be written by ${user}`, remedy) : ok(folder);
    }),
  );
  const noted = await readdir(spoolLayout(spool).toArchive).catch(() => []);
  const waiting = warnIf(
    noted.length > 0,
    `the mails of ${counted(noted.length, 'push')} are not in the archive yet`,
    'run refpost work --once; if they stay, the log says why',
  );
  return [...findings, ...waiting];
}

async function queue(world: World, workplace: Tolerated): Promise<Finding | readonly Finding[]> {
  const { config } = workplace;
  if (!existsSync(workplace.spool)) return [];
  const { troubles, waitingFor } = await readStatus(
    world,
    workplace,
    config.outbox && { shows: serverName(config) },
  );
  // Those two have lines of their own.
  const others = troubles.filter(({ kind }) => kind !== 'settings' && kind !== 'disk');
  if (others.length > 0)
    return others.map(({ kind, what, remedy }) => (kind === 'waiting' ? warn : fail)(what, remedy));
  return ok(waitingFor === undefined ? 'empty' : `waiting for ${waitingFor}`);
}
