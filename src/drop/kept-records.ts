import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere, inSpool, syncFolder } from '../disk/files.ts';
import { spoolLayout } from '../model/spool-layout.ts';

const DAY = 24 * 60 * 60 * 1000;

/** Days for which records of pushes that are in a database are kept: how old a copy of it may be that loses nothing. */
const KEPT_DAYS = 14;

export type KeptRecords = ReturnType<typeof keptRecords>;

/**
 * Where records wait that a database has stored, in the spool at `root`: it may come back as it was days ago, and what it has lost then is picked
 * up once more. A file is named by when it was stored, its push, and the home (Intake.home) in which it was stored, since another database has not lost it:
 * `001795811000000.20261122T113000-9f86d081.5d41402abc4b2a76`.
 */
export function keptRecords(root: string) {
  const { dropNew, dropStored } = spoolLayout(root);
  const names = async () => (await ifThere(dropStored, () => readdir(dropStored), [])).toSorted();

  /** Takes a record out of the drop. `now` is in milliseconds since 1970. To do it again is no error. */
  const keep = async (id: string, home: string, now: number): Promise<void> => {
    const kept = join(dropStored, `${String(now).padStart(15, '0')}.${id}.${home}`);
    const move = () => ifThere(dropNew, () => rename(join(dropNew, id), kept).then(() => true), false);
    if (await move()) return;
    // Either the record is gone, or the folder is not there yet.
    await inSpool(dropStored, () => mkdir(dropStored, { recursive: true }));
    await move();
  };

  /** The pushes that were stored in a home, in the order in which they were. */
  const ids = async (home: string) => (await names()).filter(name => name.endsWith(`.${home}`)).map(pushOf);

  /** Has records wait in the drop again. */
  const putBack = async (lost: ReadonlySet<string>): Promise<void> => {
    for (const name of await names()) {
      const id = pushOf(name);
      if (lost.has(id)) await inSpool(dropNew, () => rename(join(dropStored, name), join(dropNew, id)));
    }
    await inSpool(dropNew, () => syncFolder(dropNew));
  };

  /** Removes those that were stored too long before `now`. */
  const sweep = async (now: number): Promise<void> => {
    for (const name of await names())
      if (Number.parseInt(name, 10) < now - KEPT_DAYS * DAY)
        await inSpool(dropStored, () => rm(join(dropStored, name), { force: true }));
  };

  /** Forgets all of them: the outbox is elsewhere from now on. */
  const clear = () => inSpool(dropStored, () => rm(dropStored, { recursive: true, force: true }));

  return { keep, ids, putBack, sweep, clear };
}

function pushOf(name: string): string {
  return name.replace(/^\d+\.|\.[^.]*$/g, '');
}
