import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { fault } from '../errors.ts';

/**
 * Changes a config file at one moment, under git's own lock (`<file>.lock`), so that neither git nor a crash gets in
 * between. `edit` works on a copy; `commit` sees both contents just before the copy takes the file's place.
 */
export async function editConfig(
  config: string,
  edit: (copy: string) => Promise<void>,
  commit: (before: Buffer, after: Buffer) => Promise<void>,
): Promise<void> {
  const file = await realpath(config);
  const lock = `${file}.lock`;
  await copyFile(file, lock, constants.COPYFILE_EXCL).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'EEXIST' ? fault.configLocked(lock) : cause;
  });
  try {
    await edit(lock);
    const [before, after] = [await readFile(file), await readFile(lock)];
    await commit(before, after);
    if (before.equals(after)) await rm(lock);
    else {
      await writeFile(lock, after, { flush: true });
      await rename(lock, file);
    }
  } catch (cause) {
    await rm(lock, { force: true });
    throw cause;
  }
}

/** One stretch of a file that was changed: enough to give the file its former bytes back, and no more of its content. */
export interface Hunk {
  /** Of the file after the change: it is only undone in exactly that file. */
  readonly sha256: string;
  /** In bytes, as `length`. */
  readonly offset: number;
  /** What stood there before, in base64. */
  readonly removed: string;
  /** How much stands there now. */
  readonly length: number;
}

/** The shortest stretch in which the two differ. */
export function hunkBetween(before: Buffer, after: Buffer): Hunk {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return {
    sha256: digest(after),
    offset: start,
    removed: before.subarray(start, before.length - end).toString('base64'),
    length: after.length - end - start,
  };
}

/** The file as it was before; undefined if it is not the one that the change left. */
export function undo(hunk: Hunk, after: Buffer): Buffer | undefined {
  if (digest(after) !== hunk.sha256) return undefined;
  const removed = Buffer.from(hunk.removed, 'base64');
  return Buffer.concat([after.subarray(0, hunk.offset), removed, after.subarray(hunk.offset + hunk.length)]);
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
