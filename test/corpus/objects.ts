import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';

export type ObjectFormat = 'sha1' | 'sha256';
export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

/** A file in a tree. A path has one character a byte, so that it can hold any bytes. */
export interface TreeFile {
  readonly path: string;
  /** `100644`, `100755`, `120000` (symbolic link) or `160000` (submodule). */
  readonly mode: string;
  readonly id: string;
}

/**
 * Stores a loose object as git does (gitrepository-layout(5)): deflated `<type> SP <size> NUL <bytes>`, under the name that is
 * the hash of it. No git process is needed, and git checks nothing: odd objects are welcome.
 */
export function writeObject(gitDir: string, format: ObjectFormat, type: ObjectType, bytes: Buffer): string {
  const whole = Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes]);
  const id = createHash(format).update(whole).digest('hex');
  const path = join(gitDir, 'objects', id.slice(0, 2), id.slice(2));
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, deflateSync(whole));
  }
  return id;
}

/** Stores the tree objects of a list of files, folders below folders, and returns the name of the top one. */
export function writeTree(gitDir: string, format: ObjectFormat, files: readonly TreeFile[]): string {
  const entries = files
    .filter(({ path }) => !path.includes('/'))
    .map(file => ({ ...file, sortAs: file.path }));
  for (const folder of new Set(files.flatMap(({ path }) => /^(.*?)\//s.exec(path)?.[1] ?? []))) {
    const inside = files.flatMap(file =>
      file.path.startsWith(`${folder}/`) ? [{ ...file, path: file.path.slice(folder.length + 1) }] : [],
    );
    const id = writeTree(gitDir, format, inside);
    // git sorts a folder as if its name ended with a slash.
    entries.push({ path: folder, mode: '40000', id, sortAs: `${folder}/` });
  }
  entries.sort((a, b) => (a.sortAs < b.sortAs ? -1 : 1));
  // <mode> SP <name> NUL <hash in bytes>
  const parts = entries.flatMap(({ mode, path, id }) => [
    Buffer.from(`${mode} ${path}\0`, 'latin1'),
    Buffer.from(id, 'hex'),
  ]);
  return writeObject(gitDir, format, 'tree', Buffer.concat(parts));
}
