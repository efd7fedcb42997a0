import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { inSpool, isSame } from '../disk/files.ts';
import { openDrop } from '../drop/drop.ts';
import { keptRecords } from '../drop/kept-records.ts';
import { EX, fault } from '../errors.ts';
import { counted } from '../model/numbers.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import type { World } from '../model/world.ts';
import { holder, takeLock } from '../outbox/directory/lock.ts';
import { readMark, removeMark, writeMark } from '../outbox/directory/moved-mark.ts';
import { movable } from '../outbox/directory/moving.ts';
import { openOutbox } from '../outbox/directory/open-outbox.ts';
import type { Spool } from '../outbox/directory/spool.ts';
import { type Moved, moveOutbox } from '../outbox/moving.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { movableFleet } from '../outbox/postgres/moving.ts';
import { openPostgresOutbox } from '../outbox/postgres/open-outbox.ts';
import { requireSchema } from '../outbox/postgres/schema.ts';
import { databaseIn, fleetName, serverName } from '../repository/database-of.ts';
import type { OutboxPlace } from '../repository/outbox-of.ts';
import type { Tolerated } from '../repository/workplace.ts';
import { openWorkplaces } from '../repository/workplaces.ts';

/** Whose settings name the database. */
type Place = OutboxPlace & Pick<Tolerated, 'wrong'>;

interface MoveOptions {
  /** The spool. */
  readonly root: string;
  /** From the database into the directory. */
  readonly isBack: boolean;
  /** With the pushes that are finished. */
  readonly finished: boolean;
}

interface MovedSpool extends Moved {
  readonly database: string;
  /** Repositories whose settings name another place than where their outbox is now. */
  readonly elsewhere: readonly string[];
}

/** `refpost fleet move`, and what it tells. Returns the exit code. */
export async function moveSpool(world: World, place: Place, options: MoveOptions): Promise<number> {
  const { root, isBack } = options;
  const { pushes, mails, repositories, damaged, elsewhere, database } = await move(world, place, options);
  const way = isBack ? `from ${database} to ${root}` : `from ${root} to ${database}`;
  const what = `${counted(pushes, 'push')} with ${counted(mails, 'mail')}`;
  world.stdout.write(`moved ${what}, and ${counted(repositories.length, 'ledger')}, ${way}\n`);
  const say = (line: string) => world.stderr.write(`refpost: ${line}\n`);
  for (const { ref, damaged: why } of damaged)
    say(`push ${ref.number} (${ref.id}) stays where it is, because it is damaged: ${why}`);
  const todo = isBack
    ? 'still name a database: take refpost.outbox away'
    : 'do not name the database yet: set refpost.outbox';
  for (const repository of elsewhere) say(`the settings of ${repository} ${todo}`);
  return damaged.length > 0 ? EX.UNAVAILABLE : EX.OK;
}

/**
 * Moves the outbox of a spool into the database that settings name, or back, while no worker is at it. From the first step to the last, a mark in the spool
 * keeps all others from it, in whatever way this process ends. It can be called again then, also the other way.
 */
async function move(world: World, place: Place, options: MoveOptions): Promise<MovedSpool> {
  const { root, isBack, finished } = options;
  const database = databaseIn(world, place);
  await requireSchema(database);
  const [role] = await database.query<{ owns: boolean }>('select refpost.speaks_for(null) as owns');
  if (!role?.owns) throw fault.moveDenied(database.shown);
  const spool: Spool = { layout: spoolLayout(root), rights: await rightsIn(root) };
  const lock = await takeLock(root, 'umask', world.env);
  if (!lock) throw fault.moveBusy(root, (await holder(root))?.pid);
  const workplaces = openWorkplaces(world);
  const settingsOf = (repository: string) => workplaces.tolerated(repository, []);
  const server = serverName(place.config);
  const nameOf = async (repository: string) => {
    const { config } = isThere(repository) ? await settingsOf(repository) : { config: {} };
    return fleetName({ fleetName: undefined, ...config, server }, repository);
  };
  const inDatabase = openPostgresOutbox(database, { server, mode: 'worker', nameOf, now: world.now });
  const inSpoolFolder = openOutbox(root, 'umask');
  try {
    const known = (await readMark(root))?.repositories ?? [];
    await writeMark(spool, { database: database.shown, isDone: false, repositories: known });
    await inSpoolFolder.recover();
    await retireKnown(root, isBack ? inDatabase : inSpoolFolder);
    // What another outbox has stored is finished, or comes along.
    await keptRecords(root).clear();
    const directory = movable(spool);
    const repositories = [...new Set([...known, ...(await directory.repositories())])].toSorted();
    await writeMark(spool, { database: database.shown, isDone: false, repositories });
    const isOurs = async (repository: string) =>
      isThere(repository)
        ? isSame((await settingsOf(repository)).spool, root)
        : repositories.includes(repository);
    const shared = { database, server, nameOf, isOurs, repositories, now: world.now };
    const fleet = movableFleet({ ...shared, outbox: inDatabase });
    const [from, to] = isBack ? [fleet, directory] : [directory, fleet];
    const moved = await moveOutbox(from, to, finished);
    if (isBack) await removeMark(spool);
    else await writeMark(spool, { database: database.shown, isDone: true, repositories });
    const elsewhere: string[] = [];
    for (const repository of moved.repositories.filter(isThere)) {
      const { config } = await settingsOf(repository);
      if ((config.outbox === undefined) !== isBack) elsewhere.push(repository);
    }
    return { ...moved, database: database.shown, elsewhere };
  } finally {
    await inDatabase
      .close()
      .finally(inSpoolFolder.close)
      .finally(workplaces.close)
      .finally(lock.release)
      .finally(database.close);
  }
}

/** Takes away records that one outbox knows: the other one would not, if their pushes are finished. */
async function retireKnown(root: string, { knows }: Pick<Outbox, 'knows'>): Promise<void> {
  const drop = openDrop(root);
  for (const id of await drop.names()) if (await knows(id)) await drop.retire(id);
}

/** False for a repository that was removed: its settings are gone. */
function isThere(repository: string): boolean {
  return statSync(repository, { throwIfNoEntry: false }) !== undefined;
}

/** What is made has the rights of what is there. */
async function rightsIn(root: string): Promise<Spool['rights']> {
  const { queue } = spoolLayout(root);
  const found = await inSpool(queue, () => stat(queue).catch(() => undefined));
  if (!found) throw fault.notASpool(root);
  return { folder: found.mode & 0o2777, file: found.mode & 0o666 };
}
