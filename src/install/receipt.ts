import { mkdir, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, ifThere, replaceFile } from '../disk/files.ts';
import { fault } from '../errors.ts';
import type { Hunk } from './config-file.ts';

/** What `refpost install` has changed, and so what `--uninstall` takes back. Kept as JSON beside the repository. */
export interface Receipt {
  readonly version: 1;
  /** Settings that were added to the repository's config file. */
  readonly settings: readonly AddedSetting[];
  /** How to give that file its former bytes back; absent once it was changed in between. */
  readonly config?: Hunk;
  readonly hook: {
    readonly folder: string;
    readonly folderMade: boolean;
    /** False for a hook that somebody had linked before. */
    readonly placed: boolean;
    /** A hook was there before, and runs after ours. */
    readonly chained: boolean;
    /** What our link points to. */
    readonly script: string;
  };
  readonly spool: {
    readonly root: string;
    readonly rootMade: boolean;
    /** False if there was a spool already. */
    readonly made: boolean;
  };
}

export interface AddedSetting {
  readonly key: string;
  readonly value: string;
}

/** What was installed in a repository, given by its git directory; undefined if nothing was. */
export async function readReceipt(gitDir: string): Promise<Receipt | undefined> {
  const path = receiptPath(gitDir);
  const text = await ifThere(path, () => readFile(path, 'utf8'), undefined);
  if (text === undefined) return undefined;
  try {
    const receipt = JSON.parse(text) as Receipt;
    if (receipt.version === 1) return receipt;
  } catch {
    // As good as one of another version.
  }
  throw fault.receiptUnreadable(path);
}

export async function writeReceipt(gitDir: string, receipt: Receipt): Promise<void> {
  const path = receiptPath(gitDir);
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, `${JSON.stringify(receipt, null, 2)}\n`, 0o660);
}

/** Removes it, and its folder if nothing else is in there. */
export async function removeReceipt(gitDir: string): Promise<void> {
  const path = receiptPath(gitDir);
  await rm(path, { force: true });
  await removeIfEmpty(dirname(path));
}

/** Removes a folder, but leaves one in which a stranger has a file. */
export async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(cause => {
    if (!['ENOTEMPTY', 'ENOENT'].includes(errorCode(cause) ?? '')) throw cause;
  });
}

/** In the git directory even where the spool is elsewhere: it belongs to this repository alone. */
function receiptPath(gitDir: string): string {
  return join(gitDir, 'refpost', 'installed.json');
}
