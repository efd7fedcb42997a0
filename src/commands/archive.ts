import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { addMails } from '../archive/add-mails.ts';
import { readMails } from '../archive/mbox.ts';
import { openArchive } from '../archive/open-archive.ts';
import { ADDRESS_STYLES, type AddressStyle } from '../archive/pages.ts';
import { folderShelf } from '../archive/shelf.ts';
import { fault } from '../errors.ts';
import { counted } from '../model/numbers.ts';
import type { Command } from './command.ts';

/** `refpost archive`: adds mails to a folder of pages. */
export const archive: Command = async (
  { world, misused },
  { mbox = [], addresses = 'coded' },
  folder = '',
) => {
  if (!isStyle(addresses)) return misused(`addresses are ${ADDRESS_STYLES.join(', ')}`);
  const paths = mbox.map(path => resolve(world.cwd, path));
  const missing = paths.find(path => !existsSync(path));
  if (missing !== undefined) throw fault.noSuchMbox(missing);
  const root = resolve(world.cwd, folder);
  const opened = openArchive(folderShelf(root), world.home, addresses);
  const added = await addMails(opened, mailsOf(paths), count => world.progress(`adding mails: ${count}`));
  world.progress('');
  world.stderr.write(`refpost: ${counted(added, 'mail')} added to ${root}\n`);
};

function isStyle(text: string): text is AddressStyle {
  return ADDRESS_STYLES.some(style => style === text);
}

async function* mailsOf(paths: readonly string[]): AsyncGenerator<Buffer> {
  for (const path of paths) yield* readMails(path);
}
