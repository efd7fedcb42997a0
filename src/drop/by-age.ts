import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from '../disk/durable.ts';
import { inSpool } from '../disk/spool-fault.ts';

/** Records of a folder, oldest first: by the second in their name, and within a second by when they were written. */
export async function byAge(folder: string, ids: readonly string[]): Promise<string[]> {
  const perSecond = new Map<string, number>();
  for (const id of ids) perSecond.set(secondOf(id), (perSecond.get(secondOf(id)) ?? 0) + 1);
  const aged = await Promise.all(
    ids.map(async id => ({ id, age: perSecond.get(secondOf(id)) === 1 ? 0n : await writtenAt(folder, id) })),
  );
  return aged
    .toSorted(
      (a, b) => compare(secondOf(a.id), secondOf(b.id)) || compare(a.age, b.age) || compare(a.id, b.id),
    )
    .map(({ id }) => id);
}

async function writtenAt(folder: string, id: string): Promise<bigint> {
  const path = join(folder, id);
  const found = inSpool(path, () => lstat(path, { bigint: true }).catch(unlessMissing({ mtimeNs: 0n })));
  return (await found).mtimeNs;
}

function secondOf(id: string): string {
  return id.slice(0, 15);
}

function compare<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
