import { capped, type Kept } from './capped.ts';
import { conversation, type Wire } from './conversation.ts';
import type { Git } from './git.ts';

/** Objects that are asked for one at a time, while other things are read. */
export interface Objects {
  /** The first `most` bytes of an object, and what it lacks behind them; undefined for one that git cannot show. */
  read(id: string, most: number): Promise<Kept | undefined>;
}

/** @param git of a `whileRead` */
export function openObjects(git: Git): Objects {
  const ask = conversation(git, ['cat-file', '--batch'], askObject);
  return { read: (id, most) => ask({ id, most }) };
}

/**
 *   <name> missing LF
 *   <id> SP <type> SP <size> LF <size bytes> LF
 */
async function askObject(
  { id, most }: { readonly id: string; readonly most: number },
  wire: Wire,
): Promise<Kept | undefined> {
  wire.say(`${id}\n`);
  const size = /^[0-9a-f]+ [a-z]+ (\d+)\n$/.exec((await wire.line()).toString('latin1'))?.[1];
  if (size === undefined) return undefined;
  const object = capped(most);
  for (let left = Number(size); left > 0; ) {
    const bytes = await wire.some(left);
    object.add(bytes);
    left -= bytes.length;
  }
  await wire.line();
  return object.end();
}
