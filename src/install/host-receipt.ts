import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ifThere, replaceFile } from '../disk/files.ts';
import type { Change } from './changes.ts';
import { readVersioned } from './receipt.ts';

/** What `refpost install --host` has changed, and so what is taken back. */
export interface HostReceipt {
  readonly version: 1;
  /** As --host has it. */
  readonly host: string;
  /** What --root was, the newest first. */
  readonly given: readonly string[];
  /** Folders below which the repositories of the host are. */
  readonly roots: readonly string[];
  /** In the order in which they were made. */
  readonly changes: readonly Change[];
}

/** Where receipts of hosts are: for root with the state of programs (FHS 5.8), for others in their own folder for it (XDG base directories). */
export function stateFolder({ XDG_STATE_HOME, HOME = '/' }: NodeJS.ProcessEnv): string {
  const own = process.geteuid?.() === 0 ? '/var/lib' : join(HOME, '.local', 'state');
  return join(XDG_STATE_HOME || own, 'refpost');
}

/** undefined where nothing was installed for this host. */
export function readHostReceipt(folder: string, host: string): Promise<HostReceipt | undefined> {
  return readVersioned(receiptPath(folder, host));
}

/** All receipts of hosts. */
export async function hostReceipts(folder: string): Promise<readonly HostReceipt[]> {
  const names = await ifThere(join(folder, 'hosts'), () => readdir(join(folder, 'hosts')), []);
  const hosts = names
    .filter(name => /^[a-z].*\.json$/.test(name))
    .map(name => name.slice(0, -'.json'.length));
  const read = await Promise.all(hosts.map(host => readHostReceipt(folder, host)));
  return read.filter(receipt => receipt !== undefined);
}

export async function writeHostReceipt(folder: string, receipt: HostReceipt): Promise<void> {
  const path = receiptPath(folder, receipt.host);
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, `${JSON.stringify(receipt, null, 2)}\n`, 0o644);
}

export async function removeHostReceipt(folder: string, host: string): Promise<void> {
  await rm(receiptPath(folder, host), { force: true });
}

export function receiptPath(folder: string, host: string): string {
  return join(folder, 'hosts', `${host}.json`);
}
