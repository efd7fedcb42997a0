import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../disk/files.ts';
import { fault } from '../errors.ts';
import { exists } from './hook-file.ts';
import type { Unit } from './unit-text.ts';

/** systemd and everybody may read a unit. */
const FILE_MODE = 0o644;

/**
 * Writes units into a folder, all or none. The first line of each says for which outbox it is and vouches for the rest by a
 * checksum: that is the receipt by which it is known as ours and untouched. A file that is not is left alone.
 * @param owner the outbox: units of another one are left alone too
 */
export async function writeUnits(folder: string, units: readonly Unit[], owner: string): Promise<void> {
  for (const { file } of units) {
    const path = join(folder, file);
    const text = await textOf(path);
    if (text !== undefined && !isOurs(text, owner)) throw fault.unitTaken(path);
  }
  await permitted(folder, async () => {
    for (const { file, text } of units) await replaceFile(join(folder, file), sealed(text, owner), FILE_MODE);
  });
}

/**
 * Removes the units that `writeUnits` wrote and nobody has changed. Fails with a sentence while one of them is enabled: the link
 * to it would lead nowhere. Returns the paths of all that are there, and whether they were ours.
 */
export async function takeBackUnits(folder: string, units: readonly Unit[], owner: string) {
  const found: { readonly path: string; readonly ours: boolean }[] = [];
  for (const { file } of units) {
    const path = join(folder, file);
    const text = await textOf(path);
    if (text === undefined) continue;
    const ours = isOurs(text, owner);
    if (ours && (await isEnabled(folder, file))) throw fault.unitEnabled(file);
    found.push({ path, ours });
  }
  await permitted(folder, async () => {
    for (const { path, ours } of found) if (ours) await rm(path);
  });
  return found;
}

function sealed(text: string, owner: string): string {
  const sum = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `# Written by "refpost install --systemd" for ${owner} (${sum}). Put changes into a drop-in: systemctl edit.\n${text}`;
}

function isOurs(text: string, owner: string): boolean {
  return sealed(text.slice(text.indexOf('\n') + 1), owner) === text;
}

async function textOf(path: string): Promise<string | undefined> {
  return (await exists(path)) ? readFile(path, 'utf8') : undefined;
}

/** systemctl enable makes links in `<target>.wants/` (systemd.unit(5)). */
async function isEnabled(folder: string, file: string): Promise<boolean> {
  const wants = (await readdir(folder)).filter(name => /\.(wants|requires)$/.test(name));
  const links = await Promise.all(wants.map(name => exists(join(folder, name, file))));
  return links.includes(true);
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
