import { access, constants, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeNew } from '../disk/durable.ts';
import { errorCode, inSpool, spoolFault } from '../disk/spool-fault.ts';
import { fault, type OperatorError } from '../errors.ts';
import type { SpoolLayout } from '../model/spool-layout.ts';
import type { Reason } from '../model/status.ts';

/** Less than this is full: a record, an entry and its mails want some blocks each. Bytes. */
const LEAST = 64 * 1024;

/** What keeps the disk of a spool from taking anything, found without writing: it is full or read-only. */
export async function diskFault(root: string): Promise<OperatorError | undefined> {
  const denied = await access(root, constants.W_OK).catch((error: unknown) => error);
  // access(2) says so even to root.
  if (errorCode(denied) === 'EROFS') return spoolFault(root, denied) as OperatorError;
  const { bsize, bfree, bavail, files, ffree } = await statfs(root);
  const blocks = process.geteuid?.() === 0 ? bfree : bavail;
  // Some file systems have no fixed number of inodes, and say 0.
  const full = blocks * bsize < LEAST || (files > 0 && ffree === 0);
  return full ? fault.spoolFull(root) : undefined;
}

/** Writes, syncs and removes a file where hooks write theirs. Throws an OperatorError where that fails. */
export async function probeDisk({ dropTmp }: SpoolLayout, name: string): Promise<void> {
  const path = join(dropTmp, name);
  await inSpool(path, async () => {
    try {
      // What a small push takes.
      await writeNew(path, Buffer.alloc(4096, '\n'), 0o660);
      await syncFolder(dropTmp);
    } finally {
      await rm(path, { force: true });
    }
  });
}

export function reasonIn({ message, remedy }: OperatorError): Reason {
  return { what: message, remedy };
}
