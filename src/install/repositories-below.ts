import { type Dirent, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders in which hosts keep what is no repository of anybody's: object pools and what GitLab works with. */
const NOT_OURS = /^(@pools|\+gitaly|lost\+found)$/;

/** The git directories below a folder, by name, as they are found: of a work tree its `.git`. Does not look into them, and follows no links. */
export async function* repositoriesBelow(folder: string): AsyncGenerator<string> {
  const isRepository = (path: string) =>
    ['HEAD', 'objects', 'refs'].every(name => existsSync(join(path, name)));
  if (isRepository(folder)) return yield folder;
  if (isRepository(join(folder, '.git'))) return yield join(folder, '.git');
  const entries: readonly Dirent[] = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter(entry => entry.isDirectory()).map(({ name }) => name);
  for (const name of names.toSorted())
    if (!name.startsWith('.') && !NOT_OURS.test(name)) yield* repositoriesBelow(join(folder, name));
}
