import { buffer } from 'node:stream/consumers';
import { decode } from '../model/text.ts';
import { openObjects } from './conversation.ts';
import { unlessRefused } from './failure.ts';
import type { Git } from './git.ts';
import { whileRead } from './streams.ts';

/** What is in a tree beside plain files, by the start of its mode. */
const OTHERS: Readonly<Record<string, string>> = {
  '04': 'is a folder',
  '12': 'is a symbolic link, which is not followed',
  '16': 'is a submodule',
};

/**
 * Files of a commit by their paths, of each no more than `most` bytes; for what is no file, what it is, worded to follow the path. Without those
 * that are not there.
 *
 *     <mode> SP <type> SP <id> TAB <path> NUL
 */
export async function readFiles(git: Git, commit: string, paths: readonly string[], most: number) {
  const files = new Map<string, Buffer | string>();
  if (paths.length === 0) return files;
  const tree = buffer(git.stream(['ls-tree', '-z', '--full-tree', commit, '--', ...paths]));
  const listed = decode(await unlessRefused(tree, Buffer.alloc(0))).split('\0');
  const found = whileRead(git, async function* (own) {
    const objects = openObjects(own);
    for (const line of listed) {
      const [, mode = '', id = '', path = ''] = /^(\d+) \w+ (\w+)\t(.*)$/s.exec(line) ?? [];
      const other = OTHERS[mode.slice(0, 2)];
      const { text = other } = (!other && id !== '' && (await objects(id, most))) || {};
      if (text !== undefined) yield [path, text] as const;
    }
  });
  for await (const [path, text] of found) files.set(path, text);
  return files;
}
