import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { errorCode, UNFINISHED } from '../disk/files.ts';

/** Where the files of an archive are, by paths with slashes. */
export interface Shelf {
  /** undefined where there is no such file. */
  read(path: string): Buffer | undefined;
  has(path: string): boolean;
  /** Puts a file in its place at one moment; or, where nobody looks for it yet, writes it there. */
  write(path: string, content: string | Buffer, isUnknown?: boolean): void;
  remove(path: string): void;
  /** Removes what a killed process left half-made in a folder. */
  sweep(folder: string): void;
}

/** A folder on the disk. Not by way of Node's threads: for small files they take ten times as long. */
export function folderShelf(root: string): Shelf {
  const made = new Set<string>();
  const folderOf = (path: string) => {
    const folder = dirname(path);
    if (!made.has(folder)) mkdirSync(folder, { recursive: true });
    made.add(folder);
    return folder;
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
    write(path, content, isUnknown) {
      const whole = join(root, path);
      const folder = folderOf(whole);
      if (isUnknown) return writeFileSync(whole, content);
      const unfinished = join(folder, `${UNFINISHED}page-${threadId}`);
      writeFileSync(unfinished, content);
      renameSync(unfinished, whole);
    },
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
  return {
    read: path => files.get(path),
    has: path => files.has(path),
    write: (path, content) => void files.set(path, Buffer.from(content)),
    remove: path => void files.delete(path),
    sweep: () => {},
  };
}
