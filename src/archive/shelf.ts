import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { errorCode, syncFolder as syncPath, UNFINISHED } from '../disk/files.ts';

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

/** So many files are waited for one by one. */
const FEW = 64;

/**
 * A folder on the disk. Not by way of Node's threads: for small files they take ten times as long. Files that `settle` has brought there are durable,
 * if they are few: only these are waited for, whatever else the disk has to do. To rename a file to a name that exists makes ext4 write
 * it at once (mount option auto_da_alloc), one after the other, unless it is written already.
 */
export function folderShelf(root: string, isHurried = false): FolderShelf {
  const made = new Set<string>();
  const folderOf = (path: string) => {
    const folder = dirname(path);
    if (!made.has(folder)) mkdirSync(folder, { recursive: true });
    made.add(folder);
    return folder;
  };
  const unfinished = (whole: string, number = 0) =>
    join(folderOf(whole), `${UNFINISHED}page-${threadId}-${number}`);
  const write = (path: string, content: string | Buffer) => {
    const whole = join(root, path);
    writeFileSync(unfinished(whole), content);
    renameSync(unfinished(whole), whole);
  };
  let waiting: (readonly [path: string, content: string | Buffer])[] = [];
  const hurry = () => {
    isHurried = true;
    for (const file of waiting.splice(0)) write(...file);
  };
  return {
    read(path) {
      try {
        return readFileSync(join(root, path));
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return undefined;
        throw error;
      }
    },
    has: path => existsSync(join(root, path)),
    write,
    put(path, content, isUnknown) {
      if (!isHurried && waiting.length === FEW) hurry();
      if (!isHurried) waiting.push([path, content]);
      else if (!isUnknown) write(path, content);
      else {
        folderOf(join(root, path));
        writeFileSync(join(root, path), content);
      }
    },
    async settle() {
      const files = waiting.map(([path, content], at) => {
        const whole = join(root, path);
        return { whole, content, half: unfinished(whole, at) };
      });
      waiting = [];
      for (const { half, content } of files) writeFileSync(half, content);
      await Promise.all(files.map(({ half }) => syncPath(half)));
      for (const { half, whole } of files) renameSync(half, whole);
      await Promise.all([...new Set(files.map(({ whole }) => dirname(whole)))].map(syncPath));
    },
    hurry,
    isHurried: () => isHurried,
    remove: path => rmSync(join(root, path), { force: true }),
    sweep(folder) {
      const names = existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [];
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
