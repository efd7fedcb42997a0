import { fault } from '../errors.ts';
import type { AddedSetting, Addition } from './config-file.ts';

/** Settings that say how pushes come to refpost, and not what it does with them: what is there by somebody else's hand is not ours to change. */
const OWN = /^(hook\.refpost\.|core\.hooksPath$)/i;

/** In place of the command of our hook once that is taken back: git runs it, and nothing comes of it. */
export const NO_COMMAND: AddedSetting = { key: 'hook.refpost.command', value: 'true' };

/**
 * What is missing in a git config file.
 * @param file its path, for faults
 * @param listed what `git config -z --list` prints of it
 * @param wished a recipient (refpost.to) is added to those that are there; of all other settings the last one counts
 * @param ours what earlier runs have added
 */
export function missingAdditions(
  file: string,
  listed: string,
  wished: readonly AddedSetting[],
  ours: readonly AddedSetting[],
): readonly Addition[] {
  const entries = listed.split('\0').filter(Boolean).map(entry);
  return wished.flatMap((wish): Addition[] => {
    const there = entries.filter(({ key }) => key === wish.key.toLowerCase()).map(({ value }) => value);
    const before = there.at(-1);
    if (before === undefined || wish.key === 'refpost.to') return there.includes(wish.value) ? [] : [wish];
    if (before === wish.value) return [];
    const isOurs = ours.some(({ key, value }) => key === wish.key && value === before);
    const isLeft = wish.key === NO_COMMAND.key && before === NO_COMMAND.value;
    if (isLeft) return [{ ...wish, replaces: before }];
    if (!isOurs && OWN.test(wish.key)) throw fault.settingTaken(wish.key, before, file);
    // Somebody's own command may be sudo, a container, another version.
    return isOurs || wish.key !== 'refpost.command' ? [{ ...wish, replaces: before }] : [];
  });
}

/** `key LF value`; a key without a value has no LF, and is true. */
function entry(text: string): AddedSetting {
  const at = text.indexOf('\n');
  return at < 0 ? { key: text, value: 'true' } : { key: text.slice(0, at), value: text.slice(at + 1) };
}
