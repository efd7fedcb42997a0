import { lstat, mkdir, readdir, rename, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlain, replaceFile, syncFolder, unlessMissing, writeNew } from '../disk/durable.ts';
import { errorCode, inSpool } from '../disk/spool-fault.ts';
import { folderWatcher, type Watcher } from '../disk/wait-until.ts';
import { type SpoolLayout, spoolLayout } from '../model/spool-layout.ts';
import type { Reason } from '../model/status.ts';
import { byAge } from './by-age.ts';
import { isPushId } from './push-id.ts';
import { parseRecord, type ReadRecord, type RecordFault } from './record.ts';

const DAY = 24 * 60 * 60 * 1000;

/** Who may read the spool is decided by its folders' modes; inside, files are the group's. */
const FILE_MODE = 0o660;

/** A record that waits, as far as it can be read. */
interface Recorded {
  readonly id: string;
  readonly record: ReadRecord | RecordFault | Error;
}

/**
 * Where hooks leave their records until a worker picks them up. Everybody who asks about recorded pushes asks here. A record is
 * named by its push id. Every operation throws an OperatorError where rights, space or the disk are in the way.
 */
export interface Drop {
  /**
   * The records that wait, oldest first: by the second in their name, and within a second by when they were written. Names
   * that the hook would not give are listed too, so that such a file is condemned and not overlooked for ever.
   */
  list(): Promise<readonly string[]>;
  /** The same in no order: one look at the folder. Empty where there is none (yet). */
  names(): Promise<readonly string[]>;
  read(id: string): Promise<ReadRecord | RecordFault>;
  /** All of them, as listed; with the error where one cannot be read by this user. */
  readAll(): Promise<readonly Recorded[]>;
  /**
   * Stores a record: once this resolves, no crash loses it. Written where nobody looks, synced, then renamed to where workers
   * look, and the folder synced. The folders must be there.
   */
  store(id: string, record: Buffer): Promise<void>;
  /** Takes away a record whose push is settled, and why it was held. To do it again is no error. */
  retire(id: string): Promise<void>;
  /**
   * Puts a record aside for a person, with the reason in a file beside it. The reason is written first: after a
   * crash the record still waits and is condemned again. An older bad record of that name is kept.
   */
  condemn(id: string, reason: string): Promise<void>;
  /** The records that were put aside. */
  condemned(): Promise<readonly string[]>;
  /** Notes why a record stays where it is. */
  hold(id: string, reason: Reason): Promise<void>;
  /** Why the records that wait for a person do so. */
  held(): Promise<ReadonlyMap<string, Reason>>;
  /** Calls back when a record may have come. */
  readonly watch: Watcher;
  /** Removes what hooks that died have left half written more than a day before `now` (milliseconds), and reasons without a record. */
  sweep(now: number): Promise<void>;
}

/** The drop of the spool at `root`. */
export function openDrop(root: string): Drop {
  const layout = spoolLayout(root);
  const path = (id: string) => join(layout.dropNew, id);
  const names = async () => (await namesIn(layout.dropNew)).filter(name => !name.startsWith('.'));
  const heldIds = () => namesIn(layout.dropHeld);

  const list = async () => byAge(layout.dropNew, await names());
  const read: Drop['read'] = id => inSpool(path(id), async () => readRecord(id, path(id)));

  const forget = (id: string) =>
    rm(join(layout.dropHeld, id), { recursive: true, force: true }).catch(() => undefined);

  const retire: Drop['retire'] = async id => {
    await inSpool(path(id), () => unlink(path(id)).catch(unlessMissing(undefined)));
    await forget(id);
  };

  const hold: Drop['hold'] = (id, { what, remedy }) =>
    inSpool(layout.dropHeld, async () => {
      await mkdir(layout.dropHeld, { recursive: true });
      await replaceFile(join(layout.dropHeld, id), `${oneLine(what)}\n${remedy}\n`, FILE_MODE);
    });

  const held: Drop['held'] = async () => {
    const waiting = new Set(await names());
    const ids = (await heldIds()).filter(id => waiting.has(id));
    return new Map(ids.flatMap(id => readReason(layout, id).map(reason => [id, reason] as const)));
  };

  const sweep: Drop['sweep'] = async now => {
    await sweepFolder(layout.dropTmp, now);
    const waiting = new Set(await names());
    for (const id of (await heldIds()).filter(id => !waiting.has(id))) await forget(id);
  };

  return {
    names,
    list,
    read,
    readAll: async () => {
      const ids = await list();
      return Promise.all(
        ids.map(async id => ({ id, record: await read(id).catch((error: Error) => error) })),
      );
    },
    store: (id, record) => inSpool(layout.root, () => store(layout, id, record)),
    retire,
    condemn: (id, reason) => inSpool(layout.dropBad, () => condemn(layout, id, reason)),
    condemned: async () => (await namesIn(layout.dropBad)).filter(name => !name.endsWith('.why')),
    hold,
    held,
    watch: folderWatcher(layout.dropNew),
    sweep,
  };
}

function namesIn(folder: string): Promise<string[]> {
  return inSpool(folder, () => readdir(folder).catch(unlessMissing([])));
}

async function store(layout: SpoolLayout, id: string, record: Buffer): Promise<void> {
  const tmp = join(layout.dropTmp, id);
  try {
    await writeNew(tmp, record, FILE_MODE);
    await rename(tmp, join(layout.dropNew, id));
  } catch (cause) {
    await rm(tmp, { force: true }).catch(() => undefined);
    throw cause;
  }
  await syncFolder(layout.dropNew);
}

/** What is no plain file was not left by a hook, and is for a person like any other bad record. */
function readRecord(id: string, path: string): ReadRecord | RecordFault {
  if (!isPushId(id)) return { fault: 'its name is not that of a push' };
  try {
    return parseRecord(id, readPlain(path));
  } catch (error) {
    const fault = NOT_RECORDS[errorCode(error) ?? ''];
    if (fault === undefined) throw error;
    return { fault };
  }
}

const NOT_RECORDS: Readonly<Record<string, string>> = {
  ELOOP: 'it is not a plain file',
  ENXIO: 'it is not a plain file',
  EFBIG: 'it is larger than any push',
};

async function condemn(layout: SpoolLayout, id: string, reason: string): Promise<void> {
  await mkdir(layout.dropBad, { recursive: true });
  const bad = await freePath(join(layout.dropBad, id));
  await replaceFile(`${bad}.why`, `${reason}\n`, FILE_MODE);
  await rename(join(layout.dropNew, id), bad).catch(unlessMissing(undefined));
  await syncFolder(layout.dropBad);
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

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}

async function sweepFolder(folder: string, now: number): Promise<void> {
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const written = await inSpool(path, () => lstat(path).catch(unlessMissing(undefined)));
    if (written !== undefined && written.mtimeMs < now - DAY) {
      await inSpool(path, () => rm(path, { force: true, recursive: true }));
    }
  }
}

async function freePath(path: string): Promise<string> {
  const taken = await lstat(path).catch(unlessMissing(undefined));
  return taken === undefined ? path : freePath(`${path}+`);
}
