import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../disk/files.ts';
import { fault } from '../errors.ts';
import { exists } from './hook-file.ts';
import type { Unit } from './unit-text.ts';

/**
 * Writes units into a folder, all or none. The first line of each says for which outbox it is and vouches for the rest by a
 * checksum: that is the receipt by which it is known as ours and untouched. A file that is not is left alone.
 * @param owner the outbox: units of another one are left alone too
 */
export async function writeUnits(folder: string, units: readonly Unit[], owner: string): Promise<void> {
  const taken = present(folder, units, owner).find(({ ours }) => !ours);
  if (taken) throw fault.unitTaken(taken.path);
  await permitted(folder, async () => {
    // systemd and everybody may read a unit.
    for (const { file, text } of units) await replaceFile(join(folder, file), sealed(text, owner), 0o644);
  });
}

/** Removes those that nobody has changed. Fails with a sentence while one is enabled: the link to it would lead nowhere. Returns all that are there. */
export async function takeBackUnits(folder: string, units: readonly Unit[], owner: string) {
  const found = present(folder, units, owner);
  const enabled = found.find(({ file, ours }) => ours && isEnabled(folder, file));
  if (enabled) throw fault.unitEnabled(enabled.file);
  await permitted(folder, async () => {
    for (const { path, ours } of found) if (ours) await rm(path);
  });
  return found;
}

/** Which of the units are there, and whether as they were written. */
function present(folder: string, units: readonly Unit[], owner: string) {
  return units.flatMap(({ file }) => {
    const path = join(folder, file);
    if (!exists(path)) return [];
    const text = readFileSync(path, 'utf8');
    return [{ file, path, ours: text === sealed(text.slice(text.indexOf('\n') + 1), owner) }];
  });
}

function sealed(text: string, owner: string): string {
  const sum = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `# Written by "refpost install --systemd" for ${owner} (${sum}). Put changes into a drop-in: systemctl edit.\n${text}`;
}

/** systemctl enable makes links in `<target>.wants/` (systemd.unit(5)). */
function isEnabled(folder: string, file: string): boolean {
  return readdirSync(folder).some(
    name => /\.(wants|requires)$/.test(name) && exists(join(folder, name, file)),
  );
}

async function permitted(folder: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') throw fault.unitsDenied(folder, cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw fault.noUnitFolder(folder, cause);
    throw cause;
  }
}
