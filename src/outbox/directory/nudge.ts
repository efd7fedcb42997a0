import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inSpool } from '../../disk/spool-fault.ts';
import type { Spool } from './spool.ts';

const PREFIX = '.retry-';

/**
 * Tells the running worker that a person wants an entry tried at once. The worker remembers when
 * each entry is due and would not look into its journal before.
 */
export async function nudge(spool: Spool, number: number): Promise<void> {
  const path = join(spool.layout.queue, `${PREFIX}${number}`);
  await inSpool(path, () => writeFile(path, '', { mode: spool.rights.file }));
}

/** The numbers of the entries that were nudged, by the names in `queue/`. Each is told once. */
export async function takeNudges(spool: Spool, names: readonly string[]): Promise<number[]> {
  const nudges = names.filter(name => name.startsWith(PREFIX));
  await Promise.all(nudges.map(name => rm(join(spool.layout.queue, name), { force: true })));
  return nudges.map(name => Number(name.slice(PREFIX.length)));
}
