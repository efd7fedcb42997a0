import {
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { errorCode, readPlain, syncFolder as syncPath, UNFINISHED } from '../disk/files.ts';

/** Where the files of an archive are, by paths with slashes. */
export interface Shelf {
  /** undefined where there is no such file. */
  read(path: string): Buffer | undefined;
  has(path: string): boolean;
  /** Puts a file in its place at one moment. */
  write(path: string, content: string | Buffer): void;
  /** The same, but it may be there only after `settle`; files come to their places in order. Where nobody looks for it yet, it may be written there. */
  put(path: string, content: string | Buffer, isUnknown?: boolean): void;
  settle(): Promise<void>;
  remove(path: string): void;
  /** Removes what a killed process left half-made in a folder. */
  sweep(folder: string): void;
}

export interface FolderShelf extends Shelf {
  /** Many files are coming: somebody else waits for the disk, once for all of them. */
  hurry(): void;
  isHurried(): boolean;
}

/** Others may be allowed to write into the folder: a link that they put there is not followed. */
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
/** So many files are waited for one by one. */
const FEW = 64;

/**
 * A folder on the disk. Not by way of Node's threads: for small files they take ten times as long. Files that `settle` has brought there are durable,
 * if they are few: only these are waited for, whatever else the disk has to do. To rename a file to a name that exists makes ext4 write
 * it at once (mount option auto_da_alloc), one after the other, unless it is written already.
 */
export function folderShelf(root: string, isHurried = false): FolderShelf {
  const checked = new Set<string>();
  /** Where a file is: below the archive's own folders, whatever stands in its files, and whatever links are there. */
  const at = (path: string) => {
    const whole = join(root, path);
    const folder = dirname(whole);
    if (checked.has(folder)) return whole;
    const isBelow = `${folder}/`.startsWith(join(root, '/'));
    if (!isBelow || realpathSync(folder) !== join(realpathSync(root), folder.slice(join(root).length)))
      throw Object.assign(new Error(`ELOOP: it leads out of the archive, '${folder}'`), { code: 'ELOOP' });
    checked.add(folder);
    return whole;
  };
  const made = (path: string) => {
    const folder = dirname(join(root, path));
    if (!checked.has(folder)) mkdirSync(folder, { recursive: true });
    return at(path);
  };
  const unfinished = (whole: string, number = 0) =>
    join(dirname(whole), `${UNFINISHED}page-${threadId}-${number}`);
  const write = (path: string, content: string | Buffer) => {
    const whole = made(path);
    writeFileSync(unfinished(whole), content, { flag: NEW as unknown as string });
    renameSync(unfinished(whole), whole);
  };
  const unlessMissing = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  };
  let waiting: (readonly [path: string, content: string | Buffer])[] = [];
  const hurry = () => {
    isHurried = true;
    for (const file of waiting.splice(0)) write(...file);
  };
  return {
    read: path => unlessMissing(() => readPlain(at(path))),
    has: path => existsSync(join(root, path)),
    write,
    put(path, content, isUnknown) {
      if (!isHurried && waiting.length === FEW) hurry();
      if (!isHurried) waiting.push([path, content]);
      else if (!isUnknown) write(path, content);
      else writeFileSync(made(path), content, { flag: NEW as unknown as string });
    },
    async settle() {
      const files = waiting.map(([path, content], number) => {
        const whole = made(path);
        return { whole, content, half: unfinished(whole, number) };
      });
      waiting = [];
      for (const { half, content } of files) writeFileSync(half, content, { flag: NEW as unknown as string });
      await Promise.all(files.map(({ half }) => syncPath(half)));
      for (const { half, whole } of files) renameSync(half, whole);
      await Promise.all([...new Set(files.map(({ whole }) => dirname(whole)))].map(syncPath));
    },
    hurry,
    isHurried: () => isHurried,
    remove: path => unlessMissing(() => rmSync(at(path), { force: true })),
    sweep(folder) {
      const names = unlessMissing(() => readdirSync(dirname(at(`${folder}/x`)))) ?? [];
      for (const name of names.filter(each => each.startsWith(UNFINISHED))) rmSync(join(root, folder, name));
    },
  };
}

/** In memory, for a preview. */
export function memoryShelf(): Shelf {
  const files = new Map<string, Buffer>();
  const write = (path: string, content: string | Buffer) => void files.set(path, Buffer.from(content));
  return {
    read: path => files.get(path),
    has: path => files.has(path),
    write,
    put: write,
    settle: async () => {},
    remove: path => void files.delete(path),
    sweep: () => {},
  };
}
