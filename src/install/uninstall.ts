import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ifThere } from '../disk/files.ts';
import { fault } from '../errors.ts';
import type { Git } from '../git/git.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import { editConfig, undo } from './config-file.ts';
import { takeBackHook } from './hook-file.ts';
import { type AddedSetting, type Receipt, readReceipt, removeIfEmpty, removeReceipt } from './receipt.ts';
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
    await takeBackSettings(call, config, receipt);
    await removeBaseline(repository, receipt.spool.root);
    await takeBackSpool(receipt, say);
    await removeReceipt(repository, 'installed');
  });
}

async function tellHook({ hook }: Receipt, repository: string, say: (line: string) => void): Promise<void> {
  const path = `${hook.folder}/post-receive`;
  const done = await takeBackHook(hook, repository);
  if (!done) say(`${path} is not refpost's any more, and is left as it is`);
  else if (!hook.placed) say(`${path} was there before refpost was installed, and is left`);
  else if (hook.chained) say(`${path} is again the hook that was there before`);
  else say(`removed ${path}`);
}

/** Gives a config file its former bytes back; where it was changed since, what was added is removed value by value. */
export async function takeBackSettings(
  { git, say }: Pick<UninstallCall, 'git' | 'say'>,
  config: string,
  receipt: Pick<Receipt, 'config' | 'settings'>,
): Promise<void> {
  const changed = new Set<AddedSetting>();
  const takeBack = async (copy: string): Promise<void> => {
    const original = receipt.config && undo(receipt.config, await readFile(copy));
    if (original !== undefined) return writeFile(copy, original);
    for (const setting of receipt.settings) if (!(await unset(git, copy, setting))) changed.add(setting);
  };
  await editConfig(config, takeBack, async () => undefined);
  for (const setting of receipt.settings) {
    const line = `${setting.key} = ${setting.value}`;
    say(
      changed.has(setting)
        ? `${line} was changed or removed since: there is nothing to undo`
        : `removed ${line}`,
    );
  }
}

/** For a file that was changed since: value by value. Returns false for one that a person has changed or removed already. */
async function unset(git: Pick<Git, 'ask'>, file: string, { key, value }: AddedSetting): Promise<boolean> {
  const listed = (await git.ask(['config', '--file', file, '-z', '--list'])).split('\0');
  if (!listed.includes(`${key}\n${value}`)) return false;
  await git.ask(['config', '--file', file, '--fixed-value', '--unset-all', '--', key, value]);
  return true;
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
