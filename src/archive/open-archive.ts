import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { currentUser, errorCode, spoolFault } from '../disk/files.ts';
import { fault } from '../errors.ts';
import type { World } from '../model/world.ts';
import { lockFolder } from '../outbox/directory/lock.ts';
import { loadPages, readTemplate } from '../render/templates.ts';
import { type Archive, addMails, UNFINISHED_WORK } from './add-mails.ts';
import { pageMaker } from './page-maker.ts';
import { pageThreads } from './page-threads.ts';
import { type Look, PAGE_NAMES, type PageTemplates, pagesBy } from './pages.ts';
import { folderShelf, type Shelf } from './shelf.ts';

/** Those that come with refpost are read once in a process. */
let builtIn: PageTemplates | undefined;

/** Files that are the same in every archive. */
const STATIC = ['style.css', 'search.js'];

/**
 * An archive on a shelf, in the looks of today.
 * @param home the folder that refpost is installed in
 */
export async function openArchive(shelf: Shelf, home: string, look: Look): Promise<Archive> {
  const own = look.templates === undefined ? [] : [look.templates];
  const folders = [...own, join(home, 'templates')].map(each => join(each, 'archive'));
  for (const name of STATIC) {
    const content = Buffer.from(readTemplate(folders, name).text);
    if (!shelf.read(name)?.equals(content)) shelf.write(name, content);
  }
  if (own.length === 0) builtIn ??= await loadPages(folders, PAGE_NAMES);
  const templates = own.length === 0 && builtIn ? builtIn : await loadPages(folders, PAGE_NAMES);
  const pages = pagesBy(templates, look);
  return { shelf, pages, maker: pageMaker(shelf, pages) };
}

/** How often to ask for a folder that another process is writing to, and how long to wait in between, in milliseconds. */
const TRIES = 50;
const PAUSE = 200;
/** Beyond that the one thread that makes the indexes is waited for. */
const MOST_THREADS = 4;

/** V8 optimizes a function when it has run so many bytes of code. Its own figure is a quarter of that: in a run of seconds that takes longer than it saves. */
const LESS_OPTIMIZING = '--interrupt-budget=500000';

/**
 * Adds mails to the archive in a folder, which is made where it is missing, and waits for the disk. One process at a time does so. Returns how many it
 * did not have.
 */
export async function addToFolder(
  { env, home, progress }: World,
  root: string,
  look: Look,
  mails: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<number> {
  return inArchive(root, async () => {
    mkdirSync(root, { recursive: true });
    let release = lockFolder(root, env);
    for (let tries = 1; !release; tries++) {
      if (tries === TRIES) throw fault.archiveBusy(root);
      await sleep(PAUSE);
      release = lockFolder(root, env);
    }
    try {
      const count = Math.min(availableParallelism(), MOST_THREADS);
      const shelf = folderShelf(root);
      const isOurs = shelf.has('lists.js') || shelf.has(UNFINISHED_WORK);
      if (shelf.has('index.html') && !isOurs) throw fault.notArchive(root);
      const archive = await openArchive(shelf, home, look);
      const openThreads = () => {
        shelf.hurry();
        setFlagsFromString(LESS_OPTIMIZING);
        return pageThreads({ root, home, look }, count - 1, archive.maker);
      };
      const added = await addMails(
        { ...archive, ...(count > 1 && !look.deliveries ? { openThreads } : {}) },
        mails,
        count => progress(`adding mails: ${count}`),
      );
      // One call for thousands of files. Where there is no such program, the disk takes half a minute.
      if (shelf.isHurried()) await promisify(execFile)('sync', ['-f', root], { env }).catch(() => undefined);
      return added;
    } finally {
      release();
      progress('');
    }
  });
}

/** What an operator can fix is thrown as an OperatorError. */
async function inArchive<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isDenied = ['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error) ?? '');
    throw isDenied ? fault.archiveDenied(root, currentUser(), error) : spoolFault(root, error);
  }
}
