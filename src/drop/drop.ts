import { mkdir, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, unlessMissing, writeDurably } from '../disk/durable.ts';
import type { Push } from '../model/push.ts';
import type { SpoolLayout } from '../model/spool-layout.ts';
import { isPushId } from './push-id.ts';
import { formatRecord, parseRecord, type ReadRecord, type RecordFault } from './record.ts';

const DAY = 24 * 60 * 60 * 1000;

/** Who may read the spool is decided by its folders' modes; inside, files are the group's. */
const FILE_MODE = 0o660;

/**
 * Stores a push in the drop directory: once this resolves, no crash loses it. Written where nobody looks, synced, then
 * renamed to where workers look, and the folder synced. The folders must be there. Rejects with the system's error.
 */
export async function storeRecord(layout: SpoolLayout, push: Push): Promise<void> {
  await storeRecordBytes(layout, push.id, formatRecord(push));
}

/** The same for a record that is already bytes. */
export async function storeRecordBytes(layout: SpoolLayout, id: string, bytes: Buffer): Promise<void> {
  const tmp = join(layout.dropTmp, id);
  try {
    await writeDurably(tmp, bytes, FILE_MODE);
    await rename(tmp, join(layout.dropNew, id));
  } catch (cause) {
    await rm(tmp, { force: true }).catch(() => undefined);
    throw cause;
  }
  await syncFolder(layout.dropNew);
}

/**
 * The records that wait, oldest first: by the second in their name, and within a second by when they were written.
 * Names that the hook would not give are listed too, so that such a file is condemned and not overlooked for ever.
 */
export async function listRecords(layout: SpoolLayout): Promise<readonly string[]> {
  const ids = await recordNames(layout);
  const perSecond = new Map<string, number>();
  for (const id of ids) perSecond.set(secondOf(id), (perSecond.get(secondOf(id)) ?? 0) + 1);
  const aged = await Promise.all(
    ids.map(async id => ({ id, age: perSecond.get(secondOf(id)) === 1 ? 0n : await writtenAt(layout, id) })),
  );
  return aged
    .toSorted(
      (a, b) => compare(secondOf(a.id), secondOf(b.id)) || compare(a.age, b.age) || compare(a.id, b.id),
    )
    .map(({ id }) => id);
}

/** What lies in drop/new, in no order. Empty where there is no such folder (yet). */
export async function recordNames(layout: SpoolLayout): Promise<readonly string[]> {
  const names = await readdir(layout.dropNew).catch(unlessMissing([]));
  return names.filter(name => !name.startsWith('.'));
}

/** The records that were put aside for a person. */
export async function badRecordNames(layout: SpoolLayout): Promise<readonly string[]> {
  const names = await readdir(layout.dropBad).catch(unlessMissing([]));
  return names.filter(name => !name.endsWith('.why'));
}

/** A waiting record, read. */
export async function readRecord(layout: SpoolLayout, id: string): Promise<ReadRecord | RecordFault> {
  if (!isPushId(id)) return { fault: 'its name is not that of a push' };
  return parseRecord(id, await readFile(join(layout.dropNew, id)));
}

/** Takes away a record whose push is settled. To do it again is no error. */
export async function retireRecord(layout: SpoolLayout, id: string): Promise<void> {
  await unlink(join(layout.dropNew, id)).catch(unlessMissing(undefined));
}

/**
 * Puts a record aside for a person, as drop/bad/<id> with the reason in <id>.why. The reason is written first: after a
 * crash the record is still in drop/new and is condemned again. An older bad record of that name is kept.
 */
export async function condemnRecord(layout: SpoolLayout, id: string, reason: string): Promise<void> {
  await mkdir(layout.dropBad, { recursive: true });
  const bad = await freePath(join(layout.dropBad, id));
  await writeFile(`${bad}.why`, `${reason}\n`, { mode: FILE_MODE });
  await rename(join(layout.dropNew, id), bad).catch(unlessMissing(undefined));
  await syncFolder(layout.dropBad);
}

/** Removes what hooks that died have left half written more than a day before `now` (milliseconds). */
export async function sweepDrop(layout: SpoolLayout, now: number): Promise<void> {
  for (const name of await readdir(layout.dropTmp).catch(unlessMissing([]))) {
    const path = join(layout.dropTmp, name);
    const written = await stat(path).catch(unlessMissing(undefined));
    if (written !== undefined && written.mtimeMs < now - DAY) await rm(path, { force: true });
  }
}

async function writtenAt(layout: SpoolLayout, id: string): Promise<bigint> {
  const { mtimeNs } = await stat(join(layout.dropNew, id), { bigint: true }).catch(
    unlessMissing({ mtimeNs: 0n }),
  );
  return mtimeNs;
}

async function freePath(path: string): Promise<string> {
  const taken = await stat(path).catch(unlessMissing(undefined));
  return taken === undefined ? path : freePath(`${path}+`);
}

function secondOf(id: string): string {
  return id.slice(0, 15);
}

function compare<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
