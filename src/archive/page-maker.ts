import type { Links } from './links.ts';
import { folderOf, type Pages } from './pages.ts';
import { type ReadMail, readMail } from './read-mail.ts';
import type { Row } from './rows.ts';
import type { Shelf } from './shelf.ts';

/** What has to be known of a mail to give it its place. */
export interface Head extends Row {
  readonly list: string;
  /** Where it is stored. */
  readonly path: string;
  /** Bytes. */
  readonly length: number;
}

/** A mail whose pages are to be written. */
export interface PageOrder {
  /** Where it is stored, or is to be. */
  readonly path: string;
  readonly links: Links;
  /** True for a mail that was not in the archive: nobody looks for its pages yet. */
  readonly isNew: boolean;
}

/** All that is done with a mail for itself. It needs most of the time, and nothing but the mail and where its neighbours are. */
export interface PageMaker {
  /** Reads mails and keeps them, until the next ones but one are read. */
  read(mails: readonly Buffer[]): Promise<readonly Head[]>;
  /** Stores some of those. */
  store(paths: readonly string[]): Promise<void>;
  /** Writes pages, of those and of others that are stored. */
  write(orders: readonly PageOrder[]): Promise<void>;
  close(): Promise<void>;
}

export function pageMaker(shelf: Shelf, pages: Pages): PageMaker {
  let [before, kept] = [new Map<string, ReadMail>(), new Map<string, ReadMail>()];
  // Of two with the same id the first one is in the archive.
  const keptAt = (path: string) => before.get(path) ?? kept.get(path);
  return {
    async read(mails) {
      [before, kept] = [kept, new Map()];
      const own = kept;
      const heads: Head[] = [];
      for (const bytes of mails) {
        const mail = await readMail(bytes);
        const path = storedAt(mail);
        if (!own.has(path)) own.set(path, mail);
        heads.push({ ...pages.row(mail), list: mail.list, path, length: bytes.length });
      }
      return heads;
    },
    async store(paths) {
      for (const path of paths) shelf.put(path, keptAt(path)?.bytes ?? '', true);
    },
    async write(orders) {
      for (const { path, links, isNew } of orders) {
        const stored = isNew ? undefined : shelf.read(path);
        const mail = isNew ? keptAt(path) : stored && (await readMail(stored));
        if (mail) for (const page of pages.message(mail, links)) shelf.put(...page, isNew);
      }
    },
    close: async () => {},
  };
}

/** Where the page of a mail is. */
export async function pageOf(bytes: Buffer): Promise<string> {
  return storedAt(await readMail(bytes)).replace(/eml$/, 'html');
}

function storedAt(mail: ReadMail): string {
  return `${folderOf(mail).path}${mail.id}.eml`;
}
