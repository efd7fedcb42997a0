import { openObjects } from './conversation.ts';
import type { Git } from './git.ts';
import { whileRead } from './streams.ts';

/** Files of a commit by their paths, of each no more than `most` bytes; without those that are not there. */
export async function readFiles(git: Git, commit: string, paths: readonly string[], most: number) {
  const files = new Map<string, Buffer>();
  const found = whileRead(git, async function* (own) {
    const objects = openObjects(own);
    for (const path of paths) {
      const { text } = (await objects(`${commit}:${path}`, most)) ?? {};
      if (text) yield [path, text] as const;
    }
  });
  for await (const [path, text] of found) files.set(path, text);
  return files;
}
