import { once } from 'node:events';
import { resolve } from 'node:path';
import { addMails } from '../archive/add-mails.ts';
import { ADDRESS_STYLES } from '../archive/address-styles.ts';
import { addToFolder, openArchive } from '../archive/open-archive.ts';
import { pageOf } from '../archive/page-maker.ts';
import { startPageThread } from '../archive/page-thread.ts';
import type { Delivery } from '../archive/page-values.ts';
import type { Look } from '../archive/pages.ts';
import { openBrowser, serve } from '../archive/serve.ts';
import { memoryShelf } from '../archive/shelf.ts';
import { lookIn, mailsInFiles, mailsInOutbox, mailsOfPush } from '../archive/sources.ts';
import { counted } from '../model/numbers.ts';
import { pageId } from '../model/page-path.ts';
import type { Call, Command, Options } from './command.ts';

/** `refpost archive`: adds mails to a folder of pages. */
export const archive: Command = async (call, options, folder = '') => {
  const { world, misused } = call;
  const root = folder === '' ? misused('name the folder of the archive') : resolve(world.cwd, folder);
  const mails = options.mbox ? mailsInFiles(world, options.mbox) : mailsInOutbox(world, options);
  const added = await addToFolder(world, root, await lookBy(call, options), mails);
  world.stderr.write(`refpost: ${counted(added, 'mail')} added to ${root}\n`);
};

/** What a thread of it does. */
export const archiveThread = startPageThread;

/** `refpost preview`: mails that are not sent yet, or were, as pages in a browser. */
export const preview: Command = async (call, options, old, fresh, ref) => {
  const { world, misused, signal } = call;
  const { mbox, outbox, out } = options;
  const isPush = old !== undefined;
  if ([isPush, mbox, outbox].filter(Boolean).length !== 1 || (isPush && ref === undefined))
    misused('name two revisions and a ref, or --outbox, or --mbox');
  const deliveries = new Map<string, Delivery>();
  const note = (messageId: string, delivery: Delivery) => deliveries.set(pageId(messageId), delivery);
  const source = mbox
    ? mailsInFiles(world, mbox)
    : outbox
      ? mailsInOutbox(world, options, outbox, note)
      : mailsOfPush(world, options, { old: old ?? '', new: fresh ?? '', ref: ref ?? '' }, note);
  const look = { ...(await lookBy(call, options)), ...(mbox ? {} : { deliveries }) };
  const { mails, first } = noting(source);
  if (out !== undefined) {
    const root = resolve(world.cwd, out);
    await addToFolder(world, root, look, mails);
    return void world.stdout.write(`${resolve(root, await first())}\n`);
  }
  const shelf = memoryShelf();
  const added = await addMails(await openArchive(shelf, world.home, look), mails);
  if (added === 0) return void world.stderr.write('refpost: there are no mails to show\n');
  const served = await serve(shelf);
  const address = `${served.address}${await first()}`;
  try {
    world.stderr.write(`refpost: ${counted(added, 'mail')} to read in a browser; Ctrl-C stops it\n`);
    world.stdout.write(`${address}\n`);
    openBrowser(world, address);
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await served.close();
  }
};

/** The mails, and then the page to look at first. */
function noting(source: AsyncIterable<Buffer>) {
  let found: Buffer | undefined;
  async function* mails() {
    for await (const mail of source) {
      found ??= mail;
      yield mail;
    }
  }
  return { mails: mails(), first: async () => (found ? pageOf(found) : 'index.html') };
}

function lookBy({ world, misused }: Call, options: Options): Promise<Look> {
  const style = ADDRESS_STYLES.find(each => each === options.addresses);
  if (options.addresses !== undefined && !style) misused(`addresses are ${ADDRESS_STYLES.join(', ')}`);
  return lookIn(world, options, style);
}
