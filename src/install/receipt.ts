import { mkdir, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, ifThere, replaceFile } from '../disk/files.ts';
import { fault } from '../errors.ts';
import type { ConfigChange } from './config-file.ts';

/** What `refpost install` has changed, and so what `--uninstall` takes back. Kept as JSON beside the repository. */
export interface Receipt extends ConfigChange {
  readonly version: 1;
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

/** What `refpost migrate` has changed, and so what its `--undo` takes back. */
export interface Migrated extends Pick<Receipt, 'version'>, ConfigChange {
  /** The program whose settings were read. */
  readonly mailer: string;
  /** Absent while its hook goes on. */
  readonly hook?: {
    readonly folder: string;
    /** refpost's hook was not there before. */
    readonly installed: boolean;
    /** The old hook was put aside. */
    readonly aside: boolean;
  };
}

interface Receipts {
  readonly installed: Receipt;
  readonly migrated: Migrated;
}

/** What was done in a repository, given by its git directory; undefined if nothing was. */
export async function readReceipt<Kind extends keyof Receipts>(
  gitDir: string,
  kind: Kind,
): Promise<Receipts[Kind] | undefined> {
  return readVersioned(receiptPath(gitDir, kind));
}

/** What a receipt at a path says; undefined where there is none. */
export async function readVersioned<Content extends { readonly version: 1 }>(
  path: string,
): Promise<Content | undefined> {
  const text = await ifThere(path, () => readFile(path, 'utf8'), undefined);
  if (text === undefined) return undefined;
  try {
    const receipt = JSON.parse(text) as Content;
    if (receipt.version === 1) return receipt;
  } catch {
    // As good as one of another version.
  }
  throw fault.receiptUnreadable(path);
}

export async function writeReceipt<Kind extends keyof Receipts>(
  gitDir: string,
  kind: Kind,
  receipt: Receipts[Kind],
): Promise<void> {
  const path = receiptPath(gitDir, kind);
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, `${JSON.stringify(receipt, null, 2)}\n`, 0o660);
}

/** Removes it, and its folder if nothing else is in there. */
export async function removeReceipt(gitDir: string, kind: keyof Receipts): Promise<void> {
  const path = receiptPath(gitDir, kind);
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
function receiptPath(gitDir: string, kind: keyof Receipts): string {
  return join(gitDir, 'refpost', `${kind}.json`);
}
