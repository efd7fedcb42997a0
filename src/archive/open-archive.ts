import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPages } from '../render/templates.ts';
import type { Archive } from './add-mails.ts';
import { type AddressStyle, PAGE_NAMES, pagesBy } from './pages.ts';
import type { Shelf } from './shelf.ts';

/** Files that are the same in every archive. */
const STATIC = ['style.css', 'search.js'];

/**
 * An archive on a shelf, in the looks of today.
 * @param home the folder that refpost is installed in
 */
export function openArchive(shelf: Shelf, home: string, addresses: AddressStyle): Archive {
  const folder = join(home, 'templates', 'archive');
  for (const name of STATIC) {
    const content = readFileSync(join(folder, name));
    if (!shelf.read(name)?.equals(content)) shelf.write(name, content);
  }
  return { shelf, pages: pagesBy(loadPages([folder], PAGE_NAMES), addresses) };
}
