import { constants, fstatSync, ftruncateSync, openSync, rmSync, statSync } from 'node:fs';
import { readPlain } from '../disk/durable.ts';
import type { SpoolLayout } from '../model/spool-layout.ts';
import type { LastWord } from '../model/status.ts';

type Place = Pick<SpoolLayout, 'startError'>;

const STDERR = 2;
/** Bytes of it that are shown. */
const MOST = 600;

/** A new, empty file for the standard error of a worker that is to start: it does not grow from one to the next, and no link is followed. */
export function openStartError({ startError }: Place): number {
  rmSync(startError, { recursive: true, force: true });
  const { O_WRONLY, O_CREAT, O_EXCL, O_APPEND } = constants;
  return openSync(startError, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, 0o660);
}

/** A worker runs: what the one before it said is over. Returns true where that file is our own standard error, which nobody reads. */
export function clearStartError({ startError }: Place): boolean {
  if (isStderr(startError)) {
    ftruncateSync(STDERR);
    return true;
  }
  rmSync(startError, { recursive: true, force: true });
  return false;
}

/** Why no worker could start, as its starter said it; undefined where nothing was said, or this user may not read it. */
export function readStartError({ startError }: Place): LastWord | undefined {
  try {
    const words = readPlain(startError)
      .toString('utf8', 0, MOST)
      .replace(/[\p{C}\s]+/gu, ' ')
      .trim();
    return words === '' ? undefined : { at: statSync(startError).mtimeMs, words };
  } catch {
    return undefined;
  }
}

function isStderr(path: string): boolean {
  try {
    const [ours, named] = [fstatSync(STDERR), statSync(path)];
    return ours.isFile() && ours.dev === named.dev && ours.ino === named.ino;
  } catch {
    return false;
  }
}
