import { lstat, mkdir, readdir, rename, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, ifThere, inSpool, readPlain, replaceFile, syncFolder, writeNew } from '../disk/files.ts';
import { folderWatcher } from '../disk/wait-until.ts';
import { type SpoolLayout, spoolLayout } from '../model/spool-layout.ts';
import type { Reason } from '../model/status.ts';
import { parseRecord, type ReadRecord, type RecordFault } from './record.ts';

const DAY = 24 * 60 * 60 * 1000;

/** Who may read the spool is decided by its folders' modes; inside, files are the group's. */
const FILE_MODE = 0o660;

/** Milliseconds in which a hook that has written a record has the machine to itself: without them a push is slower, with more only the mail (bench, sets `push` and `inbox`). */
const LEAVE = 10;

export type Drop = ReturnType<typeof openDrop>;

/**
 * Where hooks leave their records until a worker picks them up, in the spool at `root`. Everybody who asks about recorded pushes asks
 * here. A record is named by its push id. Every operation throws an OperatorError where rights, space or the disk are in the way.
 */
export function openDrop(root: string) {
  const layout = spoolLayout(root);
  const path = (id: string) => join(layout.dropNew, id);

  /** The records that wait, in no order. Names that the hook would not give are among them: such a file is condemned, and not overlooked. */
  const names = async () => (await namesIn(layout.dropNew)).filter(name => !name.startsWith('.'));

  /** The same, oldest first: by the second in their name, and within a second by when they were written. */
  const list = async () => byAge(layout.dropNew, await names());

  const read = (id: string) => inSpool(path(id), () => readRecord(id, path(id)));

  /** All of them, as listed; with the error where one cannot be read by this user. */
  const readAll = async () => {
    const readOne = async (id: string) => ({ id, record: await read(id).catch((error: Error) => error) });
    return Promise.all((await list()).map(readOne));
  };

  /** The recorded pushes to a repository, as far as they can be read. */
  const pushesTo = async (repository: string) =>
    (await readAll()).flatMap(({ record }) =>
      'push' in record && record.push.repository === repository ? [record.push] : [],
    );

  /** Stores a record, so that no crash loses it: written where nobody looks, synced, renamed, the folder synced. The folders must be there. */
  const store = (id: string, record: Buffer) =>
    inSpool(layout.root, async () => {
      const tmp = join(layout.dropTmp, id);
      try {
        await writeNew(tmp, record, FILE_MODE);
        await rename(tmp, path(id));
      } catch (cause) {
        await rm(tmp, { force: true }).catch(() => undefined);
        throw cause;
      }
      await syncFolder(layout.dropNew);
    });

  const forget = (id: string) =>
    rm(join(layout.dropHeld, id), { recursive: true, force: true }).catch(() => undefined);

  /** Takes away a record whose push is settled, and why it was held. To do it again is no error. */
  const retire = async (id: string): Promise<void> => {
    await ifThere(path(id), () => unlink(path(id)), undefined);
    await forget(id);
  };

  /**
   * Puts a record aside for a person, with the reason in a file beside it. The reason is written first: after a
   * crash the record still waits and is condemned again. An older bad record of that name is kept.
   */
  const condemn = (id: string, reason: string) =>
    inSpool(layout.dropBad, async () => {
      await mkdir(layout.dropBad, { recursive: true });
      const bad = await freePath(join(layout.dropBad, id));
      await replaceFile(`${bad}.why`, `${reason}\n`, FILE_MODE);
      await ifThere(layout.dropBad, () => rename(path(id), bad), undefined);
      await syncFolder(layout.dropBad);
    });

  /** The records that were put aside. */
  const condemned = async () => (await namesIn(layout.dropBad)).filter(name => !name.endsWith('.why'));

  /** Notes why a record stays where it is. */
  const hold = (id: string, { what, remedy }: Reason) =>
    inSpool(layout.dropHeld, async () => {
      await mkdir(layout.dropHeld, { recursive: true });
      const oneLine = what.replaceAll(/\s*\n\s*/g, ' ');
      await replaceFile(join(layout.dropHeld, id), `${oneLine}\n${remedy}\n`, FILE_MODE);
    });

  /** Why the records that wait for a person do so. */
  const held = async (): Promise<ReadonlyMap<string, Reason>> => {
    const waiting = new Set(await names());
    const ids = (await namesIn(layout.dropHeld)).filter(id => waiting.has(id));
    return new Map(ids.flatMap(id => readReason(layout, id).map(reason => [id, reason] as const)));
  };

  /** Removes what hooks that died have left half written more than a day before `now` (milliseconds), and reasons without a record. */
  const sweep = async (now: number): Promise<void> => {
    for (const name of await namesIn(layout.dropTmp)) {
      const unfinished = join(layout.dropTmp, name);
      const written = await ifThere(unfinished, () => lstat(unfinished), undefined);
      if (written !== undefined && written.mtimeMs < now - DAY)
        await inSpool(unfinished, () => rm(unfinished, { force: true, recursive: true }));
    }
    const waiting = new Set(await names());
    for (const id of await namesIn(layout.dropHeld)) if (!waiting.has(id)) await forget(id);
  };

  /** Calls back when a record may have come: a moment after, since the hook that has written it still syncs it while somebody waits. */
  const watch = folderWatcher(layout.dropNew, LEAVE);

  return {
    names,
    list,
    read,
    readAll,
    pushesTo,
    store,
    retire,
    condemn,
    condemned,
    hold,
    held,
    watch,
    sweep,
  };
}

