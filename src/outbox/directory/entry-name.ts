import { readdir } from 'node:fs/promises';
import { unlessMissing } from '../../disk/durable.ts';
import { inSpool } from '../../disk/spool-fault.ts';

/** What the name of an entry's folder says: `00000017-20261122T113000-9f86d081`. */
export interface EntryName {
  readonly number: number;
  /** Of the push. */
  readonly id: string;
}

/** Throws if the id would not make a plain file name: ids are made by refpost, so that is a bug. */
export function folderName({ number, id }: EntryName): string {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(id)) throw new Error(`not a push id: ${JSON.stringify(id)}`);
  return `${String(number).padStart(8, '0')}-${id}`;
}

/** The entries in a folder, lowest number first, by their names alone: nothing is opened. What else lies there, links too, is passed over. */
export async function listEntries(folder: string): Promise<EntryName[]> {
  const inside = () => readdir(folder, { withFileTypes: true }).catch(unlessMissing([]));
  return (await inSpool(folder, inside))
    .map(found => (found.isDirectory() ? parseName(found.name) : undefined))
    .filter(name => name !== undefined)
    .sort((a, b) => a.number - b.number);
}

function parseName(name: string): EntryName | undefined {
  const [, number, id] = /^(\d{8,15})-([A-Za-z0-9][\w.-]*)$/.exec(name) ?? [];
  return number && id ? { number: Number(number), id } : undefined;
}
