import { readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ifThere } from '../disk/files.ts';
import { fault } from '../errors.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import { takeBackSettings } from './config-file.ts';
import { takeBackHook } from './hook-file.ts';
import { type Receipt, readReceipt, removeIfEmpty, removeReceipt } from './receipt.ts';
import { allowed, demandWritable, findSite, type InstallCall } from './site.ts';

interface UninstallCall extends Pick<InstallCall, 'git' | 'say'> {
  /** Forgets what was announced of a repository, so that a later install starts from the refs of that day. */
  readonly removeBaseline: (repository: string, spool: string) => Promise<void>;
}

/** Takes back what `install` did to a repository, and nothing else. Pushes and mails that still wait keep their spool. */
export async function uninstall(call: UninstallCall): Promise<void> {
  const { git, removeBaseline, say } = call;
  const { repository, config } = await findSite(git);
  const receipt = await readReceipt(repository, 'installed');
  if (receipt === undefined) throw fault.notInstalled(repository);
  if (receipt.hook.placed) await demandWritable(receipt.hook.folder);
  await allowed(repository, async () => {
    await tellHook(receipt, repository, say);
    await takeBackSettings(git, config, receipt, say);
    await removeBaseline(repository, receipt.spool.root);
    await takeBackSpool(receipt, say);
    await removeReceipt(repository, 'installed');
  });
}

async function tellHook({ hook }: Receipt, repository: string, say: (line: string) => void): Promise<void> {
  const path = `${hook.folder}/post-receive`;
  const done = await takeBackPlaced({ hook }, repository);
  if (!done) say(`${path} is not refpost's any more, and is left as it is`);
  else if (!hook.placed) say(`${path} was there before refpost was installed, and is left`);
  else if (hook.chained) say(`${path} is again the hook that was there before`);
  else say(`removed ${path}`);
}

/** Takes the hook back, if it was placed, and its folder if it was made. False if it is not ours any more. */
export async function takeBackPlaced({ hook }: Pick<Receipt, 'hook'>, repository: string): Promise<boolean> {
  if (!hook.placed) return true;
  const done = await takeBackHook(join(hook.folder, 'post-receive'), hook, repository);
  if (done && hook.folderMade) await rmdir(hook.folder).catch(() => undefined);
  return done;
}

async function takeBackSpool({ spool }: Receipt, say: (line: string) => void): Promise<void> {
  const { root, made, rootMade } = spool;
  const { dropNew, dropBad, queue, done, failed, ledger, lock, log, startError } = spoolLayout(root);
  // All that a person might still want out of a spool.
  const waiting = (await Promise.all([dropNew, dropBad, queue, failed].map(namesIn))).flat().length;
  if (waiting > 0) {
    const pushes = waiting === 1 ? '1 push in it is' : `${waiting} pushes in it are`;
    return say(`the outbox ${root} is left: ${pushes} not finished`);
  }
  if (!made || (await namesIn(ledger)).length > 0)
    return say(`the outbox ${root} is left: other repositories use it`);
  // Only what refpost makes in there; a stranger's file keeps the folder.
  for (const path of [dirname(dropNew), queue, done, failed, ledger, lock, log, startError])
    await rm(path, { recursive: true, force: true });
  if (rootMade) await removeIfEmpty(root);
  say(`removed the outbox ${root}`);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await ifThere(folder, () => readdir(folder), []);
  return names.filter(name => !name.startsWith('.'));
}
