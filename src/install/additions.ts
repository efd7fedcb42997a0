import { configError } from '../config/config-fault.ts';
import { readConfig } from '../config/read-config.ts';
import { settings } from '../config/settings.ts';
import { fault } from '../errors.ts';
import { missingProgram, shellWords } from '../hook/worker.ts';
import { parseMailbox, readAddress } from '../model/address.ts';
import type { Addition } from './config-file.ts';
import type { Receipt } from './receipt.ts';
import type { InstallCall, Site } from './site.ts';

/** Who is mailed before an install, and who comes to it. */
export interface Recipients {
  readonly before: readonly string[];
  readonly added: readonly string[];
}

/** Fails with a sentence where one is no address, and where nobody is left to mail to. */
export function recipientsAfter({ addresses, env }: InstallCall, { entries }: Site): Recipients {
  const wrong = addresses.find(text => !readAddress(text));
  if (wrong !== undefined) throw fault.badRecipient(wrong);
  const before = readConfig(entries, [], env.HOME).config.to;
  const added = [...new Set(addresses)].filter(address => !before.includes(address));
  if (before.length + added.length === 0) throw fault.noRecipient();
  return { before, added };
}

/** The address that mails will be from. */
export function senderAfter({ from, env, host }: InstallCall, { entries }: Site): string {
  const given = from === undefined ? [] : [{ key: 'refpost.from', value: from }];
  const set = readConfig(entries, given, env.HOME).config.from;
  return (set === undefined ? undefined : parseMailbox(set)?.address) ?? `git@${host}`;
}

/** The settings that an install adds to the repository's own, in order. */
export async function settingsToAdd(
  call: InstallCall,
  { entries }: Site,
  { added }: Recipients,
  receipt: Receipt | undefined,
): Promise<readonly Addition[]> {
  const additions: Addition[] = added.map(value => ({ key: 'refpost.to', value }));
  const put = async (key: string, value: string, isWanted: (before: string) => Promise<boolean>) => {
    const { value: before, origin } = entries.findLast(entry => entry.key === key) ?? {};
    if (before === value || (before && !(await isWanted(before)))) return;
    // In the repository's own config file a value takes the place of the one that counted; of other files, it outdoes it.
    additions.push({ key, value, ...(before && origin?.scope === 'local' ? { replaces: before } : {}) });
  };
  if (call.from !== undefined) {
    const reading = settings.from.type.read(call.from, call.env.HOME);
    if ('wrong' in reading) throw fault.badSender(call.from, reading.wrong);
    await put('refpost.from', reading.value, async () => true);
  }
  if (call.receiver !== undefined) {
    const reading = settings.receiver.type.read(call.receiver, call.env.HOME);
    if ('wrong' in reading) throw fault.badReceiver(call.receiver, reading.wrong);
    const setting = { key: 'refpost.receiver', value: reading.value };
    const { faults } = readConfig(entries, [setting], call.env.HOME);
    if (faults.length > 0) throw configError(faults);
    await put(setting.key, setting.value, async () => true);
  }
  await put('refpost.command', shellWords(call.command), before => isReplaceable(before, call, receipt));
  return additions;
}

/** A command that somebody else has set is kept while it is there: it may be sudo, a container, another version. */
async function isReplaceable(
  command: string,
  { env, say }: InstallCall,
  receipt: Receipt | undefined,
): Promise<boolean> {
  const key = 'refpost.command';
  if (receipt?.settings.some(setting => setting.key === key && setting.value === command)) return true;
  const missing = await missingProgram(command, env);
  if (missing !== undefined) say(`${key} names ${missing}, which is not there`);
  // A name alone may be on the PATH of those who push.
  return missing?.startsWith('/') ?? false;
}
