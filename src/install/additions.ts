import type { Entry } from '../config/listing.ts';
import { resolveSetting } from '../config/resolve-setting.ts';
import { settings } from '../config/settings.ts';
import { fault } from '../errors.ts';
import { missingProgram, shellWords } from '../hook/worker.ts';
import { isAddress } from '../model/address.ts';
import type { AddedSetting, Receipt } from './receipt.ts';
import type { InstallCall, Site } from './site.ts';

/** A setting to write, in place of one that an earlier install wrote. */
export interface Addition extends AddedSetting {
  readonly replaces?: string;
}

/** Who is mailed before an install, and who comes to it. */
export interface Recipients {
  readonly before: readonly string[];
  readonly added: readonly string[];
}

/** Fails with a sentence where one is no address, and where nobody is left to mail to. */
export function recipientsAfter({ addresses, env }: InstallCall, { entries }: Site): Recipients {
  const wrong = addresses.find(text => !isAddress(text));
  if (wrong !== undefined) throw fault.badRecipient(wrong);
  const before = resolveSetting('refpost.to', settings.to, entries, env.HOME).value as readonly string[];
  const added = [...new Set(addresses)].filter(address => !before.includes(address));
  if (before.length + added.length === 0) throw fault.noRecipient();
  return { before, added };
}

/** The settings that an install adds to the repository's own, in order. */
export async function settingsToAdd(
  call: InstallCall,
  site: Site,
  { added }: Recipients,
  receipt: Receipt | undefined,
): Promise<readonly Addition[]> {
  return [
    ...added.map(value => ({ key: 'refpost.to', value })),
    ...fromToAdd(call, site),
    ...(await commandToAdd(shellWords(call.command), call, site, receipt)),
  ];
}

function fromToAdd({ from, env }: InstallCall, { entries }: Site): readonly Addition[] {
  if (from === undefined) return [];
  const reading = settings.from.type.read(from, env.HOME);
  if ('wrong' in reading) throw fault.badSender(from, reading.wrong);
  const [key, value] = ['refpost.from', reading.value];
  const set = entries.findLast(entry => entry.key === key);
  return set?.value === value ? [] : [{ key, value, ...replacing(set) }];
}

/** A command that somebody else has set is kept while it is there: it may be sudo, a container, another version. */
async function commandToAdd(
  value: string,
  { env, say }: InstallCall,
  { entries }: Site,
  receipt: Receipt | undefined,
): Promise<readonly Addition[]> {
  const key = 'refpost.command';
  const set = entries.findLast(entry => entry.key === key);
  if (set?.value === value) return [];
  if (!set?.value) return [{ key, value }];
  const ours = receipt?.settings.some(setting => setting.key === key && setting.value === set.value);
  const missing = ours ? undefined : await missingProgram(set.value, env);
  if (missing !== undefined) say(`${key} names ${missing}, which is not there`);
  // A name alone may be on the PATH of those who push.
  return ours || missing?.startsWith('/') ? [{ key, value, ...replacing(set) }] : [];
}

/** In the repository's own config file a value takes the place of the one that counted; of other files, it outdoes it. */
function replacing(set: Entry | undefined): Pick<Addition, 'replaces'> {
  return set?.value && set.origin.scope === 'local' ? { replaces: set.value } : {};
}

/** The settings that are ours after these additions. */
export function merged(
  before: readonly AddedSetting[],
  additions: readonly Addition[],
): readonly AddedSetting[] {
  const gone = ({ key, value }: AddedSetting): boolean =>
    additions.some(added => added.key === key && (added.replaces === value || added.value === value));
  const added = additions.map(({ key, value }) => ({ key, value }));
  return [...before.filter(setting => !gone(setting)), ...added];
}
