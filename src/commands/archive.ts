import { once } from 'node:events';
import { resolve } from 'node:path';
import { addMails, pageOf } from '../archive/add-mails.ts';
import { openArchive } from '../archive/open-archive.ts';
import { ADDRESS_STYLES, type AddressStyle } from '../archive/pages.ts';
import { openBrowser, serve } from '../archive/serve.ts';
import { folderShelf, memoryShelf, type Shelf } from '../archive/shelf.ts';
import { mailsInFiles, mailsInOutbox, mailsOfPush } from '../archive/sources.ts';
import { counted } from '../model/numbers.ts';
import type { Call, Command, Options } from './command.ts';

/** `refpost archive`: adds mails to a folder of pages. */
export const archive: Command = async (call, options, folder = '') => {
  const root = resolve(call.world.cwd, folder);
  const mails = options.mbox ? mailsInFiles(call.world, options.mbox) : mailsInOutbox(call.world, options);
  const { added } = await add(call, options, folderShelf(root), mails);
  call.world.stderr.write(`refpost: ${counted(added, 'mail')} added to ${root}\n`);
};

/** `refpost preview`: mails that are not sent yet, or were, as pages in a browser. */
export const preview: Command = async (call, options, old, fresh, ref) => {
  const { world, misused, signal } = call;
  const { mbox, outbox, out } = options;
  const isPush = old !== undefined;
  if ([isPush, mbox, outbox].filter(Boolean).length !== 1 || (isPush && ref === undefined))
    misused('name two revisions and a ref, or --outbox, or --mbox');
  const mails = mbox
    ? mailsInFiles(world, mbox)
    : outbox
      ? mailsInOutbox(world, options, outbox)
      : mailsOfPush(world, options, { old: old ?? '', new: fresh ?? '', ref: ref ?? '' });
  const shelf = out === undefined ? memoryShelf() : folderShelf(resolve(world.cwd, out));
  const { added, first } = await add(call, options, shelf, mails);
  if (first === undefined) return void world.stderr.write('refpost: there are no mails to show\n');
  const page = await pageOf(first);
  if (out !== undefined) return void world.stdout.write(`${resolve(world.cwd, out, page)}\n`);
  const served = await serve(shelf);
  try {
    world.stderr.write(`refpost: ${counted(added, 'mail')} to read in a browser; Ctrl-C stops it\n`);
    world.stdout.write(`${served.address}${page}\n`);
    openBrowser(world, `${served.address}${page}`);
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await served.close();
  }
};

async function add(call: Call, { addresses = 'coded' }: Options, shelf: Shelf, mails: AsyncIterable<Buffer>) {
  const { world, misused } = call;
  if (!isStyle(addresses)) return misused(`addresses are ${ADDRESS_STYLES.join(', ')}`);
  let first: Buffer | undefined;
  async function* noted() {
    for await (const mail of mails) {
      first ??= mail;
      yield mail;
    }
  }
  const opened = openArchive(shelf, world.home, addresses);
  const added = await addMails(opened, noted(), count => world.progress(`adding mails: ${count}`));
  world.progress('');
  return { added, first };
}

function isStyle(text: string): text is AddressStyle {
  return ADDRESS_STYLES.some(style => style === text);
}