function namesIn(folder: string): Promise<string[]> {
  return ifThere(folder, () => readdir(folder), []);
}

async function freePath(path: string): Promise<string> {
  const taken = await ifThere(path, () => lstat(path), undefined);
  return taken === undefined ? path : freePath(`${path}+`);
}

/** What is no plain file was not left by a hook, and is for a person like any other bad record. */
function readRecord(id: string, path: string): ReadRecord | RecordFault {
  if (!PUSH_ID.test(id)) return { fault: 'its name is not that of a push' };
  try {
    return parseRecord(id, readPlain(path));
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (code === 'EFBIG') return { fault: 'it is larger than any push' };
    if (['ELOOP', 'ENXIO'].includes(code)) return { fault: 'it is not a plain file' };
    throw error;
  }
}

/** None where it cannot be read: the next worker writes it anew. */
function readReason(layout: SpoolLayout, id: string): Reason[] {
  try {
    const [what = '', ...remedy] = readPlain(join(layout.dropHeld, id))
      .toString('utf8')
      .trimEnd()
      .split('\n');
    return [{ what, remedy: remedy.join('\n') }];
  } catch {
    return [];
  }
}

async function byAge(folder: string, ids: readonly string[]): Promise<string[]> {
  const aged = ids.map(async id => {
    const path = join(folder, id);
    const { mtimeNs } = await ifThere(path, () => lstat(path, { bigint: true }), { mtimeNs: 0n });
    return { id, age: `${id.slice(0, 15)} ${`${mtimeNs}`.padStart(20, '0')} ${id}` };
  });
  return (await Promise.all(aged)).toSorted((a, b) => (a.age < b.age ? -1 : 1)).map(({ id }) => id);
}

/** Names a push: `20261122T113000-9f86d081`, the second it was recorded in (UTC) and eight random hex digits. */
export function pushId(time: number, random: string): string {
  const stamp = new Date(time).toISOString().replace(/[-:]|\.\d+Z$/g, '');
  return `${stamp}-${random}`;
}

const PUSH_ID = /^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\d)-[0-9a-f]{8}$/;

/** When a push was recorded, by its name: milliseconds since 1970, to the second. undefined for any other name. */
export function recordedAt(id: string): number | undefined {
  const time = PUSH_ID.test(id) ? Date.parse(id.replace(PUSH_ID, '$1-$2-$3:$4:$5Z')) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
