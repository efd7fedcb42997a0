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
 * up once more. A file is named by when it was stored, and its push: `001795811000000.20261122T113000-9f86d081`.
 */
export function keptRecords(root: string) {
  const { dropNew, dropStored } = spoolLayout(root);
  const names = async () => (await ifThere(dropStored, () => readdir(dropStored), [])).toSorted();

  /** Takes a record out of the drop. `now` is in milliseconds since 1970. To do it again is no error. */
  const keep = async (id: string, now: number): Promise<void> => {
    const kept = join(dropStored, `${String(now).padStart(15, '0')}.${id}`);
    const move = () => ifThere(dropNew, () => rename(join(dropNew, id), kept).then(() => true), false);
    if (await move()) return;
    // Either the record is gone, or the folder is not there yet.
    await inSpool(dropStored, () => mkdir(dropStored, { recursive: true }));
    await move();
  };

  /** Their pushes, in the order in which they were stored. */
  const ids = async () => (await names()).map(pushOf);

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

  return { keep, ids, putBack, sweep };
}

function pushOf(name: string): string {
  return name.replace(/^\d+\./, '');
}
